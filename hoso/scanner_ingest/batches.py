"""Batches as rows: finding them, how far they are, and setting one aside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import for_change
from hoso.dossier import pages
from hoso.dossier.tables import Component
from hoso.errors import BatchUnknown
from hoso.scanner_ingest.tables import Batch

UNFINISHED = ("taken_in", "sorted")
_MOST_REASON_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: pages in all, seen, read (or kept unread), and papers archived."""

    pages: int
    seen: int
    done: int
    components: int
    archived: int


def by_id(session: Session, batch_id: str, *, lock: bool = False) -> Batch:
    """A batch by its id."""
    query = select(Batch).where(Batch.id == batch_id)
    found = session.scalar(for_change(query) if lock else query)
    if found is None:
        raise BatchUnknown(batch=batch_id)
    return found


def newest(session: Session, *, limit: int) -> list[Batch]:
    """The batches taken in last."""
    query = select(Batch).order_by(Batch.taken_in_at.desc(), Batch.id).limit(limit)
    return list(session.scalars(query))


def unclaimed(session: Session) -> list[Batch]:
    """The batches with pages that wait for somebody to say what they are, oldest first."""
    waiting = Batch.report["unclaimed"].as_string()  # NULL before the batch is sorted
    query = select(Batch).where(waiting != "[]").order_by(Batch.taken_in_at, Batch.id)
    return list(session.scalars(query))


def unfinished(session: Session) -> Iterable[Batch]:
    """Every batch that still has work to be done, oldest first."""
    unfinished_ones = select(Batch).where(Batch.state.in_(UNFINISHED))
    query = unfinished_ones.order_by(Batch.taken_in_at, Batch.id)
    return list(session.scalars(query))


def of_source(session: Session, source: str) -> list[Batch]:
    """The unfinished batches whose pages come from this PDF."""
    query = select(Batch).where(Batch.source == source, Batch.state == "sorted")
    return list(session.scalars(query.order_by(Batch.taken_in_at, Batch.id)))


def components_of(session: Session, batch_id: str) -> list[Component]:
    """The components filed from a batch, in the order of its pages."""
    filed = session.scalars(select(Component).where(Component.batch_id == batch_id))
    return sorted(filed, key=lambda component: component.pages[0].page.place)


def progress(session: Session, batch: Batch) -> Progress:
    """How far the batch is."""
    states = pages.count_by_state(session, batch.source) if batch.source else {}
    settled = func.count(func.coalesce(Component.archived, Component.failure))
    done, components = session.execute(
        select(settled, func.count()).where(Component.batch_id == batch.id)
    ).one()
    seen = sum(states.values())
    return Progress(batch.pages, seen, seen - states.get("seen", 0), components, done)


def finish_if_done(session: Session, batch: Batch, *, at: datetime) -> bool:
    """Note the end of a batch whose pages are all read and whose papers are all archived.

    Locked first: of two jobs that end at once, one notes it, and it sees what the other did.
    """
    batch = by_id(session, batch.id, lock=True)
    if batch.state != "sorted":
        return False
    now = progress(session, batch)
    if now.done < now.pages or now.archived < now.components:
        return False
    batch.state, batch.finished_at = "finished", at
    audit.record(session, "scan.finished", batch.id, actor="worker", at=at, pages=now.pages)
    return True


def set_aside(session: Session, batch: Batch, reason: str, *, at: datetime) -> None:
    """Stop trying a batch; its file stays, and its reason is shown."""
    batch.state, batch.failure = "set_aside", reason[:_MOST_REASON_CHARACTERS]
    audit.record(session, "scan.set_aside", batch.id, actor="worker", at=at, reason=reason)
