"""Work that outlives the process that asked for it.

A job is a name and a subject (an id). It is put in the caller's own transaction, so it exists
exactly when the rows it works on do. Jobs are run at least once: what they do must be harmless
when done again. DBOS keeps them in the same database; nothing else here knows DBOS.
"""

import errno
import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, delete, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from hoso.clock import now
from hoso.db import Database, Moment, Table
from hoso.errors import Unavailable

if TYPE_CHECKING:
    from dbos import DBOSClient, DBOSConfig, EnqueueOptions

log = logging.getLogger(__name__)

# Raised when a job's arguments change: jobs of another version wait for a worker that knows them.
JOBS_VERSION = "1"
_APPLICATION = "hoso"
_WORKFLOW = "hoso_job"
# A queue hands out jobs only when it is polled, so each worker holds a few more than it can do at
# once: with as many as cores, the cores were idle for up to a poll between two pages.
_HELD_PER_CORE = 4
_BEAT_SECONDS = 2.0
_DEAD_AFTER_SECONDS = 10.0
_ALIVE_SECONDS = 30.0


class Queue(StrEnum):
    """What waits for what: a stack is sorted while other stacks are still being read."""

    COUNTER = "counter"  # seconds, a citizen waits
    PAGES = "pages"  # one job per core
    PAPERS = "papers"  # building archived files


class Priority:
    """Within a queue, smaller goes first."""

    WAITING_CITIZEN = 10
    ORDINARY = 100


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work: its stable name and where it waits."""

    name: str
    queue: Queue


class WorkerBeat(Table):
    """When each worker was last heard of, by the database's clock."""

    __tablename__ = "worker_beat"

    executor_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[Any] = mapped_column(Moment)


