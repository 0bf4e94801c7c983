"""Batches as rows: finding them, how far they are, and setting one aside."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import for_change
from hoso.dossier import pages
from hoso.dossier.tables import Component
from hoso.dossier.work import SORT_BATCH
from hoso.errors import BatchFiled, BatchUnknown, CardInOriginal
from hoso.jobs import Jobs, Priority
from hoso.scanner_ingest.intake import WayIn
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


def of_sha256(session: Session, sha256: str) -> Batch | None:
    """The batch that these bytes were taken in as, unless it was cancelled."""
    same = select(Batch).where(Batch.sha256 == sha256, Batch.state != "cancelled")
    return session.scalar(same)


def newest(session: Session, *, limit: int) -> list[Batch]:
    """The batches taken in last."""
    query = select(Batch).order_by(Batch.taken_in_at.desc(), Batch.id).limit(limit)
    return list(session.scalars(query))


def unclaimed(session: Session) -> list[Batch]:
    """The batches with pages that wait for somebody to say what they are, oldest first."""
    waiting = Batch.report["unclaimed"].as_string()  # NULL before the batch is sorted
    query = select(Batch).where(waiting != "[]").order_by(Batch.taken_in_at, Batch.id)
    return list(session.scalars(query))


def unfinished(session: Session, *, after: str, limit: int) -> list[Batch]:
    """Batches that still have work to be done, by id; `after` is the last one of the part before.

    In parts, because an old archive that was just taken in is a hundred thousand of them.
    """
    query = select(Batch).where(Batch.state.in_(UNFINISHED), Batch.id > after)
    return list(session.scalars(query.order_by(Batch.id).limit(limit)))


def unfinished_of(session: Session, dossier_code: str) -> list[Batch]:
    """The batches taken in for a dossier that still have work to be done, oldest first."""
    query = select(Batch).where(Batch.dossier_code == dossier_code, Batch.state.in_(UNFINISHED))
    return list(session.scalars(query.order_by(Batch.taken_in_at)))


def of_source(session: Session, source: str) -> list[Batch]:
    """The unfinished batches whose pages come from this PDF."""
    query = select(Batch).where(Batch.source == source, Batch.state == "sorted")
    return list(session.scalars(query.order_by(Batch.taken_in_at, Batch.id)))


def priority_of(batch: Batch) -> Priority:
    """How soon the work on a batch is done once it is sorted: nobody waits for an old archive."""
    return Priority.BULK if batch.way_in == WayIn.BULK else Priority.ORDINARY


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


def cards_in(batch: Batch) -> list[int]:
    """The places of its pages that bear a citizen's card; none before it is sorted."""
    return list(batch.report.get("cards", []))


def refuse_cards(batch: Batch) -> None:
    """Raise CardInOriginal where the untouched file shows a citizen's card: nobody gets that."""
    if cards_in(batch):
        raise CardInOriginal(pages=", ".join(map(str, cards_in(batch))))


def is_done(session: Session, batch: Batch) -> bool:
    """Whether nothing is left to be done and only the note of its end is missing."""
    if batch.state != "sorted":
        return False
    now = progress(session, batch)
    return now.done >= now.pages and now.archived >= now.components


def finish_if_done(session: Session, batch: Batch, *, at: datetime) -> bool:
    """Note the end of a batch whose pages are all read and whose papers are all archived.

    Locked first: of two jobs that end at once, one notes it, and it sees what the other did.
    """
    batch = by_id(session, batch.id, lock=True)
    if not is_done(session, batch):
        return False
    batch.state, batch.finished_at = "finished", at
    audit.record(session, "scan.finished", batch.id, actor="worker", at=at, pages=batch.pages)
    return True


def cancel(session: Session, batch_id: str, *, jobs: Jobs, by: str, at: datetime) -> Batch:
    """Have nothing done with a batch that is not filed yet. Its file stays, and may come again.

    Refuses with BatchFiled: what is filed belongs to a dossier.
    """
    batch = by_id(session, batch_id, lock=True)
    if batch.state not in {"taken_in", "set_aside", "cancelled"}:
        raise BatchFiled(batch=batch_id)
    if batch.state != "cancelled":
        batch.state, batch.failure = "cancelled", None
        audit.record(session, "scan.cancelled", batch.id, actor=by, at=at)
        jobs.cancel(session, SORT_BATCH, batch.id)
    return batch


def begin_again(session: Session, batch: Batch) -> None:
    """Note that a batch which was done, set aside or cancelled has work to be done again."""
    batch.state = "sorted" if batch.state in {"sorted", "finished"} else "taken_in"
    batch.failure, batch.finished_at = None, None
    session.flush()


def set_aside(session: Session, batch: Batch, reason: str, *, at: datetime) -> None:
    """Stop trying a batch; its file stays, and its reason is shown."""
    if batch.state == "cancelled":
        return
    batch.state, batch.failure = "set_aside", reason[:_MOST_REASON_CHARACTERS]
    audit.record(session, "scan.set_aside", batch.id, actor="worker", at=at, reason=reason)
