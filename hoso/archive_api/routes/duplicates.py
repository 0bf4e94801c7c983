"""Duplicates: papers of an owner that may be one. A person says what they are to each other."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import LARGEST_NUMBER, DuplicateAnswered, DuplicateShown
from hoso.archive_api.permission import Staff
from hoso.dossier import components, duplicate_questions

router = APIRouter(prefix="/duplicates", tags=["duplicates"])


@router.get("", operation_id="getDuplicates")
def get_duplicates(
    archive: ArchiveOf,
    _: Staff,
    component: Annotated[
        str | None, Query(max_length=32, description="All about this paper, also what is answered.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> list[DuplicateShown]:
    """What waits for an answer, the oldest first."""
    with archive.database.read() as session:
        if component is None:
            rows = duplicate_questions.waiting(session, limit=limit, offset=skip)
        else:
            components.by_id(session, component)
            rows = duplicate_questions.of_component(session, component)[skip : skip + limit]
        return [show.duplicate(row) for row in rows]


@router.put("/{question}", operation_id="answerDuplicate")
def answer_duplicate(
    question: Annotated[int, Path(ge=1, le=LARGEST_NUMBER)],
    given: DuplicateAnswered,
    archive: ArchiveOf,
    actor: Staff,
) -> DuplicateShown:
    """Say what two papers are to each other; another answer takes the first one back."""
    with archive.database.write() as session:
        row = duplicate_questions.decide(
            session, question, given.answer, by=actor.name, at=archive.clock()
        )
        return show.duplicate(row)
