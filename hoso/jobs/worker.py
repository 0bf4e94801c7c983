"""A worker: takes jobs, does them in turn, and takes up what dead workers left behind."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from hoso.clock import now
from hoso.db import PASSING, Database
from hoso.jobs import ledger
from hoso.jobs.attempts import (
    LONGEST_REST_SECONDS,
    fault_of,
    pause_seconds,
    rest_seconds,
    shall_rest,
    will_pass,
)
from hoso.jobs.beats import (
    RollCall,
    WorkerBeat,
    has_ended,
    name_of_this_worker,
    rest_of_beat,
)
from hoso.jobs.jobs import engine_of_jobs, in_hand
from hoso.jobs.kinds import APPLICATION, JOBS_VERSION, WORKFLOW, Job, Priority, Queue
from hoso.jobs.ledger import State
from hoso.jobs.turns import Closed, Turns

if TYPE_CHECKING:
    from dbos import DBOS, DBOSConfig

log = logging.getLogger(__name__)

# A queue hands out jobs only when it is polled: with no more in hand than cores, a core would be
# idle for up to a poll between two pages. A poll costs 2 to 3 ms of a core.
_HELD_PER_CORE: Final = 4
# Beyond the cores, so that one job's page can be fetched while another's is recognised.
_TURNS_MORE: Final = 1
# Begun so often and never ended: it ends those who begin it, and is set aside.
_MOST_BEGINNINGS: Final = 50
_FINISH_SECONDS: Final = 30.0
_KEPT_DAYS: Final = 30
_SWEPT_AT_ONCE: Final = 200

Handler = Callable[[str], None]
# Job, subject, and what went wrong.
FailureHandler = Callable[[str, str, Exception], None]


class SetAside(Exception):  # noqa: N818  # how a job ends that its subject's row says all about
    """Ends a job whose failure its subject knows; carries nothing but a stable word."""


class WorkersDied(Exception):  # noqa: N818  # told to those who set a subject aside
    """No worker ever came to the end of the job."""


class _Released(BaseException):
    """Leaves a job without an outcome, because the worker stops or it rests: it is done later.

    Not an Exception, because the job library would keep one as the job's outcome.
    """


class Worker:
    """Runs jobs in this process until stopped; takes up what dead workers left behind."""

    def __init__(
        self,
        database: Database,
        *,
        handlers: Mapping[Job, Handler],
        on_failure: FailureHandler,
        processes: int,
    ) -> None:
        self._database = database
        self._kinds = {job.name: (job, handler) for job, handler in handlers.items()}
        self._on_failure = on_failure
        self._processes = processes
        self._stop = threading.Event()
        self._has_finished = threading.Event()
        self._beating = threading.Thread(target=self._keep_beating, name="worker-beat", daemon=True)
        self._turns = Turns(processes + _TURNS_MORE)
        self._in_hand = 0
        self._changed = threading.Condition()
        self._roll_call = RollCall()
        self._library: DBOS
        self.executor_id = name_of_this_worker()

    def start(self) -> None:
        """Begin taking jobs; returns at once."""
        from dbos import DBOS  # noqa: PLC0415  # 0.4 s that a lookup or a slip need not wait for

        held = self._processes * _HELD_PER_CORE
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self._database.url,
            "system_database_engine": engine_of_jobs(self._database),
            "application_version": JOBS_VERSION,
            "executor_id": self.executor_id,
            "log_level": "ERROR",
            "use_listen_notify": False,  # PostgreSQL would announce events, never queued jobs
            "max_executor_threads": 3 * held + 8,
        }
        self._library = DBOS(config=config)
        logging.getLogger("dbos").addFilter(_is_news)

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=_MOST_BEGINNINGS)
        def hoso_job(name: str, subject: str, priority: int = Priority.ORDINARY) -> None:
            self._run(str(DBOS.workflow_id), name, subject, priority)

        for queue, most, poll_seconds in (
            (Queue.COUNTER, 2, 0.25),
            (Queue.PAGES, held, 1.0),  # as long as a core needs for four quick pages
            (Queue.PAPERS, held, 1.0),
            (Queue.BULK, held, 1.0),
        ):
            # Kept in this process. A queue of DBOS's public kind keeps its figures in a row that
            # all workers share: one with 16 cores would set what another with 2 takes.
            self._library._registry._register_internal_queue(  # noqa: SLF001  # see above
                queue.value, worker_concurrency=most, polling_interval_sec=poll_seconds
            )
        self._beat()  # before the first job is taken, or another worker would think us dead
        DBOS.launch()
        self._look_after_others()
        self._beating.start()

    def stop(self) -> None:
        """Take no more jobs, finish those begun, and leave the others to other workers at once."""
        from dbos import DBOS  # noqa: PLC0415  # as above

        self._stop.set()
        self._turns.close()
        for polling in self._library.background_thread_stop_events:
            polling.set()
        with self._changed:
            self._changed.wait_for(lambda: self._in_hand == 0, _FINISH_SECONDS)
        # Not before: a page may take longer than others wait for a beat, and would be read twice.
        self._has_finished.set()
        self._beating.join(_FINISH_SECONDS)
        DBOS.destroy()
        with self._database.write() as session:
            session.execute(delete(WorkerBeat).where(WorkerBeat.executor_id == self.executor_id))
            ledger.put_back(session, [self.executor_id])

    # Doing a job ---------------------------------------------------------------------------

    def _run(self, id_: str, name: str, subject: str, priority: int) -> None:
        """Try a job until it is done, or set aside, or the worker stops."""
        with self._counted(), in_hand(priority):
            attempt = 1
            while not self._is_done(id_, name, subject, priority, attempt):
                rests = shall_rest(attempt) and self._is_put_to_rest(id_)
                if rests or self._stop.wait(pause_seconds(attempt)):
                    raise _Released
                attempt += 1

    def _is_done(self, id_: str, name: str, subject: str, priority: int, attempt: int) -> bool:
        """Do the job; False when it failed and is worth another attempt."""
        job, handler = self._kinds[name]
        try:
            with self._turn(job.queue_at(priority), priority):
                handler(subject)
        except Closed:
            raise _Released from None
        except Exception as exc:
            if self._stop.is_set():  # what it needs may be closing: others will see what it is
                raise _Released from None
            fault = fault_of(exc)
            self._note(id_, fault)
            if will_pass(exc):
                facts = {"job": name, "subject": subject, "fault": fault, "attempt": attempt}
                log.warning("job is tried again", extra=facts)
                return False
            # A job that fails for good must not be lost in a log: its subject is set aside.
            log.exception("job failed", extra={"job": name, "subject": subject})
            self._on_failure(name, subject, exc)
            raise SetAside(fault) from None
        return True

    @contextmanager
    def _turn(self, queue: Queue, priority: int) -> Iterator[None]:
        """Reading and bulk work take turns for the cores; what is quick or awaited waits not."""
        if self._stop.is_set():
            raise Closed
        takes_turns = queue in {Queue.PAGES, Queue.BULK}
        with self._turns.turn(priority) if takes_turns else nullcontext():
            yield

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._changed:
            self._in_hand += 1
        try:
            yield
        finally:
            with self._changed:
                self._in_hand -= 1
                self._changed.notify_all()

    def _note(self, id_: str, fault: str) -> None:
        """For the list of jobs only: a database that is away must not stop the trying."""
        with suppress(*PASSING), self._database.write() as session:
            ledger.note_fault(session, id_, fault=fault)

    def _is_put_to_rest(self, id_: str) -> bool:
        """Leave room in our hands for jobs that do not need what is away.

        False when it is the database: the job stays in hand, or its end would be lost.
        """
        until = now() + timedelta(seconds=rest_seconds())
        try:
            with self._database.write() as session:
                ledger.rest(session, id_, worker=self.executor_id, until=until)
        except PASSING:
            return False
        return True

    # Looking after the others' jobs ---------------------------------------------------------

    def _keep_beating(self) -> None:
        begun = time.monotonic()
        while not self._has_finished.wait(rest_of_beat(begun, time.monotonic())):
            begun = time.monotonic()
            try:
                self._beat()
                if not self._stop.is_set():
                    self._look_after_others()
            except PASSING:
                log.warning("the database did not take a heartbeat; trying again")

    def _beat(self) -> None:
        with self._database.write() as session:
            session.merge(WorkerBeat(executor_id=self.executor_id, at=now()))

    def _look_after_others(self) -> None:
        """Each asks by reading first: nothing to do is the rule, and takes no writer's turn."""
        self._take_up_after_the_dead()
        self._take_up_from_older_releases()
        self._wake_what_rests_too_long()
        self._set_aside_what_kills_workers()
        self._clear_away_what_is_long_done()

    def _take_up_after_the_dead(self) -> None:
        with self._database.read() as session:
            beats = dict(session.execute(select(WorkerBeat.executor_id, WorkerBeat.at)).all())
            owners = ledger.owners(session)
        dead = self._roll_call.silent(beats) | {each for each in beats if has_ended(each)}
        dead |= owners - beats.keys()
        dead -= {self.executor_id}
        if dead:
            with self._database.write() as session:
                taken = ledger.put_back(session, dead)
                session.execute(delete(WorkerBeat).where(WorkerBeat.executor_id.in_(dead)))
            log.warning("workers ended without a word", extra={"workers": len(dead), "jobs": taken})

    def _take_up_from_older_releases(self) -> None:
        with self._database.read() as session:
            waiting = ledger.is_any_older(session)
        if waiting:
            with self._database.write() as session:
                ledger.adopt(session)

    def _wake_what_rests_too_long(self) -> None:
        latest = now() + timedelta(seconds=2 * LONGEST_REST_SECONDS)
        with self._database.read() as session:
            some = ledger.is_any_resting(session, beyond=latest)
        if some:
            with self._database.write() as session:
                ledger.wake(session, resting_beyond=latest)

    def _set_aside_what_kills_workers(self) -> None:
        with self._database.read() as session:
            deadly = ledger.entries(session, State.DEADLY)
        for entry in deadly:
            self._on_failure(entry.name, entry.subject, WorkersDied())
        if deadly:
            with self._database.write() as session:
                ledger.set_aside(session, State.DEADLY, fault=WorkersDied.__name__)

    def _clear_away_what_is_long_done(self) -> None:
        before = now() - timedelta(days=_KEPT_DAYS)
        with self._database.read() as session:
            some = ledger.is_any_done_before(session, before)
        if some:
            with self._database.write() as session:
                ledger.sweep(session, before=before, most=_SWEPT_AT_ONCE)


def _is_news(record: logging.LogRecord) -> bool:
    """A job set aside was logged where it failed; the job library would add a stack trace."""
    return not (record.exc_info and isinstance(record.exc_info[1], SetAside))
