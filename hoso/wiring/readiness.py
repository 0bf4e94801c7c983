"""Whether this process can do its work now, and what is amiss around it.

Only what a request cannot be answered without makes the process unready. A store that is away or
a missing worker does not: the counter goes on giving out slips, and a load balancer that took
every process away would turn one fault into two. Such faults are shown here and alarm elsewhere.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from hoso.errors import HosoError, ObjectMissing, Unavailable
from hoso.migrations import is_current
from hoso.scanner_ingest.tables import Batch
from hoso.wiring.archive import Archive
from hoso.wiring.figures import Kept, Spools

_PATIENCE_SECONDS: Final = 2.0
_KEPT_SECONDS: Final = 2.0
_NO_OBJECT: Final = "0" * 64


class Standing(StrEnum):
    """How the whole stands."""

    READY = "ready"
    DEGRADED = "degraded"  # requests are answered; something else has to be mended
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `found` is a stable word; never an address, a path or a secret."""

    name: str
    ok: bool
    found: str
    needed: bool


def standing(checks: list[Check]) -> Standing:
    """How the whole stands, given its parts."""
    if any(check.needed and not check.ok for check in checks):
        return Standing.UNAVAILABLE
    return Standing.READY if all(check.ok for check in checks) else Standing.DEGRADED


class Readiness:
    """Looks at the archive for whoever asks: anybody may, so an answer serves for two seconds.

    A look that takes longer than two seconds is told as such and not begun a second time.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._looking: dict[str, Future[str]] = {}
        self._threads = ThreadPoolExecutor(3, thread_name_prefix="readiness")
        self.checks = Kept(self._look, _KEPT_SECONDS)

    def close(self) -> None:
        """Look no more; what hangs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _look(self) -> list[Check]:
        looks = (
            ("database", self._database, True),
            ("store", self._store, False),
            ("worker", self._worker, False),
        )
        for name, look, _ in looks:
            if name not in self._looking:
                self._looking[name] = self._threads.submit(_word, look)
        wait(self._looking.values(), _PATIENCE_SECONDS)
        return [self._check(name, needed=needed) for name, _, needed in looks]

    def _check(self, name: str, *, needed: bool) -> Check:
        if not self._looking[name].done():
            return Check(name, ok=False, found="no_answer", needed=needed)
        found = self._looking.pop(name).result()
        return Check(name, ok=found in {"ok", "spooling"}, found=found, needed=needed)

    def _database(self) -> str:
        return "ok" if is_current(self._archive.database) else "not_migrated"

    def _store(self) -> str:
        """Asks for the newest object: a disk that is not mounted answers as well, but has none."""
        with self._archive.database.read() as session:
            newest = session.scalar(
                select(Batch.sha256).order_by(Batch.taken_in_at.desc()).limit(1)
            )
        try:
            self._archive.store.size(newest or _NO_OBJECT)
        except ObjectMissing:
            return "newest_object_missing" if newest else "ok"
        except Unavailable:
            if isinstance(self._archive.store_itself, Spools):
                return "spooling"
            raise
        return "ok"

    def _worker(self) -> str:
        alive = self._archive.jobs.figures(at=self._archive.clock()).workers
        return "ok" if alive else "none_alive"


def _word(look: Callable[[], str]) -> str:
    try:
        return look()
    except HosoError as fault:
        return fault.code
    except SQLAlchemyError:
        return "database_unreachable"
    except OSError:
        return "unreachable"
