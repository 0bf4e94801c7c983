"""Search over the words of every page, and for the people whose names they are."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from hoso.archive_api import searching
from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import BoxShown, HitShown, HitsShown, PersonFound, SearchGiven
from hoso.archive_api.permission import Staff
from hoso.archive_api.searching import Asked, snippet
from hoso.dossier import components
from hoso.dossier.numbers import parse_owner_number
from hoso.dossier.owner_names import Namesake
from hoso.ocr.search import Hit, Narrowing
from hoso.wiring import Archive

router = APIRouter(prefix="/search", tags=["search"])


@router.get("", operation_id="searchPages")
def search_pages(
    archive: ArchiveOf,
    actor: Staff,
    q: Annotated[str, Query(max_length=200, description="Words that all stand on the page.")],
    cursor: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> HitsShown:
    """Pages with all words, accent-exact ones first. The question itself is not logged.

    `12/HĐ-LĐ` and words between quotes stand side by side on the page. Names and numbers are
    better asked for with POST: addresses end up in the logs of what stands between.
    """
    return _answer(archive, actor, Asked(words=q, offset=cursor, limit=limit))


@router.post("", operation_id="search")
def search(given: SearchGiven, archive: ArchiveOf, actor: Staff) -> HitsShown:
    """Pages with all words among some papers, and owners whose name may be meant."""
    among = Narrowing(
        owner=given.owner,
        type=given.component_type,
        field=given.field,
        desk=given.desk,
        since=given.since,
        until=given.until,
    )
    asked = Asked(
        words=given.q,
        among=among,
        purpose=given.purpose,
        offset=given.cursor,
        limit=given.limit,
    )
    return _answer(archive, actor, asked)


def _answer(archive: Archive, actor: Actor, asked: Asked) -> HitsShown:
    with archive.database.read() as session:
        found = searching.find(session, asked)
        items = [shown(session, hit) for hit in found.hits]
    with archive.database.write() as session:
        searching.note(session, asked, found, by=actor.name, at=archive.clock())
    more = str(asked.offset + asked.limit) if len(items) == asked.limit else None
    return HitsShown(items=items, next=more, people=[_person(one) for one in found.people])


def shown(session: Session, hit: Hit) -> HitShown:
    """A hit with its paper, its dossier and the lines around it."""
    component_id = components.component_of_page(session, hit.page.id)
    dossier = components.by_id(session, component_id).dossier_code if component_id else None
    return HitShown(
        component=component_id,
        dossier=dossier,
        batch_source=hit.page.source,
        place=hit.page.place,
        exact=hit.exact,
        snippet=snippet(hit),
        boxes=[
            BoxShown(
                text=box.text,
                x=box.x,
                y=box.y,
                width=box.width,
                height=box.height,
                field=box.field,
            )
            for box in hit.boxes
        ],
    )


def _person(person: Namesake) -> PersonFound:
    return PersonFound(
        owner=person.owner.id,
        name=person.owner.name,
        number=parse_owner_number(person.owner.number).masked,
        papers=person.papers,
        exact=person.exact,
    )
