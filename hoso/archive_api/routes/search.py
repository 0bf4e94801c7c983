"""Search over the words of every page."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import BoxShown, HitShown, HitsShown
from hoso.archive_api.permission import Staff
from hoso.archive_api.searching import find_pages, snippet
from hoso.dossier import components
from hoso.ocr.search import Hit

router = APIRouter(prefix="/search", tags=["search"])


@router.get("", operation_id="searchPages")
def search_pages(
    archive: ArchiveOf,
    actor: Staff,
    q: Annotated[str, Query(max_length=200, description="Words that all stand on the page.")],
    cursor: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> HitsShown:
    """Pages with all words, accent-exact ones first. The question itself is not logged."""
    with archive.database.write() as session:
        at = archive.clock()
        hits = find_pages(session, q, actor=actor, at=at, limit=limit, offset=cursor)
        items = [shown(session, hit) for hit in hits]
    return HitsShown(items=items, next=str(cursor + limit) if len(hits) == limit else None)


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
            BoxShown(text=box.text, x=box.x, y=box.y, width=box.width, height=box.height)
            for box in hit.boxes
        ],
    )
