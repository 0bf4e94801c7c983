"""The review: one doubtful field after another, worst first, beside the place it was read from.

Enter accepts what is proposed. What was read and the paper's picture never change.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.dossier import keepable_kinds
from hoso.archive_api.pages.papers import Paper, paper, paper_title
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import Clerk, Staff
from hoso.archive_api.pictures import size_of_archived
from hoso.archive_api.viewing import view_component
from hoso.archive_api.words import DOUBTS, FIELDS
from hoso.dossier import (
    attachments,
    catalogue_store,
    dossiers,
    duplicate_questions,
    paper_fields,
)
from hoso.dossier.catalogue import Catalogue
from hoso.dossier.tables import ComponentField, Dossier
from hoso.errors import HosoError

router = APIRouter(prefix="/review")

PURPOSE = "review"


@dataclass(frozen=True, slots=True)
class Question:
    """A field to be decided, what it is called, why it is asked about, and whose paper it is."""

    field: ComponentField
    label: str
    doubts: list[str]
    paper: Paper
    dossier: Dossier
    filed_as: str
    said: str  # what was read, as people write it

    @property
    def control(self) -> str:
        """How it is answered: `kind`, `date` or `text`."""
        if self.field.key == paper_fields.TYPE:
            return "kind"
        return "date" if self.field.key in paper_fields.DATES else "text"


@router.get("")
def show_question(
    screen: ScreenOf, actor: Staff, skip: Annotated[int, Query(ge=0, le=100_000)] = 0
) -> Response:
    """The next question; `skip` leaves so many for later."""
    return _question(screen, actor, skip)


@router.post("")
def answer(
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Staff,
    component: Annotated[str, Form(max_length=32)],
    key: Annotated[str, Form(max_length=40)],
    value: Annotated[str, Form(max_length=500)] = "",
    seen: Annotated[str | None, Form(max_length=500)] = None,
    skip: Annotated[int, Form(ge=0, le=100_000)] = 0,
) -> Response:
    """Keep the answer and go on to the next question."""
    try:
        with archive.database.write() as session:
            paper_fields.decide(
                session,
                archive.jobs,
                component,
                key,
                value,
                seen=seen,
                by=actor.name,
                at=archive.clock(),
            )
    except HosoError as refusal:
        return _question(screen, actor, skip, refused=refusal)
    return go_to(f"/review?skip={skip}" if skip else "/review")


@router.post("/move")
def move(
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Clerk,
    component: Annotated[str, Form(max_length=32)],
    dossier: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=500)] = "",
    skip: Annotated[int, Form(ge=0, le=100_000)] = 0,
) -> Response:
    """File the paper under the dossier it belongs to, and go on to the next question."""
    try:
        with archive.database.write() as session:
            attachments.move(
                session,
                archive.jobs,
                component,
                dossier,
                reason=reason,
                by=actor.name,
                at=archive.clock(),
            )
    except HosoError as refusal:
        return _question(screen, actor, skip, refused=refusal)
    return go_to(f"/review?skip={skip}" if skip else "/review")


def _question(
    screen: Screen, actor: Actor, skip: int, *, refused: HosoError | None = None
) -> Response:
    """Looking at the paper is noted, as everywhere."""
    archive = screen.archive
    with archive.database.write() as session:
        left = paper_fields.count_asked(session)
        found = paper_fields.asked(session, limit=1, offset=skip)
        question = _asked(screen, session, actor, found[0]) if found else None
        duplicates_left = duplicate_questions.count_waiting(session)
        kinds = keepable_kinds(catalogue_store.in_force(session))
    size = _size(screen, question) if question else None
    return screen.show(
        "review.html",
        question=question,
        kinds=kinds,
        size=size,
        left=left,
        fields_left=left,
        duplicates_left=duplicates_left,
        skip=skip,
        refused=refused,
    )


def _asked(screen: Screen, session: Session, actor: Actor, field: ComponentField) -> Question:
    at = screen.archive.clock()
    row = view_component(session, field.component_id, actor=actor, purpose=PURPOSE, at=at)
    catalogue = catalogue_store.in_force(session)
    return Question(
        field=field,
        label=FIELDS[screen.language][field.key],
        doubts=[DOUBTS[screen.language][doubt] for doubt in field.doubts],
        paper=paper(catalogue, row, purpose=PURPOSE),
        dossier=dossiers.by_code(session, row.dossier_code),
        filed_as=paper_title(catalogue, row.type),
        said=_said(catalogue, field),
    )


def _said(catalogue: Catalogue, field: ComponentField) -> str:
    if field.key == paper_fields.TYPE:
        return paper_title(catalogue, field.read)
    return (
        f"{date.fromisoformat(field.read):%d/%m/%Y}"
        if field.key in paper_fields.DATES
        else field.read
    )


def _size(screen: Screen, question: Question) -> tuple[float, float] | None:
    """Of the page in points, to place the mark; None before the paper is archived."""
    archived = question.paper.row.archived
    return size_of_archived(screen.archive, archived, question.field.page) if archived else None
