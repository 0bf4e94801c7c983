"""Filing: what a split said becomes components; what it left unclaimed is asked about."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.barcode.code import DossierCode, LegalQr, SeparatorLabel
from hoso.dossier import attachments, catalogue_store, components, dossiers, pages
from hoso.dossier.catalogue import ComponentType
from hoso.dossier.components import Filing
from hoso.dossier.reuse import Reuse
from hoso.dossier.tables import Component, Dossier, Page
from hoso.dossier.work import READ_PAGE
from hoso.errors import CardNotKept, PagesNotUnclaimed
from hoso.jobs import Jobs
from hoso.scanner_ingest import batches
from hoso.scanner_ingest.intake import WayIn
from hoso.scanner_ingest.seen import as_seen
from hoso.scanner_ingest.split import (
    Cut,
    Directory,
    Remark,
    SeenPage,
    Split,
    places_of_cards,
    split_pages,
)
from hoso.scanner_ingest.tables import Batch

_NAMESPACE = uuid.UUID("5b7d2f0e-6f0a-4d0e-9a35-3c1d0c1f4e77")


def file_batch(
    session: Session, batch: Batch, seen: Sequence[Page], *, jobs: Jobs, at: datetime
) -> None:
    """Cut the batch, file what is certain, and write down what is not."""
    facts = [as_seen(page) for page in seen]
    split = split_pages(
        facts,
        _directory(session, facts),
        given_type=batch.component_type,
        given_dossier=DossierCode.parse(batch.dossier_code) if batch.dossier_code else None,
    )
    split, unfiled = _keep_back(session, split)
    kinds = catalogue_store.in_force(session).component_types
    never_read = [cut for cut in unfiled if _is_presented_only(kinds[cut.type])]
    by_place = {page.place: page for page in seen}
    dossiers.lock_all(session, {str(cut.dossier) for cut in split.components if cut.dossier})
    for cut in split.components:
        if cut.dossier is not None:
            # Locked: two papers filed at once must not both fill one requirement.
            dossier = dossiers.by_code(session, str(cut.dossier), lock=True)
            _file(session, batch, dossier, cut.type, [by_place[place] for place in cut.pages],
                  jobs=jobs, by=batch.taken_in_by, at=at)  # fmt: skip
    # What is only presented may not be made searchable either.
    presented = [place for cut in never_read for place in cut.pages]
    presented += [*split.cards, *split.beside_cards]
    _skip(by_place[place] for place in (*split.guides, *split.blanks, *presented))
    cards = sorted(places_of_cards(facts))
    batch.report = {**_report(split, [*unfiled, *split.interrupted]), "cards": cards}


def claim_pages(
    session: Session,
    batch_id: str,
    places: Sequence[int],
    *,
    dossier_code: str,
    component_type: str,
    jobs: Jobs,
    by: str,
    at: datetime,
) -> Component:
    """File pages that nobody had claimed, because a clerk said what they are."""
    batch = batches.by_id(session, batch_id, lock=True)
    catalogue_store.keepable_type(session, component_type)
    waiting = set(batch.report.get("unclaimed", []))
    cards = set(batch.report.get("cards", [])) & set(places)
    if cards:
        raise CardNotKept(pages=", ".join(map(str, sorted(cards))))
    if not places or not set(places) <= waiting:
        raise PagesNotUnclaimed(pages=", ".join(map(str, places)))
    dossier = dossiers.by_code(session, dossier_code, lock=True)
    claimed = pages.at_places(session, str(batch.source), places, lock=True)
    for page in claimed:  # what may only have been presented was not read
        if page.state == "skipped" and not page.blank:
            page.state = "seen"
            jobs.put(session, READ_PAGE, str(page.id), round_="claimed")
    component = _file(session, batch, dossier, component_type, claimed, jobs=jobs, by=by, at=at)
    batch.report = {**batch.report, "unclaimed": sorted(waiting - set(places))}
    if batch.state == "finished":  # its new paper still has to be archived
        batch.state, batch.finished_at = "sorted", None
    return component


def _directory(session: Session, seen: Iterable[SeenPage]) -> Directory:
    """What this archive knows of the sheets and codes that were seen."""
    meanings = [meaning for page in seen for meaning in page.meanings]
    numbers = {m.dossier_number for m in meanings if isinstance(m, SeparatorLabel)} - {None}
    codes = {str(m) for m in meanings if isinstance(m, DossierCode)}
    codes |= {str(m.dossier_code) for m in meanings if isinstance(m, LegalQr)}
    known = session.execute(
        select(Dossier.number, Dossier.code).where(
            Dossier.number.in_(numbers) | Dossier.code.in_(codes)
        )
    ).all()
    kinds = catalogue_store.in_force(session).component_types.values()
    return Directory(
        types={kind.sheet_number: kind.key for kind in kinds},
        dossiers={number: DossierCode.parse(code) for number, code in known if number in numbers},
        codes=frozenset(DossierCode.parse(code) for _, code in known),
    )


def _keep_back(session: Session, split: Split) -> tuple[Split, list[Cut]]:
    """Leave out papers without a dossier and kinds whose scans may not be kept."""
    kinds = catalogue_store.in_force(session).component_types
    filed, unfiled, remarks = [], [], list(split.remarks)
    for cut in split.components:
        if _is_presented_only(kinds[cut.type]):
            remarks.append(Remark(cut.pages[0], "presented_only"))
            unfiled.append(cut)
        elif cut.dossier is None:
            remarks.append(Remark(cut.pages[0], "no_dossier"))
            unfiled.append(cut)
        else:
            filed.append(cut)
    left = [place for cut in unfiled for place in cut.pages]
    kept_back = replace(
        split,
        components=tuple(filed),
        unclaimed=tuple(sorted((*split.unclaimed, *left))),
        remarks=tuple(sorted(remarks, key=lambda remark: remark.place)),
    )
    return kept_back, unfiled


def _is_presented_only(kind: ComponentType) -> bool:
    return kind.rule.reuse is Reuse.PRESENTED_ONLY


def _file(
    session: Session,
    batch: Batch,
    dossier: Dossier,
    component_type: str,
    paper: Sequence[Page],
    *,
    jobs: Jobs,
    by: str,
    at: datetime,
) -> Component:
    _skip(page for page in paper if page.blank)
    whole = len(paper) == batch.pages
    component = components.file(
        session,
        dossier,
        Filing(
            id=uuid.uuid5(_NAMESPACE, f"{batch.id}:{paper[0].place}").hex,
            type=component_type,
            batch_id=batch.id,
            original=batch.sha256,
            pages=paper,
            signed=batch.signed and whole,
            compared=batch.way_in != WayIn.BULK,
            number=batch.paper_number if whole else None,
            issued_on=batch.paper_issued_on if whole else None,
        ),
        by=by,
        at=at,
    )
    attachments.submit(session, dossier, component, by=by)
    components.has_been_read(session, jobs, component.id)
    return component


def _skip(unread: Iterable[Page]) -> None:
    """Pages without a text of their own are not read; they stay what they are."""
    for page in unread:
        if page.state == "seen":
            page.state = "skipped"


def _report(split: Split, unfiled: Sequence[Cut]) -> dict[str, Any]:
    """What the clerk is shown: where every page went and what to look at."""
    return {
        "guides": list(split.guides),
        "unclaimed": list(split.unclaimed),
        "blanks": list(split.blanks),
        "proposals": [{"type": cut.type, "pages": list(cut.pages)} for cut in unfiled],
        "remarks": [asdict(remark) for remark in split.remarks],
    }
