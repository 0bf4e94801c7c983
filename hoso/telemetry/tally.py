"""How much work was done and how long it took, kept in the database and summed over all workers.

A worker counts in memory and adds what it counted to shared rows now and then, so that one scrape
of any web process tells about every worker, and no worker needs a port of its own. A worker that
is killed takes the last few seconds of its count with it: these are figures, not records.
"""

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Final

from sqlalchemy import BigInteger, Float, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from hoso.db import Database, Table

# Upper bounds in seconds; the last row of each histogram has no bound and is kept as -1, because
# SQLite has no infinity that it would find again.
BOUNDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0, 60.0)
_UNBOUNDED: Final = -1.0


class Outcome(StrEnum):
    """How an attempt at a job ended."""

    DONE = "done"
    FAILED = "failed"


class WorkTally(Table):
    """Attempts at one kind of job that ended so, and took so long. Only ever counts up."""

    __tablename__ = "work_tally"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(10), primary_key=True)
    within: Mapped[float] = mapped_column(Float, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float] = mapped_column(Float)


@dataclass(frozen=True, slots=True)
class Counted:
    """All attempts at one kind of job with one outcome.

    `numbers` are those within each of `BOUNDS` and above the one before; the last one is above all.
    """

    job: str
    outcome: Outcome
    numbers: tuple[int, ...]
    seconds: float


class Tally:
    """Counts in this process, until `flush` adds it to everybody's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, str, float], tuple[int, float]] = defaultdict(_nothing)

    @contextmanager
    def timed(self, job: str) -> Iterator[None]:
        """Count this block as an attempt at the job; failed when it raises."""
        began = monotonic()
        try:
            yield
        except BaseException:
            self.count(job, Outcome.FAILED, monotonic() - began)
            raise
        self.count(job, Outcome.DONE, monotonic() - began)

    def count(self, job: str, outcome: Outcome, seconds: float) -> None:
        """Count one attempt."""
        place = bisect_left(BOUNDS, seconds)
        within = BOUNDS[place] if place < len(BOUNDS) else _UNBOUNDED
        with self._lock:
            number, total = self._counted[job, outcome.value, within]
            self._counted[job, outcome.value, within] = number + 1, total + seconds

    def flush(self, database: Database) -> None:
        """Add what was counted since the last time; it stays counted here if that fails."""
        with self._lock:
            # A copy: what is counted while the database is written to belongs to the next time.
            taken = dict(self._counted)
        if not taken:
            return
        with database.write() as session:
            # In one order everywhere: two workers never wait for each other's rows.
            for key in sorted(taken):
                _add(session, key, *taken[key])
        with self._lock:
            for key, (number, seconds) in taken.items():
                left = self._counted[key][0] - number, self._counted[key][1] - seconds
                if left[0]:
                    self._counted[key] = left
                else:
                    del self._counted[key]


def read(session: Session) -> list[Counted]:
    """Everything that was ever counted, by job and outcome."""
    rows = session.scalars(select(WorkTally).order_by(WorkTally.job, WorkTally.outcome))
    found: dict[tuple[str, str], list[WorkTally]] = defaultdict(list)
    for row in rows:
        found[row.job, row.outcome].append(row)
    return [_counted(job, outcome, rows) for (job, outcome), rows in found.items()]


def _counted(job: str, outcome: str, rows: list[WorkTally]) -> Counted:
    by_bound = {row.within: row.number for row in rows}
    numbers = tuple(by_bound.get(bound, 0) for bound in (*BOUNDS, _UNBOUNDED))
    return Counted(job, Outcome(outcome), numbers, sum(row.seconds for row in rows))


def _add(session: Session, key: tuple[str, str, float], number: int, seconds: float) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    job, outcome, within = key
    new = dialect.insert(WorkTally).values(
        job=job, outcome=outcome, within=within, number=number, seconds=seconds
    )
    session.execute(
        new.on_conflict_do_update(
            index_elements=["job", "outcome", "within"],
            set_={
                "number": WorkTally.number + new.excluded.number,
                "seconds": WorkTally.seconds + new.excluded.seconds,
            },
        )
    )


def _nothing() -> tuple[int, float]:
    return 0, 0.0
