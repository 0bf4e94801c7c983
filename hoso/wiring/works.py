"""The durable work of an archive: which job does what, and what its failure leaves behind."""

import logging
import threading
from collections.abc import Mapping

from hoso.db import PASSING
from hoso.dossier import components, pages, work
from hoso.errors import HosoError, Unavailable
from hoso.jobs import Handler, Job, Worker
from hoso.ocr import archiving, digitise, explaining
from hoso.ocr.engines import EngineChoice
from hoso.preservation import protecting
from hoso.preservation.checking import RollingCheck
from hoso.scanner_ingest import batches, sorting
from hoso.scanner_ingest.reconcile import reconcile
from hoso.telemetry.context import going_on
from hoso.telemetry.tally import Tally
from hoso.telemetry.tracing import span
from hoso.wiring.archive import Archive

log = logging.getLogger(__name__)

_RECONCILE_SECONDS = 60.0
_CHECK_SECONDS = 60.0
_TALLY_SECONDS = 5.0


class Works:
    """The durable work of an archive, run in this process until stopped."""

    def __init__(self, archive: Archive) -> None:
        self._bench = archive.workbench
        self._engine = EngineChoice.of(archive.settings)
        self._stop = threading.Event()
        self._rolling = RollingCheck(archive.caretaking, archive.settings.fixity_days)
        self._tally = Tally()
        self._worker = Worker(
            archive.database,
            handlers={job: self._timed(job.name, do) for job, do in self._handlers().items()},
            on_failure=self._set_aside,
            processes=archive.settings.page_processes,
        )

    def start(self) -> None:
        """Take up jobs; put those that are missing."""
        self._worker.start()
        reconcile(self._bench)
        threading.Thread(target=self._keep_reconciling, name="reconciler", daemon=True).start()
        threading.Thread(target=self._keep_checking, name="fixity", daemon=True).start()
        threading.Thread(target=self._keep_telling, name="tally", daemon=True).start()

    def stop(self) -> None:
        """Finish what is in hand and take no more."""
        self._stop.set()
        self._worker.stop()
        self._tell()

    def _handlers(self) -> Mapping[Job, Handler]:
        return {
            work.SORT_BATCH: self._sort,
            work.READ_PAGE: self._read,
            work.ARCHIVE_COMPONENT: self._archive,
            work.EXPLAIN_COMPONENT: self._explain,
            work.BUNDLE_DOSSIER: self._bundle,
            work.PROTECT_DOSSIER: self._protect,
        }

    def _timed(self, name: str, do: Handler) -> Handler:
        def timed(subject: str) -> None:
            facts = {"job": name, "subject": subject}
            with going_on(**facts), span(f"job {name}", **facts), self._tally.timed(name):
                do(subject)

        return timed

    def _sort(self, batch_id: str) -> None:
        sorting.sort_batch(self._bench, batch_id)

    def _read(self, page_id: str) -> None:
        source = digitise.read_one_page(self._bench, self._engine, int(page_id))
        if source:
            self._finish_batches_of(source)

    def _archive(self, component_id: str) -> None:
        self._finish(archiving.archive_component(self._bench, component_id))

    def _explain(self, component_id: str) -> None:
        explaining.explain_component(self._bench, component_id)

    def _bundle(self, dossier_code: str) -> None:
        archiving.bundle_dossier(self._bench, dossier_code)

    def _protect(self, dossier_code: str) -> None:
        protecting.protect_dossier(self._bench, dossier_code)

    def _finish_batches_of(self, source: str) -> None:
        with self._bench.database.read() as session:
            waiting = batches.of_source(session, source)
        for batch in waiting:
            self._finish(batch.id)

    def _finish(self, batch_id: str) -> None:
        with self._bench.database.write() as session:
            batch = batches.by_id(session, batch_id)
            batches.finish_if_done(session, batch, at=self._bench.clock())

    def _set_aside(self, job: str, subject: str, error: Exception) -> None:
        """Note on the subject itself why a job failed for good, so that nothing waits for it."""
        reason = error.sentence() if isinstance(error, HosoError) else type(error).__name__
        with self._bench.database.write() as session:
            if job == work.SORT_BATCH.name:
                batch = batches.by_id(session, subject, lock=True)
                batches.set_aside(session, batch, reason, at=self._bench.clock())
            elif job == work.READ_PAGE.name:
                page = pages.by_id(session, int(subject), lock=True)
                page.state, page.failure = "failed", "internal_error"
            elif job == work.ARCHIVE_COMPONENT.name:
                components.by_id(session, subject, lock=True).failure = reason[:500]
        if job == work.ARCHIVE_COMPONENT.name:
            self._finish_after_failure(subject)

    def _finish_after_failure(self, component_id: str) -> None:
        with self._bench.database.read() as session:
            batch_id = components.by_id(session, component_id).batch_id
        self._finish(batch_id)

    def _keep_reconciling(self) -> None:
        while not self._stop.wait(_RECONCILE_SECONDS):
            self._tidy_store()
            try:
                found = reconcile(self._bench)
            except PASSING:
                log.warning("the database did not answer the reconciler; it asks again")
                continue
            if found:
                log.warning("jobs were missing and put again", extra={"jobs": found})

    def _keep_checking(self) -> None:
        while not self._stop.wait(_CHECK_SECONDS):
            try:
                self._rolling.do_a_minutes_share(self._stop.is_set)
            except (*PASSING, Unavailable, OSError) as fault:
                log.warning("fixity waits", extra={"fault": type(fault).__name__})

    def _tidy_store(self) -> None:
        try:
            self._bench.store.tidy()
        except Unavailable as fault:
            log.warning("the store was not tidied", extra={"fault": fault.code})

    def _keep_telling(self) -> None:
        while not self._stop.wait(_TALLY_SECONDS):
            self._tell()

    def _tell(self) -> None:
        try:
            self._tally.flush(self._bench.database)
        except PASSING:
            log.warning("the database did not take the tally; it is added later")
