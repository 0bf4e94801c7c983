"""The reconciler: finds work that nobody is doing and puts it again.

Jobs are put in the transaction that needs them, so this finds nothing on a good day. It is there
for the bad one: a database restored from a backup, a job dropped by hand.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.dossier import components, pages
from hoso.dossier.tables import Component
from hoso.dossier.work import ARCHIVE_COMPONENT, READ_PAGE, SORT_BATCH, Workbench
from hoso.jobs import Job
from hoso.scanner_ingest import batches
from hoso.scanner_ingest.tables import Batch

_BATCHES_AT_ONCE = 500


def reconcile(bench: Workbench) -> int:
    """Put every missing job of every unfinished batch; gives how many were missing."""
    return sum(_reconcile(bench, part) for part in _parts(bench))


def _parts(bench: Workbench) -> Iterator[Sequence[Batch]]:
    """Unfinished batches, some at a time: an old archive is a hundred thousand of them."""
    after = ""
    while True:
        with bench.database.read() as session:
            part = batches.unfinished(session, after=after, limit=_BATCHES_AT_ONCE)
        if not part:
            return
        yield part
        after = part[-1].id


def _reconcile(bench: Workbench, part: Sequence[Batch]) -> int:
    # One look at both: a job that ends between two would seem to be missing.
    with bench.database.read() as session:
        wanted = {need: batch for batch in part for need in _needs(session, batch)}
        done = [batch.id for batch in part if batches.is_done(session, batch)]
        missing = bench.jobs.missing(session, wanted)
    for job, subject in missing:
        priority = batches.priority_of(wanted[job, subject])
        with bench.database.write() as session:
            bench.jobs.put_again(session, job, subject, priority=priority)
    for batch_id in done:
        _finish(bench, batch_id)
    return len(missing)


def _needs(session: Session, batch: Batch) -> Iterable[tuple[Job, str]]:
    if batch.state == "taken_in":
        yield SORT_BATCH, batch.id
        return
    unread = pages.unread_ids(session, str(batch.source))
    yield from ((READ_PAGE, str(page_id)) for page_id in unread)
    unarchived = select(Component.id).where(
        Component.batch_id == batch.id, Component.archived.is_(None), Component.failure.is_(None)
    )
    for component_id in session.scalars(unarchived):
        if not components.unread_pages(session, component_id):
            yield ARCHIVE_COMPONENT, component_id


def _finish(bench: Workbench, batch_id: str) -> None:
    """A kill between a page's last job and the note of its batch's end leaves that note out."""
    with bench.database.write() as session:
        batch = batches.by_id(session, batch_id)
        batches.finish_if_done(session, batch, at=bench.clock())
