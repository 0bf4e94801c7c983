"""People and organisations: their old numbers, and who of them is one and the same.

Numbers come in bodies only; addresses and answers hold opaque ids and masked numbers.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request

from hoso.archive_api import show_people
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.language import language_of
from hoso.archive_api.models import (
    LARGEST_NUMBER,
    AccessesShown,
    AliasGiven,
    MergeGiven,
    PersonShown,
    ReasonGiven,
)
from hoso.archive_api.permission import Officer, Staff
from hoso.dossier import accesses, aliases, merges, people
from hoso.dossier.aliases import Source
from hoso.dossier.numbers import OldCitizenNumber

router = APIRouter(prefix="/people/{person_id}", tags=["people"])

PURPOSE = "person"


@router.get("", operation_id="getPerson")
def get_person(person_id: str, archive: ArchiveOf, actor: Staff) -> PersonShown:
    """Who somebody is. Looking at it is noted."""
    with archive.database.write() as session:
        found = people.viewed(
            session, person_id, by=actor.name, at=archive.clock(), purpose=PURPOSE
        )
        return show_people.person(found)


@router.get("/accesses", operation_id="listAccesses")
def list_accesses(
    person_id: str,
    request: Request,
    archive: ArchiveOf,
    actor: Staff,
    cursor: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AccessesShown:
    """Who looked at a person's papers or used them, and why, newest first: theirs to be shown."""
    with archive.database.write() as session:
        found = accesses.of_person(
            session, person_id, limit=limit, before=cursor, by=actor.name, at=archive.clock()
        )
    items = [show_people.access(each, language_of(request)) for each in found]
    return AccessesShown(items=items, next=str(found[-1].number) if len(found) == limit else None)


@router.post("/aliases", operation_id="addAlias", status_code=HTTPStatus.CREATED)
def add_alias(person_id: str, given: AliasGiven, archive: ArchiveOf, actor: Officer) -> PersonShown:
    """Have a person found by an old 9-digit number from now on."""
    number = OldCitizenNumber.parse(given.number)
    with archive.database.write() as session:
        aliases.add(
            session,
            person_id,
            number,
            source=Source(given.source),
            reason=given.reason,
            by=actor.name,
            at=archive.clock(),
        )
        return show_people.person(people.by_id(session, person_id))


@router.delete("/aliases/{alias_id}", operation_id="removeAlias")
def remove_alias(
    person_id: str, alias_id: str, given: ReasonGiven, archive: ArchiveOf, actor: Officer
) -> PersonShown:
    """No longer have them found by that number."""
    with archive.database.write() as session:
        aliases.remove(
            session, person_id, alias_id, reason=given.reason, by=actor.name, at=archive.clock()
        )
        return show_people.person(people.by_id(session, person_id))


@router.post("/merges", operation_id="mergePeople", status_code=HTTPStatus.CREATED)
def merge_people(
    person_id: str, given: MergeGiven, archive: ArchiveOf, actor: Officer
) -> PersonShown:
    """Have two owners be one: either number then finds the papers of both. No paper is moved."""
    with archive.database.write() as session:
        merges.merge(
            session, person_id, given.other, reason=given.reason, by=actor.name, at=archive.clock()
        )
        return show_people.person(people.by_id(session, person_id))


@router.delete("/merges/{merge_id}", operation_id="undoMerge")
def undo_merge(
    person_id: str, merge_id: str, given: ReasonGiven, archive: ArchiveOf, actor: Officer
) -> PersonShown:
    """Take a merge back; `dossiers_across` then names the dossiers that relied on it."""
    with archive.database.write() as session:
        merges.undo(
            session, person_id, merge_id, reason=given.reason, by=actor.name, at=archive.clock()
        )
        return show_people.person(people.by_id(session, person_id))
