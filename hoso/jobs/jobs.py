"""Putting jobs, from any process, and telling how many wait."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hoso.clock import now
from hoso.db import Database
from hoso.jobs import ledger
from hoso.jobs.beats import WorkerBeat
from hoso.jobs.kinds import APPLICATION, JOBS_VERSION, WORKFLOW, Job, Priority, Queue, following

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbos import DBOSClient, EnqueueOptions

# A worker beats every 2 s; one that has not for so long is not counted as alive.
_ALIVE_SECONDS: Final = 30.0
_in_hand: ContextVar[int | None] = ContextVar("priority_of_the_job_in_hand", default=None)


@dataclass(frozen=True, slots=True)
class Figures:
    """How durable work stands, for alarms and graphs.

    `waiting` and `running` count jobs per queue; `oldest_seconds` is the age per queue of the job
    that has waited longest (0: none waits); `workers` counts those alive. What was set aside is
    told by the rows it concerns (`scanner_ingest.worklist`).
    """

    waiting: Mapping[Queue, int]
    running: Mapping[Queue, int]
    oldest_seconds: Mapping[Queue, float]
    workers: int


class Jobs:
    """Puts jobs, from any process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def _client(self) -> "DBOSClient":
        return _client_on(self._database)

    def put(
        self,
        session: Session,
        job: Job,
        subject: str,
        *,
        priority: int | None = None,
        round_: str = "",
    ) -> None:
        """Have `job` done for `subject` once this transaction is committed.

        The same job for the same subject is put once; a new `round_` has it done again. Without a
        `priority`, a job put by a job comes right before others of that job's priority.
        """
        chosen = int(_inherited() if priority is None else priority)
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": job.queue_at(chosen).value,
            "workflow_id": job.id_for(subject, round_),
            "app_version": JOBS_VERSION,
            "priority": chosen,
        }
        session.flush()
        self._client.enqueue_in_transaction(session, options, job.name, subject, chosen)

    def put_again(
        self, session: Session, job: Job, subject: str, *, priority: int | None = None
    ) -> None:
        """Have a finished job done anew; one that still waits is not put twice."""
        self.forget(session, job, subject)
        self.put(session, job, subject, priority=priority)

    def forget(self, session: Session, job: Job, subject: str) -> None:
        """Keep nothing of the job's finished rounds."""
        ledger.forget(session, [job.id_for(subject)])

    def cancel(self, session: Session, job: Job, subject: str) -> None:
        """Have nobody do it any more, whichever round."""
        ledger.cancel(session, [job.id_for(subject)])

    def is_waiting(self, job: Job, subject: str) -> bool:
        """Whether some round of this job is waiting or being done."""
        with self._database.read() as session:
            return not self.missing(session, [(job, subject)])

    def missing(self, session: Session, wanted: Iterable[tuple[Job, str]]) -> list[tuple[Job, str]]:
        """Those of the wanted jobs that are neither waiting nor being done."""
        by_id = {job.id_for(subject): (job, subject) for job, subject in wanted}
        return [by_id[id_] for id_ in sorted(ledger.missing(session, by_id))]

    def entries(
        self, session: Session, *states: ledger.State, job: Job | None = None, limit: int
    ) -> list[ledger.Entry]:
        """Jobs in these states, those first that go first; only of one kind if it is named."""
        return ledger.entries(session, *states, name=job.name if job else None, limit=limit)

    def recorded(self, session: Session, ids: Sequence[str]) -> Mapping[str, ledger.Entry]:
        """What is kept of the first rounds of jobs, by `Job.id_for`."""
        return ledger.of_ids(session, ids)

    def figures(self, *, at: datetime | None = None) -> Figures:
        """How many jobs wait, for how long, and who works on them."""
        at = at or now()
        with self._database.read() as session:
            counted = ledger.count(session)
            beats = session.scalars(select(WorkerBeat.at)).all()
        waiting, running = dict.fromkeys(Queue, 0), dict.fromkeys(Queue, 0)
        oldest = dict.fromkeys(Queue, 0.0)
        for name, state, number, since in counted:
            if name not in set(Queue):
                continue  # of the job library itself
            queue = Queue(name)
            if state is ledger.State.RUNNING:
                running[queue] += number
                continue
            waiting[queue] += number
            age = at.timestamp() - since / 1000 if since is not None else 0.0
            oldest[queue] = max(oldest[queue], age)
        alive = timedelta(seconds=_ALIVE_SECONDS)
        workers = sum(abs(at - beat) < alive for beat in beats)
        return Figures(waiting, running, oldest, workers)

    def close(self) -> None:
        """Give the connections back."""
        if "_client" in self.__dict__:
            self._client.destroy()


def create_job_tables(database: Database) -> None:
    """Bring the job library's own tables up to its version."""
    client = _client_on(database)
    try:
        client._sys_db.run_migrations()  # noqa: SLF001  # the library offers this only on its command line
    finally:
        client.destroy()


@contextmanager
def in_hand(priority: int) -> "Iterator[None]":
    """Within this block a job of that priority is being done by this thread."""
    before = _in_hand.set(priority)
    try:
        yield
    finally:
        _in_hand.reset(before)


def _inherited() -> int:
    priority = _in_hand.get()
    return Priority.ORDINARY if priority is None else following(priority)


def _client_on(database: Database) -> "DBOSClient":
    from dbos import DBOSClient  # noqa: PLC0415  # 0.4 s that a lookup or a slip need not wait for

    return DBOSClient(
        system_database_url=database.url,
        system_database_engine=engine_of_jobs(database),
        application_name=APPLICATION,
        lazy=True,
    )


def engine_of_jobs(database: Database) -> Engine | None:
    """On PostgreSQL jobs share our writers' connections; SQLite's begin in a way of their own."""
    return None if database.is_sqlite else database.writer
