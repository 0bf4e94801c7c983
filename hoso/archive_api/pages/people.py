"""A person's or organisation's page: their old numbers, and with whom they are one.

Whoever merges sees the other's name first: a mistyped number is somebody else's.
"""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hoso.archive_api import accounts, show_people
from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import LARGEST_NUMBER, OwnerShown
from hoso.archive_api.pages.owner_box import read_owner
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import Officer, Staff
from hoso.clock import local_date
from hoso.dossier import accesses, aliases, catalogue_store, merges, owners, people
from hoso.dossier.accesses import DEEDS
from hoso.dossier.aliases import Source
from hoso.dossier.numbers import OldCitizenNumber
from hoso.dossier.stated import stated
from hoso.errors import HosoError, OwnerUnknown

router = APIRouter(prefix="/people/{person_id}")

PURPOSE = "person"
_A_PAGE = 50
Reason = Annotated[str, Form(max_length=500)]
Number = Annotated[str, Form(max_length=500)]  # a whole card's QR may be scanned into the box


@router.get("")
def show_person(person_id: str, screen: ScreenOf, actor: Staff) -> Response:
    """Who somebody is. Looking at it is noted."""
    return _page(screen, actor, person_id)


@router.get("/accesses")
def show_accesses(
    person_id: str,
    screen: ScreenOf,
    actor: Staff,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)] = None,
) -> Response:
    """Who has looked at their papers or used them, to be shown to them. Noted."""
    archive = screen.archive
    with archive.database.write() as session:
        owner = owners.by_id(session, person_id)
        found = accesses.of_person(
            session, person_id, limit=_A_PAGE, before=before, by=actor.name, at=archive.clock()
        )
        kinds = catalogue_store.in_force(session).component_types.values()
        return screen.show(
            "accesses.html",
            owner=owner,
            found=found,
            more=len(found) == _A_PAGE,
            deeds=DEEDS[screen.language],
            names=accounts.full_names(session, {each.who for each in found}),
            titles={kind.key: kind.title for kind in kinds},
        )


@router.post("/aliases")
def add_alias(
    person_id: str,
    screen: ScreenOf,
    actor: Officer,
    source: Annotated[Literal["officer", "paper"], Form()] = "officer",
    number: Number = "",
    reason: Reason = "",
) -> Response:
    """Have the person found by an old number."""

    def decide(session: Session) -> None:
        old, at = OldCitizenNumber.parse(number), screen.archive.clock()
        aliases.add(
            session, person_id, old, source=Source(source), reason=reason, by=actor.name, at=at
        )

    return _decided(screen, actor, person_id, decide)


@router.post("/aliases/{alias_id}/remove")
def remove_alias(
    person_id: str, alias_id: str, screen: ScreenOf, actor: Officer, reason: Reason = ""
) -> Response:
    """No longer have them found by it."""

    def decide(session: Session) -> None:
        at = screen.archive.clock()
        aliases.remove(session, person_id, alias_id, reason=reason, by=actor.name, at=at)

    return _decided(screen, actor, person_id, decide)


@router.post("/merges")
def merge(
    person_id: str,
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Officer,
    other_number: Number = "",
    other: Annotated[str, Form(max_length=32)] = "",
    reason: Reason = "",
) -> Response:
    """By a number: show whose it is and ask. By the id that the question holds: do it."""
    if other:
        at = archive.clock()
        return _decided(
            screen,
            actor,
            person_id,
            lambda session: merges.merge(
                session, person_id, other, reason=reason, by=actor.name, at=at
            ),
        )
    try:
        with archive.database.write() as session:
            asked = _other(session, screen, actor, other_number, stated(reason))
    except HosoError as refused:
        return _page(screen, actor, person_id, reason=reason, refused=refused)
    return _page(screen, actor, person_id, asked=asked, reason=reason)


@router.post("/merges/{merge_id}/undo")
def undo_merge(
    person_id: str, merge_id: str, screen: ScreenOf, actor: Officer, reason: Reason = ""
) -> Response:
    """Take a merge back."""

    def decide(session: Session) -> None:
        at = screen.archive.clock()
        merges.undo(session, person_id, merge_id, reason=reason, by=actor.name, at=at)

    return _decided(screen, actor, person_id, decide)


def _decided(
    screen: Screen, actor: Actor, person_id: str, decide: Callable[[Session], object]
) -> Response:
    try:
        with screen.archive.database.write() as session:
            decide(session)
    except HosoError as refused:
        return _page(screen, actor, person_id, refused=refused)
    return go_to(f"/people/{person_id}")


def _other(session: Session, screen: Screen, actor: Actor, number: str, reason: str) -> OwnerShown:
    """Whose number it is; that it was looked at is noted with the reason."""
    at = screen.archive.clock()
    given = read_owner(number, today=local_date(at))
    found = owners.find(session, given.number)
    owners.refuse_unknown_old(given.number, found)
    if found is None:
        raise OwnerUnknown
    viewed = people.viewed(session, found.id, by=actor.name, at=at, purpose=reason)
    return show_people.owner(viewed.owner)


def _page(
    screen: Screen,
    actor: Actor,
    person_id: str,
    *,
    asked: OwnerShown | None = None,
    reason: str = "",
    refused: HosoError | None = None,
) -> Response:
    archive = screen.archive
    with archive.database.write() as session:
        found = people.viewed(
            session, person_id, by=actor.name, at=archive.clock(), purpose=PURPOSE
        )
        person = show_people.person(found)
    return screen.show("person.html", person=person, asked=asked, reason=reason, refused=refused)
