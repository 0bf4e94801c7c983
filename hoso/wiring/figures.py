"""What those who run the service watch: everything that is read off the archive, as values.

Shown by `/metrics`. What is asked of the database is kept for some seconds, and what costs more
for a minute, so that neither one scraper nor ten cost the counter anything.
"""

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, Generic, Protocol, TypeVar, runtime_checkable

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from hoso import jobs
from hoso.dossier.figures import DossierFigures, FailedFigures, dossier_figures, failed_figures
from hoso.scanner_ingest.tables import Batch
from hoso.storage import kept
from hoso.storage.kept import FixityFigures
from hoso.telemetry import tally
from hoso.telemetry.tally import Counted
from hoso.wiring.archive import Archive

log = logging.getLogger(__name__)

_FEW_SECONDS: Final = 5.0
_A_MINUTE: Final = 60.0
_MOST_SHARE: Final = 0.01
BACKUP_MARK: Final = "last-backup"
"""Touched in the data folder when a backup has ended well; its time of change is all it says."""

T = TypeVar("T")


@runtime_checkable
class Spools(Protocol):
    """A store that keeps objects on the local disk while its server is away."""

    def waiting(self) -> tuple[int, float]:
        """How many objects wait to be brought over, and for how many seconds the oldest."""
        ...


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """How far work is: jobs by queue, all work ever counted, and what was set aside."""

    jobs: jobs.Figures
    done: list[Counted]
    failed: FailedFigures
    files_set_aside: int


@dataclass(frozen=True, slots=True)
class DiskFigures:
    """The data folder's disk, in bytes; when a backup last ended well, in seconds since 1970.

    `spooled` and `spooled_seconds`: objects that wait for the store's server, and for how long.
    """

    free: int
    total: int
    backed_up_at: float | None
    spooled: int
    spooled_seconds: float


class Kept(Generic[T]):
    """A value asked for anew after some seconds; those who come meanwhile get the one before.

    `sparing`: what took long is kept longer, so that asking takes a hundredth of the time at most.
    Gives None while it cannot be had, so that one dead thing hides no other figure.
    """

    def __init__(self, ask: Callable[[], T], seconds: float, *, sparing: bool = False) -> None:
        self._ask, self._seconds, self._sparing = ask, seconds, sparing
        self._lock = threading.Lock()
        self._value: T | None = None
        self._until = float("-inf")

    def __call__(self) -> T | None:
        """The value, at most so many seconds old."""
        with self._lock:
            if monotonic() >= self._until:
                began = monotonic()
                self._value = self._asked()
                spared = (monotonic() - began) / _MOST_SHARE if self._is_spared() else 0.0
                self._until = began + max(self._seconds, spared)
            return self._value

    def _is_spared(self) -> bool:
        """What could not be had is asked for again soon, however long that took to find out."""
        return self._sparing and self._value is not None

    def _asked(self) -> T | None:
        try:
            return self._ask()
        except (SQLAlchemyError, OSError) as fault:
            log.warning("figures cannot be had", extra={"fault": type(fault).__name__})
            return None


class Figures:
    """The figures of one archive. Each is None while it cannot be had."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.work = Kept(self._work, _FEW_SECONDS)
        self.dossiers = Kept(self._dossiers, _A_MINUTE, sparing=True)
        self.disk = Kept(self._disk, _FEW_SECONDS)
        self.objects = Kept(self._objects, _A_MINUTE, sparing=True)

    def _work(self) -> WorkFigures:
        in_jobs = self._archive.jobs.figures(at=self._archive.clock())
        with self._archive.database.read() as session:
            aside = select(func.count()).select_from(Batch).where(Batch.state == "set_aside")
            return WorkFigures(
                jobs=in_jobs,
                done=tally.read(session),
                failed=failed_figures(session),
                files_set_aside=session.scalar(aside) or 0,
            )

    def _dossiers(self) -> DossierFigures:
        with self._archive.database.read() as session:
            return dossier_figures(session, at=self._archive.clock())

    def _objects(self) -> FixityFigures:
        with self._archive.database.read() as session:
            return kept.figures(session)

    def _disk(self) -> DiskFigures:
        folder = self._archive.settings.data_dir
        usage = shutil.disk_usage(folder)
        mark = folder / BACKUP_MARK
        backed_up_at = mark.stat().st_mtime if mark.exists() else None
        store = self._archive.store_itself
        spooled = store.waiting() if isinstance(store, Spools) else (0, 0.0)
        return DiskFigures(usage.free, usage.total, backed_up_at, *spooled)
