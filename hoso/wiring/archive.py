"""The archive that every edge works with: the real thing behind every promise."""

import shutil
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from hoso import clock as office_clock
from hoso.clock import Clock
from hoso.db import Database
from hoso.dossier.work import Workbench
from hoso.errors import FileUnreadable, WorkFailed
from hoso.imaging.files import FileFacts, Limits, inspect
from hoso.imaging.isolation import PageProcesses
from hoso.jobs import Jobs
from hoso.migrations import migrate
from hoso.settings import Settings
from hoso.storage import kept
from hoso.storage.opening import open_store
from hoso.storage.spooling import SpoolingStore
from hoso.storage.store import ObjectStore
from hoso.storage.traced import traced
from hoso.telemetry import tracing

_INSPECT_SECONDS = 60.0
_LEFTOVER_SECONDS = 24 * 3600.0
# How long a far store may be away from one machine until the others take its objects for lost.
_LONGEST_ON_ITS_WAY = timedelta(days=1)


class Archive:
    """Everything an edge (web, command, worker) works with. A context manager."""

    def __init__(
        self, settings: Settings, *, clock: Clock = office_clock.now, processes: int = 1
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.database_url, connections=settings.database_connections)
        self.store_itself = open_store(settings.storage_url, settings, spooling=True)
        self.store = _told(self.store_itself)
        if tracing.is_wanted():
            for engine in self.database.engines:
                tracing.trace_database(engine)
        self.jobs = Jobs(self.database)
        self.isolated = PageProcesses(
            processes,
            memory_bytes=settings.page_memory_bytes,
            preload=("hoso.ocr.digitise", "hoso.scanner_ingest.seen"),
            folder=settings.data_dir / "scratch",
        )

    def __enter__(self) -> Self:
        _remove_leftovers(self.incoming_dir)
        self.isolated.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.isolated.__exit__(kind, error, trace)
        self.jobs.close()
        self.database.close()

    def migrate(self) -> None:
        """Bring the database up to this release."""
        migrate(self.database)

    @cached_property
    def replica(self) -> ObjectStore | None:
        """The second store of the settings, if there is one."""
        url = self.settings.replica_url
        return open_store(url, self.settings) if url else None

    @property
    def incoming_dir(self) -> Path:
        """Where files lie on their way in and out; safe to empty when nothing runs."""
        return self.settings.data_dir / "incoming"

    def inspect(self, path: Path, name: str) -> FileFacts:
        """Look at a stranger's file in a child process; refuses what cannot become pages."""
        limits = Limits(
            self.settings.max_upload_bytes, self.settings.max_pages, self.settings.max_page_pixels
        )
        try:
            # Not a function of this module: the child would have to load everything above first.
            look = partial(inspect, name=name, limits=limits)
            return self.isolated.run(look, path, timeout_seconds=_INSPECT_SECONDS)
        except WorkFailed as fault:
            raise FileUnreadable(name=name) from fault

    @property
    def _store_for_jobs(self) -> ObjectStore:
        store = self.store_itself
        if not isinstance(store, SpoolingStore):
            return self.store
        return _told(store.patient(self._is_on_its_way))

    def _is_on_its_way(self, sha256: str) -> bool:
        """Kept so lately that it may still lie in another machine's spool."""
        with self.database.read() as session:
            return kept.was_kept_since(session, sha256, self.clock() - _LONGEST_ON_ITS_WAY)

    @property
    def workbench(self) -> Workbench:
        """What jobs work with."""
        return Workbench(
            database=self.database,
            store=self._store_for_jobs,
            jobs=self.jobs,
            isolated=self.isolated,
            clock=self.clock,
            folder=self.incoming_dir,
            attempts=self.settings.attempts,
            page_timeout_seconds=self.settings.page_timeout_seconds,
            public_url=self.settings.public_url,
            replica=self.replica,
        )

    @property
    def caretaking(self) -> Workbench:
        """What checks, backups and exports work with: a missing object is missing, at once."""
        return replace(self.workbench, store=self.store)


def _told(store: ObjectStore) -> ObjectStore:
    """The store, its calls told as spans where somebody listens."""
    return traced(store) if tracing.is_wanted() else store


def _remove_leftovers(folder: Path) -> None:
    """What a kill left on its way in or out: parts of people's papers, acknowledged to nobody."""
    before = time.time() - _LEFTOVER_SECONDS
    for path in folder.glob("*/"):
        with suppress(FileNotFoundError):  # another start was quicker
            if path.stat().st_mtime < before:
                shutil.rmtree(path)
