"""Pages of scanned files, as rows: seen once, read once, never edited."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hoso.dossier.tables import Page
from hoso.errors import PageUnknown


def of_source(session: Session, source: str) -> list[Page]:
    """Every page seen so far of a scanned file, in order."""
    query = select(Page).where(Page.source == source).order_by(Page.place)
    return list(session.scalars(query))


def unread_ids(session: Session, source: str) -> list[int]:
    """The rows of a file's pages that nobody has tried to read yet, in order."""
    query = select(Page.id).where(Page.source == source, Page.state == "seen")
    return list(session.scalars(query.order_by(Page.place)))


def at_places(session: Session, source: str, places: Iterable[int]) -> list[Page]:
    """Those pages of a file, in order."""
    query = select(Page).where(Page.source == source, Page.place.in_(list(places)))
    return list(session.scalars(query.order_by(Page.place)))


def by_id(session: Session, page_id: int, *, lock: bool = False) -> Page:
    """A page by its row."""
    query = select(Page).where(Page.id == page_id)
    found = session.scalar(query.with_for_update(of=Page) if lock else query)
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
    """Keep what was seen on a page; a page seen before keeps what it has.

    Two workers that both think a batch is theirs may see the same page at the same moment.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "source": source,
        "place": place,
        "state": "seen",
        "blank": blank,
        "codes": list(codes),
        "quality": quality or {},
        "text": "",
    }
    session.execute(dialect.insert(Page).values(row).on_conflict_do_nothing())
    return session.scalars(select(Page).where(Page.source == source, Page.place == place)).one()
