"""One paper: its pages, what stands against using it and why, and which dossiers rely on it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.papers import paper
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import Staff
from hoso.archive_api.viewing import view_component
from hoso.archive_api.words import FIELDS
from hoso.dossier import (
    attachments,
    catalogue_store,
    components,
    dossiers,
    duplicate_questions,
    marks,
    paper_fields,
)
from hoso.dossier.marks import Mark
from hoso.errors import FieldValueImpossible, HosoError

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


@router.post("/description")
def describe_paper(
    component_id: str,
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Staff,
    purpose: Purpose = "",
    number: Annotated[str, Form(max_length=120)] = "",
    issued_on: Annotated[str, Form(max_length=10)] = "",
    valid_until: Annotated[str, Form(max_length=10)] = "",
    scope: Annotated[str, Form(max_length=40)] = "",
    *,
    result: Annotated[bool, Form()] = False,
) -> Response:
    """Keep what stands on the paper; an emptied box takes away what was kept."""
    try:
        with archive.database.write() as session:
            at = archive.clock()
            attachments.call_result(session, component_id, is_result=result, by=actor.name, at=at)
            components.describe(
                session,
                component_id,
                by=actor.name,
                at=at,
                number=number.strip() or None,
                issued_on=_day("issued_on", issued_on),
                valid_until=_day("valid_until", valid_until),
                scope=scope.strip() or None,
            )
    except HosoError as refused:
        return _paper(screen, actor, component_id, purpose, refused=refused)
    return go_to(f"/papers/{component_id}?purpose=description")


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
        held = components.of_owner(session, row.owner_id)
        # Not those of an owner who was merged with this one: a merge can be undone.
        others = [each for each in held if each.owner_id == row.owner_id]
        return screen.show(
            "paper.html",
            paper=paper(catalogue_store.in_force(session), row, purpose=purpose),
            dossier=dossiers.by_code(session, row.dossier_code),
            relying=marks.relying_on(session, row.id),
            versions=[each for each in others if each.type == row.type and each.id != row.id],
            lifted=[each for each in marks.history(session, row.id) if each.lifted_at],
            mark_names=marks.NAMES[screen.language],
            fields=paper_fields.of_component(session, row.id),
            field_names=FIELDS[screen.language],
            served=len(attachments.dossiers_with(session, row.id)),
            compared=duplicate_questions.of_component(session, row.id),
            purpose=purpose,
            refused=refused,
        )


def _day(field: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise FieldValueImpossible(field=field) from wrong
