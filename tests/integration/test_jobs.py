"""Durable work: put in the caller's transaction, done at least once, never in each other's way."""

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from hoso.db import Database
from hoso.errors import PurposeMissing, StoreFull
from hoso.jobs import Job, Jobs, Priority, Queue, Worker, WorkerBeat, create_job_tables
from tests.builders import Interrupted
from tests.databases import Kind, MigratedDatabase, empty_database
from tests.waiting import until

NOTE = Job("test.note", Queue.COUNTER)
FAIL = Job("test.fail", Queue.COUNTER)
STUMBLE = Job("test.stumble", Queue.PAPERS)
WAIT = Job("test.wait", Queue.PAPERS)


class Bench:
    """A worker whose jobs only note that they were done."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.jobs = Jobs(database)
        self.done: Counter[str] = Counter()
        self.failed: dict[str, Exception] = {}
        self.stumbles: list[Exception] = []
        self.may_go_on = threading.Event()
        self.worker = Worker(
            database,
            handlers={
                NOTE: self._note,
                FAIL: self._fail,
                STUMBLE: self._stumble,
                WAIT: self._wait,
            },
            on_failure=self._set_aside,
            processes=1,
        )

    def put(self, job: Job, subject: str = "", *, round_: str = "") -> str:
        """Put a job for a fresh subject, or for the one given."""
        subject = subject or uuid.uuid4().hex
        with self.database.write() as session:
            self.jobs.put(session, job, subject, round_=round_)
        return subject

    def until_done(self, *subjects: str) -> None:
        until(lambda: all(self.done[subject] for subject in subjects), 30)

    def _note(self, subject: str) -> None:
        self.done[subject] += 1

    def _fail(self, subject: str) -> None:
        self.done[subject] += 1
        raise PurposeMissing

    def _stumble(self, subject: str) -> None:
        if self.stumbles:
            raise self.stumbles.pop()
        self.done[subject] += 1

    def _wait(self, subject: str) -> None:
        self.may_go_on.wait(30)
        self.done[subject] += 1

    def _set_aside(self, job: str, subject: str, error: Exception) -> None:
        self.failed[subject] = error


@pytest.fixture(scope="module")
def bench(
    tmp_path_factory: pytest.TempPathFactory, migrated_database: MigratedDatabase
) -> Iterator[Bench]:
    """One worker for all tests: it is the process's only one, and takes a second to start."""
    with migrated_database.copy(tmp_path_factory.mktemp("jobs")) as url:
        database = Database(url)
        made = Bench(database)
        made.worker.start()
        yield made
        made.worker.stop()
        made.jobs.close()
        database.close()


def test_a_job_is_done_once_its_transaction_is_committed(bench: Bench) -> None:
    subject = uuid.uuid4().hex
    with bench.database.write() as session:
        bench.jobs.put(session, NOTE, subject)
        assert not bench.done[subject]

    bench.until_done(subject)


def test_a_job_put_in_a_transaction_that_failed_is_never_done(bench: Bench) -> None:
    lost = uuid.uuid4().hex
    with suppress(Interrupted), bench.database.write() as session:
        bench.jobs.put(session, NOTE, lost, priority=Priority.WAITING_CITIZEN)
        raise Interrupted

    bench.until_done(bench.put(NOTE))  # put later, into the same queue

    assert not bench.jobs.is_waiting(NOTE, lost)
    assert not bench.done[lost]


def test_a_job_put_twice_is_done_once(bench: Bench) -> None:
    subject = bench.put(NOTE)
    bench.put(NOTE, subject)
    bench.until_done(subject)
    bench.put(NOTE, subject)  # done already

    bench.until_done(bench.put(NOTE))

    assert bench.done[subject] == 1


def test_a_new_round_has_it_done_again(bench: Bench) -> None:
    subject = bench.put(NOTE)
    bench.until_done(subject)

    bench.put(NOTE, subject, round_="2")
    bench.put(NOTE, subject, round_="2")

    until(lambda: bench.done[subject] == 2, 30)


def test_a_job_that_fails_is_set_aside_with_its_reason_and_stops_nothing(bench: Bench) -> None:
    poisonous, sound = bench.put(FAIL), bench.put(NOTE)

    bench.until_done(sound)
    until(lambda: poisonous in bench.failed, 30)

    assert isinstance(bench.failed[poisonous], PurposeMissing)
    assert bench.done[poisonous] == 1
    until(lambda: not bench.jobs.is_waiting(FAIL, poisonous), 30)


@pytest.mark.parametrize(
    "passing",
    [OperationalError("UPDATE page", {}, Exception("database is locked")), StoreFull()],
    ids=["a locked database", "a full store"],
)
def test_a_fault_that_passes_is_tried_again(bench: Bench, passing: Exception) -> None:
    bench.stumbles = [passing]

    subject = bench.put(STUMBLE)

    bench.until_done(subject)
    assert bench.done[subject] == 1
    assert subject not in bench.failed


def test_a_job_in_hand_is_waiting_until_it_is_done(bench: Bench) -> None:
    subject = bench.put(WAIT)
    assert bench.jobs.is_waiting(WAIT, subject)
    assert not bench.jobs.is_waiting(WAIT, subject[:16])  # another subject beginning alike
    assert not bench.jobs.is_waiting(NOTE, subject)

    bench.may_go_on.set()

    bench.until_done(subject)
    until(lambda: not bench.jobs.is_waiting(WAIT, subject), 30)


def test_a_working_worker_is_heard_of(bench: Bench) -> None:
    with bench.database.read() as session:
        assert session.get(WorkerBeat, bench.worker.executor_id) is not None


def test_job_tables_are_made_once(database_kind: Kind, tmp_path: Path) -> None:
    with empty_database(database_kind, tmp_path) as url:
        database = Database(url)

        create_job_tables(database)
        create_job_tables(database)

        jobs = Jobs(database)
        with database.write() as session:
            jobs.put(session, NOTE, "first")
        assert jobs.is_waiting(NOTE, "first")
        jobs.close()
        database.close()
