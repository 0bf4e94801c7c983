"""One paper: its pages, what stands against using it and why, and which dossiers rely on it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.papers import paper
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import Staff
from hoso.archive_api.viewing import view_component
from hoso.dossier import catalogue_store, components, dossiers, marks
from hoso.dossier.marks import Mark
from hoso.errors import HosoError

router = APIRouter(prefix="/papers/{component_id}")

Purpose = Annotated[str, Form(max_length=500)]
Reason = Annotated[str, Form(max_length=500)]


@router.get("")
def show_paper(
    component_id: str,
    screen: ScreenOf,
    actor: Staff,
    purpose: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """The paper, looked at for a purpose. Noted."""
    return _paper(screen, actor, component_id, purpose)


@router.post("/marks")
def mark_paper(
    component_id: str,
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Staff,
    mark: Annotated[Mark, Form()],
    purpose: Purpose = "",
    reason: Reason = "",
    newer: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Have something stand against it."""
    try:
        with archive.database.write() as session:
            marks.place(
                session,
                component_id,
                mark,
                reason=reason,
                newer=newer or None,
                by=actor.name,
                at=archive.clock(),
            )
    except HosoError as refused:
        return _paper(screen, actor, component_id, purpose, refused=refused)
    return go_to(f"/papers/{component_id}?purpose=marks")


@router.post("/marks/{mark}/lift")
def lift_mark(
    component_id: str,
    mark: Mark,
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Staff,
    purpose: Purpose = "",
    reason: Reason = "",
) -> Response:
    """Take a mark back."""
    try:
        with archive.database.write() as session:
            marks.lift(
                session, component_id, mark, reason=reason, by=actor.name, at=archive.clock()
            )
    except HosoError as refused:
        return _paper(screen, actor, component_id, purpose, refused=refused)
    return go_to(f"/papers/{component_id}?purpose=marks")


def _paper(
    screen: Screen,
    actor: Actor,
    component_id: str,
    purpose: str,
    *,
    refused: HosoError | None = None,
) -> Response:
    archive = screen.archive
    with archive.database.write() as session:
        row = view_component(
            session, component_id, actor=actor, purpose=purpose, at=archive.clock()
        )
        others = components.of_owner(session, row.owner_id)
        return screen.show(
            "paper.html",
            paper=paper(catalogue_store.in_force(session), row, purpose=purpose),
            dossier=dossiers.by_code(session, row.dossier_code),
            relying=marks.relying_on(session, row.id),
            versions=[each for each in others if each.type == row.type and each.id != row.id],
            lifted=[each for each in marks.history(session, row.id) if each.lifted_at],
            mark_names=marks.NAMES[screen.language],
            purpose=purpose,
            refused=refused,
        )
