"""The reconciler: finds work that nobody is doing and puts it again.

Jobs are put in the transaction that needs them, so this finds nothing on a good day. It is there
for the bad one: a database restored from a backup, a job dropped by hand.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.dossier import pages
from hoso.dossier.tables import Component
from hoso.dossier.work import ARCHIVE_COMPONENT, READ_PAGE, SORT_BATCH, Workbench
from hoso.jobs import Job
from hoso.scanner_ingest import batches
from hoso.scanner_ingest.tables import Batch


def reconcile(bench: Workbench) -> int:
    """Put every missing job of every unfinished batch; gives how many were missing."""
    with bench.database.read() as session:
        wanted = [need for batch in batches.unfinished(session) for need in _needs(session, batch)]
    missing = [(job, subject) for job, subject in wanted if not bench.jobs.is_waiting(job, subject)]
    for job, subject in missing:
        with bench.database.write() as session:
            bench.jobs.put(session, job, subject, round_=f"again-{bench.clock():%Y%m%d%H%M%S}")
    _finish_what_is_done(bench)
    return len(missing)


def _needs(session: Session, batch: Batch) -> Iterable[tuple[Job, str]]:
    if batch.state == "taken_in":
        yield SORT_BATCH, batch.id
        return
    unread = {
        page.id for page in pages.of_source(session, str(batch.source)) if page.state == "seen"
    }
    yield from ((READ_PAGE, str(page_id)) for page_id in sorted(unread))
    unarchived = select(Component).where(
        Component.batch_id == batch.id, Component.archived.is_(None), Component.failure.is_(None)
    )
    for component in session.scalars(unarchived):
        if not unread & {entry.page_id for entry in component.pages}:
            yield ARCHIVE_COMPONENT, component.id


def _finish_what_is_done(bench: Workbench) -> None:
    """A kill between a page's last job and the note of its batch's end leaves that note out.

    A transaction each: holding one batch while waiting for the next would stop its jobs.
    """
    with bench.database.read() as session:
        unfinished = batches.unfinished(session)
    for batch in unfinished:
        with bench.database.write() as session:
            batches.finish_if_done(session, batch, at=bench.clock())