@dataclass(frozen=True, slots=True)
class Figures:
    """How durable work stands, for alarms and graphs.

    `waiting` and `running` count jobs per queue; `oldest_seconds` is the age per queue of the job
    that has waited longest (0: none waits); `workers` counts those alive.
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
        priority: int = Priority.ORDINARY,
        round_: str = "",
    ) -> None:
        """Have `job` done for `subject` once this transaction is committed.

        The same job for the same subject is put once; a new `round_` has it done again.
        """
        options: EnqueueOptions = {
            "workflow_name": _WORKFLOW,
            "queue_name": job.queue.value,
            "workflow_id": f"{job.name}:{subject}" + (f"~{round_}" if round_ else ""),
            "app_version": JOBS_VERSION,
            "priority": priority,
        }
        session.flush()
        self._client.enqueue_in_transaction(session, options, job.name, subject)

    def is_waiting(self, job: Job, subject: str) -> bool:
        """Whether some round of this job is waiting or being done."""
        found = self._client.list_workflows(
            workflow_id_prefix=f"{job.name}:{subject}",
            status=["ENQUEUED", "PENDING", "DELAYED"],
            load_input=False,
            load_output=False,
        )
        ids = {flow.workflow_id.partition("~")[0] for flow in found}
        return f"{job.name}:{subject}" in ids

    def figures(self, *, at: datetime | None = None) -> Figures:
        """How many jobs wait, for how long, and who works on them."""
        at = at or now()
        schema = "" if self._database.is_sqlite else "dbos."
        query = (
            "SELECT queue_name, status, count(*), min(created_at) "  # noqa: S608  # a constant
            f"FROM {schema}workflow_status "
            "WHERE status IN ('ENQUEUED', 'PENDING') AND queue_name IS NOT NULL "
            "GROUP BY queue_name, status"
        )
        with self._database.read() as session:
            counted = session.execute(text(query)).all()
            beats = session.scalars(select(WorkerBeat.at)).all()
        waiting, running = dict.fromkeys(Queue, 0), dict.fromkeys(Queue, 0)
        oldest = dict.fromkeys(Queue, 0.0)
        for name, status, number, since in counted:
            if name not in set(Queue):
                continue  # of the job library itself
            queue = Queue(name)
            (waiting if status == "ENQUEUED" else running)[queue] = number
            if status == "ENQUEUED":
                oldest[queue] = max(at.timestamp() - since / 1000, 0.0)
        workers = sum(abs((at - beat).total_seconds()) < _ALIVE_SECONDS for beat in beats)
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


def _client_on(database: Database) -> "DBOSClient":
    from dbos import DBOSClient  # noqa: PLC0415  # 0.4 s that a lookup or a slip need not wait for

    return DBOSClient(system_database_url=database.url, application_name=_APPLICATION, lazy=True)


Handler = Callable[[str], None]
FailureHandler = Callable[[str, str, Exception], None]


class Worker:
    """Runs jobs in this process until stopped; takes up what dead workers left behind."""

    def __init__(
        self,
        database: Database,
        *,
        handlers: Mapping[str, Handler],
        on_failure: FailureHandler,
        processes: int,
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._on_failure = on_failure
        self._processes = processes
        self._stop = threading.Event()
        self.executor_id = f"{_here()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"

    def start(self) -> None:
        """Begin taking jobs; returns at once."""
        from dbos import DBOS  # noqa: PLC0415  # as above

        config: DBOSConfig = {
            "name": _APPLICATION,
            "system_database_url": self._database.url,
            "application_version": JOBS_VERSION,
            "executor_id": self.executor_id,
            "log_level": "ERROR",
            "use_listen_notify": False,
            "max_executor_threads": self._processes * (_HELD_PER_CORE + 1) + 8,
        }
        DBOS(config=config)

        @DBOS.workflow(name=_WORKFLOW)
        def hoso_job(name: str, subject: str) -> None:
            self._run(name, subject)

        self._beat()  # before the first job is taken, or another worker would think us dead
        DBOS.launch()
        for queue, held, poll_seconds in (
            (Queue.COUNTER, 2, 0.25),
            (Queue.PAGES, self._processes * _HELD_PER_CORE, 0.5),
            (Queue.PAPERS, self._processes, 0.5),
        ):
            DBOS.register_queue(
                queue.value,
                worker_concurrency=held,
                polling_interval_sec=poll_seconds,
                on_conflict="always_update",
            )
        self._take_up_after_the_dead()
        threading.Thread(target=self._keep_beating, name="worker-beat", daemon=True).start()

    def stop(self) -> None:
        """Take no more jobs, wait for those in hand."""
        from dbos import DBOS  # noqa: PLC0415  # as above

        self._stop.set()
        DBOS.destroy(workflow_completion_timeout_sec=30)
        with self._database.write() as session:
            session.execute(delete(WorkerBeat).where(WorkerBeat.executor_id == self.executor_id))

    def _run(self, name: str, subject: str) -> None:
        from dbos import DBOS  # noqa: PLC0415  # as above

        DBOS.run_step(
            {
                "name": name,
                "retries_allowed": True,
                "max_attempts": 10,
                "interval_seconds": 0.5,
                "should_retry": _will_pass,
            },
            self._do,
            name,
            subject,
        )

    def _do(self, name: str, subject: str) -> None:
        try:
            self._handlers[name](subject)
        except Exception as exc:
            if _will_pass(exc):
                # One line for each attempt; DBOS's own would be a stack trace.
                fault = exc.code if isinstance(exc, Unavailable) else type(exc).__name__
                log.warning(
                    "job is tried again", extra={"job": name, "subject": subject, "fault": fault}
                )
                raise
            # A job that fails for good must not be lost in a log: its subject is set aside.
            log.exception("job failed", extra={"job": name, "subject": subject})
            self._on_failure(name, subject, exc)

    def _keep_beating(self) -> None:
        while not self._stop.wait(_BEAT_SECONDS):
            try:
                self._beat()
                self._take_up_after_the_dead()
            except OperationalError:
                log.warning("the database did not take a heartbeat; trying again")

    def _beat(self) -> None:
        with self._database.write() as session:
            session.merge(WorkerBeat(executor_id=self.executor_id, at=_database_time(session)))

    def _take_up_after_the_dead(self) -> None:
        """Put jobs of silent workers back in their queues.

        DBOS fences this: a job goes back only while it still names its dead owner, so two
        workers doing this at once are harmless.
        """
        from dbos import DBOS  # noqa: PLC0415  # as above

        with self._database.read() as session:
            silent_since = _database_time(session) - timedelta(seconds=_DEAD_AFTER_SECONDS)
            alive = set(
                session.scalars(select(WorkerBeat.executor_id).where(WorkerBeat.at > silent_since))
            )
        in_hand = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        owners = {flow.executor_id for flow in in_hand if flow.executor_id}
        dead = sorted(owner for owner in owners if owner not in alive or _has_ended(owner))
        if dead:
            DBOS._recover_pending_workflows(dead)  # noqa: SLF001  # the open-source engine offers no public call


def _here() -> str:
    """This machine, or this container on it: where a process number means one process."""
    namespace = Path("/proc/self/ns/pid")
    inner = f".{namespace.stat().st_ino}" if namespace.exists() else ""
    return socket.gethostname() + inner


def _has_ended(executor_id: str) -> bool:
    """Whether the worker was one of this machine and its process is gone.

    A worker restarted after a crash need not wait for the dead one's heartbeat to grow old.
    """
    machine, pid, _ = executor_id.rsplit("-", 2)
    if machine != _here():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _will_pass(exc: BaseException) -> bool:
    """Faults that trying again cures: a locked database, a store that is away, a full disk."""
    if isinstance(exc, OSError):
        return exc.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(exc, OperationalError | Unavailable)


def _database_time(session: Session) -> Any:
    """The database's own clock: workers' clocks may differ."""
    if session.get_bind().dialect.name == "sqlite":
        return now()  # one machine, one clock
    return session.scalar(text("select clock_timestamp()"))
