"""One dossier: its due date explained, its papers, its trail, and what can be done with it."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.due import due_state
from hoso.archive_api.pages.papers import Paper, paper, papers
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import Clerk, Staff
from hoso.archive_api.viewing import view_component, view_dossier
from hoso.dossier import (
    attachments,
    catalogue_store,
    components,
    dossiers,
    lookup,
    trail,
)
from hoso.dossier.asking import REASONS
from hoso.dossier.catalogue import Catalogue, ComponentType
from hoso.dossier.lookup import Lookup
from hoso.dossier.numbers import parse_owner_number
from hoso.dossier.reuse import Reuse
from hoso.dossier.status import WORDS, Status, can_become
from hoso.dossier.tables import Dossier
from hoso.scanner_ingest import batches
from hoso.scanner_ingest.tables import Batch

router = APIRouter(prefix="/dossiers/{code}")

_USUAL = {Status.IN_PROCESS, Status.FINISHED, Status.RETURNED}


class Step(NamedTuple):
    """A status that a dossier can be taken to, and its name."""

    status: int
    name: str


@router.get("")
def show_dossier(
    code: str, screen: ScreenOf, archive: ArchiveOf, actor: Staff, *, new: bool = False
) -> Response:
    """Everything about it on one page. Looking at it is noted."""
    at = archive.clock()
    with archive.database.write() as session:
        row = view_dossier(session, code, actor=actor, at=at)
        catalogue = catalogue_store.in_force(session)
        found = trail.trail_of(session, row.code, at=at)
        return screen.show(
            "dossier.html",
            new=new,
            row=row,
            shown=show.dossier(
                session, row, public_url=archive.settings.public_url, language=screen.language
            ),
            due=due_state(row, at).value,
            papers=_papers_of(session, catalogue, row),
            presented=_presented_only(catalogue, row),
            ask_reasons=REASONS[screen.language],
            trail=show.trail(catalogue, found, at=at, language=screen.language),
            offered_to=_offered_to(catalogue, found.offered_to),
            next_steps=_next_steps(screen, row),
            kinds=keepable_kinds(catalogue),
            scanning=_scanning(session, row),
        )


@router.get("/components/{component_id}/text")
def show_text(
    code: str, component_id: str, screen: ScreenOf, archive: ArchiveOf, actor: Staff
) -> Response:
    """What was read on a paper; asked for when somebody opens it, and noted."""
    with archive.database.write() as session:
        row = view_component(session, component_id, actor=actor, purpose=code, at=archive.clock())
        shown = paper(catalogue_store.in_force(session), row, purpose=code)
        return screen.show_part("parts/text.html", paper=shown)


@router.post("/holdings")
def look_for_held(code: str, screen: ScreenOf, archive: ArchiveOf, actor: Clerk) -> Response:
    """What the owner has handed in before that serves a line still open. Noted as a lookup."""
    with archive.database.write() as session:
        row = dossiers.by_code(session, code)
        filled = {entry.requirement for entry in attachments.of_dossier(session, row.code)}
        asked = Lookup(
            number=parse_owner_number(row.owner.number),
            purpose=row.code,
            procedure=row.procedure_code,
        )
        found = lookup.look_up(session, asked, by=actor.name, at=archive.clock())
        open_lines = [line for line in found.checklist if line.requirement.key not in filled]
        components.load_pages(session, found.components)
        held = papers(catalogue_store.in_force(session), found.components, purpose=row.code)
        return screen.show_part("parts/reuse.html", row=row, lines=open_lines, papers=held)


@router.post("/reuse")
def reuse(
    code: str,
    archive: ArchiveOf,
    actor: Clerk,
    requirement: Annotated[str, Form(max_length=80)] = "",
    component: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Have a paper that was handed in earlier serve this dossier."""
    with archive.database.write() as session:
        row = dossiers.by_code(session, code, lock=True)
        attachments.reuse(session, row, requirement, component, by=actor.name, at=archive.clock())
        attachments.papers_changed(session, archive.jobs, row.code)
    return go_to(f"/dossiers/{row.code}#papers")


@router.post("/status")
def change_status(
    code: str,
    archive: ArchiveOf,
    actor: Staff,
    status: Annotated[Status, Form()],
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take the dossier one step on."""
    with archive.database.write() as session:
        row = dossiers.change(
            session, code, status, by=actor.name, at=archive.clock(), note=note.strip()
        )
    return go_to(f"/dossiers/{row.code}")


def keepable_kinds(catalogue: Catalogue) -> list[ComponentType]:
    """The kinds of paper whose scans may be kept."""
    kinds = catalogue.component_types.values()
    return [kind for kind in kinds if kind.rule.reuse is not Reuse.PRESENTED_ONLY]


def _presented_only(catalogue: Catalogue, row: Dossier) -> set[str]:
    """The lines that nothing is ever kept for: their papers are only shown at the counter."""
    keepable = {kind.key for kind in keepable_kinds(catalogue)}
    lines = attachments.requirements_of(row)
    return {line.key for line in lines if keepable.isdisjoint(line.any_of)}


def _papers_of(session: Session, catalogue: Catalogue, row: Dossier) -> dict[str, Paper]:
    rows = [entry.component for entry in attachments.of_dossier(session, row.code)]
    return papers(catalogue, rows, purpose=row.code)


def _next_steps(screen: Screen, row: Dossier) -> tuple[list[Step], list[Step]]:
    """The statuses it can be taken to: the usual ones, and the others."""
    words = WORDS[screen.language]
    possible = [status for status in Status if can_become(Status(row.status), status)]
    steps = [Step(status.value, words[status]) for status in possible]
    return (
        [step for step in steps if step.status in _USUAL],
        [step for step in steps if step.status not in _USUAL],
    )


def _offered_to(catalogue: Catalogue, to: str | None) -> str | None:
    """The desk's name; empty where any desk may receive, None where nobody is offered it."""
    return "" if to == "any" else show.desk_name(catalogue, to) if to else None


def _scanning(session: Session, row: Dossier) -> list[Batch]:
    """Batches for this dossier that are still being worked on."""
    return batches.unfinished_of(session, row.code)
