"""Papers that may be one: both side by side, what agrees, what differs, and three answers.

No answer is proposed. Looking at the two papers is noted.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import LARGEST_NUMBER
from hoso.archive_api.pages.papers import Paper, paper
from hoso.archive_api.pages.review import PURPOSE
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import Staff
from hoso.archive_api.viewing import view_component
from hoso.archive_api.words import POINTS
from hoso.dossier import catalogue_store, dossiers, duplicate_questions, paper_fields
from hoso.dossier.duplicates import DuplicateAnswer
from hoso.dossier.tables import Dossier, DuplicateQuestion
from hoso.errors import HosoError

router = APIRouter(prefix="/review/duplicates")

_QuestionId = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers to be told apart or taken for one, and what was found."""

    question: DuplicateQuestion
    newer: Paper
    older: Paper
    dossiers: dict[str, Dossier]  # by their code
    agrees: list[str]
    differs: list[str]


@router.get("")
def show_next(
    screen: ScreenOf, actor: Staff, skip: Annotated[int, Query(ge=0, le=100_000)] = 0
) -> Response:
    """The next pair that waits; `skip` leaves so many for later."""
    return _pair(screen, actor, None, skip)


@router.get("/{question}")
def show_pair(question: _QuestionId, screen: ScreenOf, actor: Staff) -> Response:
    """One pair, also an answered one: an answer can be changed."""
    return _pair(screen, actor, question, 0)


@router.post("/{question}")
def answer(
    question: _QuestionId,
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Staff,
    said: Annotated[DuplicateAnswer, Form()],
    skip: Annotated[int, Form(ge=0, le=100_000)] = 0,
) -> Response:
    """Keep the answer and go on to the next pair."""
    try:
        with archive.database.write() as session:
            duplicate_questions.decide(session, question, said, by=actor.name, at=archive.clock())
    except HosoError as refusal:
        return _pair(screen, actor, question, skip, refused=refusal)
    return go_to(f"/review/duplicates?skip={skip}" if skip else "/review/duplicates")


def _pair(
    screen: Screen,
    actor: Actor,
    question_id: int | None,
    skip: int,
    *,
    refused: HosoError | None = None,
) -> Response:
    with screen.archive.database.write() as session:
        question = _wanted(session, question_id, skip)
        return screen.show(
            "duplicates.html",
            pair=_shown(screen, session, actor, question) if question else None,
            left=duplicate_questions.count_waiting(session),
            fields_left=paper_fields.count_asked(session),
            skip=skip,
            refused=refused,
        )


def _wanted(session: Session, question_id: int | None, skip: int) -> DuplicateQuestion | None:
    if question_id is not None:
        return duplicate_questions.by_id(session, question_id)
    return next(iter(duplicate_questions.waiting(session, limit=1, offset=skip)), None)


def _shown(screen: Screen, session: Session, actor: Actor, question: DuplicateQuestion) -> Pair:
    at, words = screen.archive.clock(), POINTS[screen.language]
    catalogue = catalogue_store.in_force(session)
    newer, older = (
        paper(
            catalogue,
            view_component(session, each, actor=actor, purpose=PURPOSE, at=at),
            purpose=PURPOSE,
        )
        for each in (question.newer_id, question.older_id)
    )
    codes = {newer.row.dossier_code, older.row.dossier_code}
    return Pair(
        question=question,
        newer=newer,
        older=older,
        dossiers={code: dossiers.by_code(session, code) for code in codes},
        agrees=[words[point] for point in question.agrees],
        differs=[words[point] for point in question.differs],
    )
