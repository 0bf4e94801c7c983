"""A batch page by page, how far it is, and pages that wait for somebody to say what they are."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import QualityShown
from hoso.archive_api.pages.dossier import keepable_kinds
from hoso.archive_api.pages.papers import Picture, paper_title, scan_picture
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import Clerk, Staff
from hoso.archive_api.words import REMARKS
from hoso.dossier import catalogue_store, duplicate_questions, pages
from hoso.dossier.catalogue import Catalogue
from hoso.dossier.tables import Component, Page
from hoso.errors import HosoError
from hoso.imaging.findings import Verdict
from hoso.ocr.explaining import words_of
from hoso.ocr.proposing import Proposal, propose_papers
from hoso.scanner_ingest import batches, filing
from hoso.scanner_ingest.seen import is_card
from hoso.scanner_ingest.tables import Batch

router = APIRouter(prefix="/scans/{batch_id}")


# As many as can be read at a glance; the batch's own page says it of every page.
_CONCERNS = 5
# Pages that nobody claimed are looked at for titles, as many as a clerk will file at once.
_MOST_PROPOSED = 60


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a batch: what it is, and what somebody should look at."""

    page: Page
    picture: Picture
    kind: str  # paper | card | separator | blank | unclaimed | unsorted
    paper: str
    dossier: str
    quality: QualityShown | None
    remarks: list[str]


@router.get("")
def show_batch(batch_id: str, screen: ScreenOf, _: Staff) -> Response:
    """Every page of it."""
    return _batch(screen, batch_id)


@router.get("/progress")
def show_progress(
    batch_id: str,
    screen: ScreenOf,
    archive: ArchiveOf,
    _: Staff,
    asked: int = 0,
    *,
    empty: bool = False,
) -> Response:
    """How far it is: a part that asks for itself again until all is done.

    `asked` counts; an answer to a repeated question that all is done reloads the page around it.
    So does the first answer after sorting where that page is still `empty` of pages.
    """
    with archive.database.read() as session:
        batch = batches.by_id(session, batch_id)
        now = batches.progress(session, batch)
        unclear = _unclear(session, batch, screen.language)
    answer = screen.show_part(
        "parts/progress.html", batch=batch, progress=now, asked=asked, empty=empty,
        cards=batches.cards_in(batch),
        unclear=unclear[:_CONCERNS], more_unclear=len(unclear[_CONCERNS:]),
    )  # fmt: skip
    is_done, is_sorted = batch.state not in batches.UNFINISHED, batch.state != "taken_in"
    if (asked and is_done) or (empty and is_sorted):
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/claims")
def claim(
    batch_id: str,
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Clerk,
    dossier: Annotated[str, Form(max_length=40)] = "",
    component_type: Annotated[str, Form(max_length=60)] = "",
    places: Annotated[list[int] | None, Form(max_length=5000)] = None,
) -> Response:
    """File pages that nobody had claimed."""
    try:
        with archive.database.write() as session:
            filing.claim_pages(
                session,
                batch_id,
                sorted(set(places or [])),
                dossier_code=dossier,
                component_type=component_type,
                jobs=archive.jobs,
                by=actor.name,
                at=archive.clock(),
            )
    except HosoError as refused:
        return _batch(screen, batch_id, refused=refused, dossier=dossier, chosen=component_type)
    return go_to(f"/scans/{batch_id}")


def _batch(
    screen: Screen,
    batch_id: str,
    *,
    refused: HosoError | None = None,
    dossier: str = "",
    chosen: str = "",
) -> Response:
    with screen.archive.database.read() as session:
        batch = batches.by_id(session, batch_id)
        catalogue = catalogue_store.in_force(session)
        proposals = _proposals(session, catalogue, batch)
        kinds = keepable_kinds(catalogue)
        kept = {kind.key for kind in kinds}
        first = next((each for each in proposals if each.type in kept), None)
        return screen.show(
            "batch.html",
            refused=refused,
            batch=batch,
            progress=batches.progress(session, batch),
            unfinished=batch.state in batches.UNFINISHED,
            leaves=_leaves(session, catalogue, batch, proposals, screen.language),
            unclaimed=batch.report.get("unclaimed", []),
            cards=batches.cards_in(batch),
            dossier=dossier or batch.dossier_code or "",
            chosen=chosen or (first.type if first else batch.component_type) or "",
            ticked=first.places if first and not refused else (),
            kinds=kinds,
            duplicates=duplicate_questions.waiting_of_batch(session, batch.id),
        )


def _unclear(session: Session, batch: Batch, language: str) -> list[tuple[int, QualityShown]]:
    """The places of papers whose scan is less than good, the worst first."""
    if not batch.source:
        return []
    guides = [*batch.report.get("guides", []), *batches.cards_in(batch)]
    found = [
        (page.place, shown)
        for page in pages.unclear(session, batch.source)
        if page.place not in guides and (shown := show.quality(page, language))
    ]
    return sorted(found, key=lambda item: (item[1].verdict != Verdict.RESCAN, item[0]))


def _proposals(session: Session, catalogue: Catalogue, batch: Batch) -> list[Proposal]:
    """What separators said that pages are, though not whose; for the others, their titles."""
    said = [
        Proposal(each["type"], tuple(each["pages"])) for each in batch.report.get("proposals", [])
    ]
    told = {place for proposal in said for place in proposal.places}
    left = [place for place in batch.report.get("unclaimed", []) if place not in told]
    if not left or not batch.source:
        return said
    unclaimed = pages.at_places(session, batch.source, left[:_MOST_PROPOSED])
    headings = {key: kind.headings for key, kind in catalogue.component_types.items()}
    return said + propose_papers([(page.place, words_of(page)) for page in unclaimed], headings)


def _leaves(
    session: Session,
    catalogue: Catalogue,
    batch: Batch,
    proposals: list[Proposal],
    language: str,
) -> list[Leaf]:
    filed = {
        entry.page_id: component
        for component in batches.components_of(session, batch.id)
        for entry in component.pages
    }
    seen = pages.of_source(session, batch.source) if batch.source else []
    proposed = {
        place: paper_title(catalogue, proposal.type)
        for proposal in proposals
        for place in proposal.places
    }
    return [
        _leaf(catalogue, batch, page, filed.get(page.id), proposed.get(page.place, ""), language)
        for page in seen
    ]


def _leaf(
    catalogue: Catalogue,
    batch: Batch,
    page: Page,
    filed: Component | None,
    proposed: str,
    language: str,
) -> Leaf:
    kind = "paper" if filed else _kind(batch.report, page)
    return Leaf(
        page=page,
        picture=scan_picture(batch.id, page.place),
        kind=kind,
        paper=paper_title(catalogue, filed.type) if filed else proposed,
        dossier=filed.dossier_code if filed else "",
        quality=show.quality(page, language) if kind not in {"card", "separator"} else None,
        remarks=[
            REMARKS[language][remark["code"]]
            for remark in batch.report.get("remarks", [])
            if remark["place"] == page.place
        ],
    )


def _kind(report: dict[str, Any], page: Page) -> str:
    """What a page is that belongs to no paper."""
    if is_card(page):
        return "card"
    if page.place in report.get("guides", []):
        return "separator"
    if page.place in report.get("unclaimed", []):
        return "unclaimed"
    return "blank" if page.blank else "unsorted"
