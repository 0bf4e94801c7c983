"""Search over what was read: people, hits, and the page they stand on with every word marked."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from hoso.archive_api import searching
from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import EARLIEST
from hoso.archive_api.pages.owner_box import OwnerGiven, known_owner
from hoso.archive_api.pages.papers import Paper, paper
from hoso.archive_api.pages.screen import Screen, ScreenOf
from hoso.archive_api.permission import Staff
from hoso.archive_api.pictures import size_of_archived
from hoso.archive_api.searching import PURPOSE, Asked, Found, snippet
from hoso.archive_api.viewing import view_component
from hoso.dossier import catalogue_store, components
from hoso.dossier.catalogue import Catalogue
from hoso.dossier.numbers import parse_owner_number
from hoso.errors import NotArchivedYet, PageUnknown, Refused
from hoso.ocr import search
from hoso.ocr.search import ALL, Hit, Narrowing

router = APIRouter()

_A_PAGE = 20
_KEY = Form(max_length=60)
_Day = Annotated[date, Field(ge=EARLIEST.date())] | None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A hit to be shown. `number` is the page's place in its paper, from 1."""

    snippet: str
    exact: bool
    place: int
    paper: Paper | None
    number: int


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """An owner to be shown; `number` has its middle hidden."""

    owner_id: str
    name: str
    number: str
    papers: int


def narrowing(
    owner: Annotated[str, Form(max_length=32)] = "",
    type_: Annotated[str, Form(alias="type", max_length=60)] = "",
    field: Annotated[str, _KEY] = "",
    desk: Annotated[str, _KEY] = "",
    since: Annotated[_Day, Form()] = None,
    until: Annotated[_Day, Form()] = None,
) -> Narrowing:
    """Among which papers; what is left empty narrows nothing."""
    return Narrowing(
        owner=owner or None,
        type=type_ or None,
        field=field or None,
        desk=desk or None,
        since=since,
        until=until,
    )


@router.get("/search")
def show_search(
    screen: ScreenOf, actor: Staff, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The box; with `?q=` also what it finds."""
    return _results(screen, actor, Asked(words=q, limit=_A_PAGE))


@router.post("/search")
def find(
    screen: ScreenOf,
    actor: Staff,
    among: Annotated[Narrowing, Depends(narrowing)],
    q: Annotated[str, Form(max_length=200)] = "",
    purpose: Annotated[str, Form(max_length=500)] = "",
    offset: Annotated[int, Form(ge=0, le=10_000)] = 0,
) -> Response:
    """What the box finds. The form sends it in the body: a name or number may stand in it."""
    asked = Asked(words=q, among=among, purpose=purpose, offset=offset, limit=_A_PAGE)
    return _results(screen, actor, asked)


@router.post("/search/page")
def show_page(
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Staff,
    component: Annotated[str, Form(max_length=32)] = "",
    number: Annotated[int, Form()] = 1,
    q: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The page's picture with the words marked, in points of the archived page. Noted."""
    with archive.database.write() as session:
        row = view_component(session, component, actor=actor, purpose=PURPOSE, at=archive.clock())
        if row.archived is None:
            raise NotArchivedYet
        if not 1 <= number <= len(row.pages):
            raise PageUnknown(page=number)
        shown = paper(catalogue_store.in_force(session), row, purpose=PURPOSE)
        boxes = search.spots(session, row.pages[number - 1].page, q)
    width, height = size_of_archived(archive, row.archived, number)
    picture = shown.pictures[number - 1]
    return screen.show_part(
        "parts/marked_page.html", picture=picture, width=width, height=height, boxes=boxes
    )


def _results(screen: Screen, actor: Actor, asked: Asked) -> Response:
    if not asked.words.strip():
        return _shown(screen, asked)
    try:
        with screen.archive.database.read() as session:
            found = searching.find(session, asked)
            catalogue = catalogue_store.in_force(session)
            hits = [_found(session, catalogue, hit) for hit in found.hits]
    except Refused as refused:
        return _shown(screen, asked, refused=refused)
    with screen.archive.database.write() as session:
        searching.note(session, asked, found, by=actor.name, at=screen.archive.clock())
    return _shown(screen, asked, hits=hits, people=_people(found))


def _shown(
    screen: Screen,
    asked: Asked,
    *,
    hits: list[FoundPage] | None = None,
    people: list[FoundPerson] | None = None,
    refused: Refused | None = None,
) -> Response:
    """The box with what it was asked; `hits` is None where nothing was searched."""
    with screen.archive.database.read() as session:
        catalogue = catalogue_store.in_force(session)
    more = asked.offset + _A_PAGE if hits and len(hits) == _A_PAGE else None
    return screen.show(
        "search.html",
        refused=refused,
        asked=asked,
        is_narrowed=asked.among != ALL,
        owner=_owner(screen, asked),
        choices=_choices(catalogue),
        hits=hits,
        people=people or [],
        more=more,
    )


def _choices(catalogue: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """What papers can be told apart by: keys and what they are called."""
    return {
        "type": [(kind.key, kind.title) for kind in catalogue.component_types.values()],
        "field": list(catalogue.fields.items()),
        "desk": [(desk.key, desk.name) for desk in catalogue.desks.values()],
    }


def _owner(screen: Screen, asked: Asked) -> OwnerGiven | None:
    owner_id = asked.among.owner
    return known_owner(screen.archive, owner_id) if owner_id else None


def _people(found: Found) -> list[FoundPerson]:
    return [
        FoundPerson(
            person.owner.id,
            person.owner.name,
            parse_owner_number(person.owner.number).masked,
            person.papers,
        )
        for person in found.people
    ]


def _found(session: Session, catalogue: Catalogue, hit: Hit) -> FoundPage:
    component_id = components.component_of_page(session, hit.page.id)
    row = components.by_id(session, component_id) if component_id else None
    numbers = [entry.page_id for entry in row.pages] if row else []
    return FoundPage(
        snippet=snippet(hit),
        exact=hit.exact,
        place=hit.page.place,
        paper=paper(catalogue, row, purpose=PURPOSE) if row else None,
        number=numbers.index(hit.page.id) + 1 if numbers else 0,
    )
