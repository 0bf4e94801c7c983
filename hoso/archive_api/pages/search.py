"""Search over what was read: hits, and the page they stand on with every word marked."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.papers import Paper, paper
from hoso.archive_api.pages.screen import Screen, ScreenOf
from hoso.archive_api.permission import Staff
from hoso.archive_api.pictures import size_of_archived
from hoso.archive_api.searching import find_pages, snippet
from hoso.archive_api.viewing import view_component
from hoso.dossier import catalogue_store, components
from hoso.dossier.catalogue import Catalogue
from hoso.errors import NotArchivedYet, PageUnknown
from hoso.ocr import search
from hoso.ocr.search import Hit

router = APIRouter()

_A_PAGE = 20
PURPOSE = "search"


@dataclass(frozen=True, slots=True)
class Found:
    """A hit to be shown. `number` is the page's place in its paper, from 1."""

    snippet: str
    exact: bool
    place: int
    paper: Paper | None
    number: int


@router.get("/search")
def show_search(
    screen: ScreenOf, actor: Staff, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The box; with `?q=` also what it finds."""
    return _results(screen, actor, q, 0)


@router.post("/search")
def find(
    screen: ScreenOf,
    actor: Staff,
    q: Annotated[str, Form(max_length=200)] = "",
    offset: Annotated[int, Form(ge=0, le=10_000)] = 0,
) -> Response:
    """What the box finds. The form sends it in the body: a name or number may stand in it."""
    return _results(screen, actor, q, offset)


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
        boxes = search.marks(session, row.pages[number - 1].page, q)
    width, height = size_of_archived(archive, row.archived, number)
    picture = shown.pictures[number - 1]
    return screen.show_part(
        "parts/marked_page.html", picture=picture, width=width, height=height, boxes=boxes
    )


def _results(screen: Screen, actor: Actor, q: str, offset: int) -> Response:
    archive, at = screen.archive, screen.archive.clock()
    hits: list[Hit] = []
    with archive.database.write() as session:
        if q.strip():
            hits = find_pages(session, q, actor=actor, at=at, limit=_A_PAGE, offset=offset)
        catalogue = catalogue_store.in_force(session)
        found = [_found(session, catalogue, hit) for hit in hits]
    more = offset + _A_PAGE if len(hits) == _A_PAGE else None
    return screen.show("search.html", q=q, found=found, offset=offset, more=more)


def _found(session: Session, catalogue: Catalogue, hit: Hit) -> Found:
    component_id = components.component_of_page(session, hit.page.id)
    row = components.by_id(session, component_id) if component_id else None
    numbers = [entry.page_id for entry in row.pages] if row else []
    return Found(
        snippet=snippet(hit),
        exact=hit.exact,
        place=hit.page.place,
        paper=paper(catalogue, row, purpose=PURPOSE) if row else None,
        number=numbers.index(hit.page.id) + 1 if numbers else 0,
    )
