"""Pages of scanned files, as rows: seen once, read once, never edited."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoso.db import for_change, insert_once
from hoso.dossier.tables import Page
from hoso.errors import PageUnknown


def of_source(session: Session, source: str, *, lock: bool = False) -> list[Page]:
    """Every page seen so far of a scanned file, in order."""
    query = select(Page).where(Page.source == source).order_by(Page.place)
    return list(session.scalars(for_change(query) if lock else query))


def at_places(
    session: Session, source: str, places: Iterable[int], *, lock: bool = False
) -> list[Page]:
    """Those pages of a file, in order."""
    query = select(Page).where(Page.source == source, Page.place.in_(list(places)))
    query = query.order_by(Page.place)
    return list(session.scalars(for_change(query) if lock else query))


def by_id(session: Session, page_id: int, *, lock: bool = False) -> Page:
    """A page by its row."""
    query = select(Page).where(Page.id == page_id)
    found = session.scalar(for_change(query) if lock else query)
    if found is None:
        raise PageUnknown(page=page_id)
    return found


def unclear(session: Session, source: str) -> list[Page]:
    """The pages of a file whose picture is less than good, in order."""
    unlike_good = Page.quality["verdict"].as_string().in_(("readable", "rescan"))
    query = select(Page).where(Page.source == source, unlike_good).order_by(Page.place)
    return list(session.scalars(query))


def count_by_state(session: Session, source: str) -> dict[str, int]:
    """How many pages of a file are seen, read, failed and skipped."""
    query = select(Page.state, func.count()).where(Page.source == source).group_by(Page.state)
    return dict(session.execute(query).all())


def see(
    session: Session,
    source: str,
    place: int,
    *,
    blank: bool,
    codes: Sequence[dict[str, Any]],
    quality: dict[str, Any] | None = None,
) -> Page:
    """Keep what was seen on a page; a page seen before keeps what it has."""
    insert_once(
        session,
        Page,
        source=source,
        place=place,
        state="seen",
        blank=blank,
        codes=list(codes),
        quality=quality or {},
    )
    return session.scalars(select(Page).where(Page.source == source, Page.place == place)).one()
