"""Durable work in a paper's life: its kinds in their order, and what every job is given."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from hoso.clock import Clock
from hoso.db import Database
from hoso.errors import WorkCrashed
from hoso.jobs import Job, Jobs, Queue
from hoso.storage.store import ObjectStore
from hoso.telemetry.tracing import span

SORT_BATCH = Job("batch.sort", Queue.COUNTER)
READ_PAGE = Job("page.read", Queue.PAGES)
ARCHIVE_COMPONENT = Job("component.archive", Queue.PAPERS)
EXPLAIN_COMPONENT = Job("component.explain", Queue.PAPERS)
BUNDLE_DOSSIER = Job("dossier.bundle", Queue.PAPERS)
PROTECT_DOSSIER = Job("dossier.protect", Queue.PAPERS)

T = TypeVar("T")


class Isolated(Protocol):
    """Runs a function on a stranger's file in a child process.

    Raises WorkTimedOut and WorkCrashed; refusals of ours come through as they are.
    """

    def run(self, function: Callable[..., T], *args: object, timeout_seconds: float) -> T:
        """The function's value."""
        ...


@dataclass(frozen=True, slots=True)
class Workbench:
    """What a job works with."""

    database: Database
    store: ObjectStore
    jobs: Jobs
    isolated: Isolated
    clock: Clock
    folder: Path
    attempts: int
    page_timeout_seconds: float
    public_url: str
    replica: ObjectStore | None = None

    def try_isolated(self, function: Callable[..., T], *args: object, seconds: float) -> T:
        """Run isolated; a crash is tried again, a time-out is not (it would only cost another)."""
        with span(f"isolated {function.__name__}"):
            for _ in range(self.attempts - 1):
                try:
                    return self.isolated.run(function, *args, timeout_seconds=seconds)
                except WorkCrashed:
                    continue
            return self.isolated.run(function, *args, timeout_seconds=seconds)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for files on their way; it is gone when the block ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            yield Path(name)
