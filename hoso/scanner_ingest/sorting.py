"""Sorting a batch: every page looked at, the stack cut into components, each filed or asked about.

It runs while the citizen still waits, so nothing is read here; reading is put as durable work in
the same transaction that files the pages.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hoso.dossier import pages
from hoso.dossier.work import READ_PAGE, Workbench
from hoso.errors import FileRefused, PagesKnown, WorkFailed
from hoso.imaging.files import FileKind
from hoso.imaging.normal import as_pdf
from hoso.jobs import Priority
from hoso.scanner_ingest import batches, filing
from hoso.scanner_ingest.seen import FirstLook, look_at_page
from hoso.scanner_ingest.tables import Batch
from hoso.storage import kept
from hoso.storage.store import StoredObject

_LOOK_SECONDS = 30.0
_NORMAL_SECONDS = 600.0
# Kept together in one transaction: few enough that progress shows and a kill loses little.
_PAGES_AT_ONCE = 16


def sort_batch(bench: Workbench, batch_id: str) -> None:
    """Sort one batch; doing it again changes nothing."""
    with bench.database.read() as session:
        batch = batches.by_id(session, batch_id)
        if batch.state != "taken_in":
            return
    try:
        source = batch.source or _as_pdf(bench, batch)
        with bench.database.read() as session:
            _refuse_same_pages(session, batch, source)
        _look_at_pages(bench, batch, source)
        with bench.database.write() as session:
            _file_and_put_reading(bench, session, batch_id, at=bench.clock())
    except (FileRefused, WorkFailed, PagesKnown) as error:
        # The work was done under the object's name; people know the file by its own.
        named = type(error)(**{**error.facts, "name": batch.name})
        _set_aside(bench, batch_id, named.sentence("vi"))


def _as_pdf(bench: Workbench, batch: Batch) -> str:
    """The SHA-256 of the batch as PDF: its own, or that of a picture wrapped without loss."""
    source = StoredObject(batch.sha256, batch.size)
    if batch.kind != FileKind.PDF.value:
        with bench.store.local_copy(batch.sha256) as raw, bench.scratch() as folder:
            target = folder / "normal.pdf"
            kind = FileKind(batch.kind)
            bench.try_isolated(as_pdf, raw, kind, target, seconds=_NORMAL_SECONDS)
            source = bench.store.put_file(target)
    with bench.database.write() as session:
        batches.by_id(session, batch.id, lock=True).source = source.sha256
        kept.note(session, source, at=bench.clock())
    return source.sha256


def _refuse_same_pages(session: Session, batch: Batch, source: str) -> None:
    """Pictures that differ in nothing but what stands around them make the very same pages.

    The one that came first keeps them, unless the other was filed before anybody could know.
    """
    comes_before = or_(
        Batch.taken_in_at < batch.taken_in_at,
        and_(Batch.taken_in_at == batch.taken_in_at, Batch.id < batch.id),
        Batch.state.in_(("sorted", "finished")),
    )
    twin = select(Batch.id).where(Batch.source == source, Batch.id != batch.id, comes_before)
    known = session.scalar(twin.where(Batch.state != "set_aside"))
    if known:
        raise PagesKnown(name=batch.name, batch=known)


def _look_at_pages(bench: Workbench, batch: Batch, source: str) -> None:
    """Look at every page not seen yet, several at once, keeping some pages at a time."""
    with bench.database.read() as session:
        seen = {page.place for page in pages.of_source(session, source)}
    missing = [place for place in range(1, batch.pages + 1) if place not in seen]
    with (
        bench.store.local_copy(source) as path,
        ThreadPoolExecutor(_looks_at_once(batch)) as threads,
    ):

        def look(place: int) -> FirstLook:
            return bench.try_isolated(look_at_page, path, place, seconds=_LOOK_SECONDS)

        for places in _in_groups(missing):
            looks = list(threads.map(look, places))
            with bench.database.write() as session:
                for found in looks:
                    pages.see(
                        session,
                        source,
                        found.place,
                        blank=found.blank,
                        codes=found.codes,
                        quality=found.quality,
                    )


def _looks_at_once(batch: Batch) -> int:
    """An old archive's pages are looked at one by one: several would queue before a citizen's."""
    return 1 if batches.priority_of(batch) is Priority.BULK else _PAGES_AT_ONCE


def _in_groups(places: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(places), _PAGES_AT_ONCE):
        yield places[start : start + _PAGES_AT_ONCE]


def _file_and_put_reading(
    bench: Workbench, session: Session, batch_id: str, *, at: datetime
) -> None:
    batch = batches.by_id(session, batch_id, lock=True)
    if batch.state != "taken_in":
        return
    seen = pages.of_source(session, str(batch.source), lock=True)
    _refuse_same_pages(session, batch, str(batch.source))  # again: their pages are ours alone now
    filing.file_batch(session, batch, seen, jobs=bench.jobs, at=at)
    batch.state = "sorted"
    for page in seen:
        if page.state == "seen":
            bench.jobs.put(session, READ_PAGE, str(page.id))
    session.flush()
    batches.finish_if_done(session, batch, at=at)


def _set_aside(bench: Workbench, batch_id: str, reason: str) -> None:
    with bench.database.write() as session:
        batch = batches.by_id(session, batch_id, lock=True)
        batches.set_aside(session, batch, reason, at=bench.clock())
