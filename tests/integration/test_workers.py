"""Several workers on one database: shared out, taken over, stopped, released."""

import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from hoso.db import Database
from hoso.jobs import Jobs, Priority, State, ledger
from hoso.jobs.beats import WorkerBeat
from tests import working
from tests.waiting import until
from tests.working import ERRAND, TASK, Notes, a_worker, put

pytestmark = pytest.mark.slow


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    folder = tmp_path / "notes"
    folder.mkdir()
    return Notes(folder)


@pytest.fixture
def jobs(database: Database) -> Iterator[Jobs]:
    made = Jobs(database)
    yield made
    made.close()


@pytest.fixture
def old_release(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Puts a job as the release before this one did: two arguments, version 1."""
    clients = ExitStack()

    def put_as_before(database: Database, subject: str) -> None:
        from dbos import DBOSClient

        client = DBOSClient(system_database_url=database.url, application_name="hoso", lazy=True)
        clients.callback(client.destroy)
        with database.write() as session:
            client.enqueue_in_transaction(
                session,
                {
                    "workflow_name": "hoso_job",
                    "queue_name": "pages",
                    "workflow_id": f"{TASK.name}:{subject}",
                    "app_version": "1",
                    "priority": 100,
                },
                TASK.name,
                subject,
            )

    yield put_as_before
    clients.close()


def test_two_workers_share_the_pages_of_one_file(database: Database, notes: Notes) -> None:
    pages = {f"hold-{number}" for number in range(8)}
    with a_worker(database, notes) as one, a_worker(database, notes) as other:
        put(database, *pages)
        until(lambda: notes.begun_by(one) and notes.begun_by(other), 30)
        notes.let_go()
        until(lambda: set(notes.done()) == pages, 30)

    assert set(notes.done().values()) == {1}


@pytest.mark.parametrize(
    ("machine", "seconds"), [("", 5.0), ("elsewhere", 15.0)], ids=["same machine", "another"]
)
def test_a_killed_workers_jobs_are_taken_up(
    database: Database, notes: Notes, jobs: Jobs, machine: str, seconds: float
) -> None:
    put(database, "hold-page")
    with a_worker(database, notes, machine=machine) as doomed:
        until(lambda: notes.begun_by(doomed), 30)
        with a_worker(database, notes) as other:
            until(lambda: jobs.figures().workers == 2, 30)
            doomed.kill()
            doomed.wait()  # else its number would still name a process
            until(lambda: notes.begun_by(other), seconds)
            notes.let_go()
            until(lambda: notes.done()["hold-page"], 10)


def test_two_workers_that_both_think_a_job_is_theirs_end_it_once(
    database: Database, notes: Notes, jobs: Jobs
) -> None:
    put(database, "hold-page")
    with a_worker(database, notes, machine="elsewhere") as stopped:
        until(lambda: notes.begun_by(stopped), 30)
        stopped.send_signal(signal.SIGSTOP)
        with a_worker(database, notes) as other:
            until(lambda: notes.begun_by(other), 60)
            stopped.send_signal(signal.SIGCONT)
            notes.let_go()
            until(lambda: notes.done()["hold-page"] == 2, 10)
            until(lambda: not jobs.is_waiting(TASK, "hold-page"), 10)
            put(database, "after")  # both go on
            put(database, "after-too")
            until(lambda: notes.done()["after"] and notes.done()["after-too"], 10)

    assert not [line for line in notes.lines if line[1] == "failed"]


def test_stopping_finishes_the_page_in_hand_and_leaves_the_rest(
    database: Database, notes: Notes, jobs: Jobs
) -> None:
    put(database, *(f"hold-{number}" for number in range(6)))
    with a_worker(database, notes) as worker:
        until(lambda: notes.begun_by(worker), 30)
        worker.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(1)
        begun = notes.begun_by(worker)
        notes.let_go()
        assert worker.wait(10) == 0

    assert set(notes.done()) == begun
    assert sum(jobs.figures().waiting.values()) == 6 - len(begun)
    assert sum(jobs.figures().running.values()) == 0


def test_a_stopping_worker_is_heard_of_until_its_page_is_done(
    database: Database, notes: Notes
) -> None:
    put(database, "hold-page")
    with a_worker(database, notes) as worker:
        until(lambda: notes.begun_by(worker), 30)
        worker.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(1)
        before = last_beat(database)
        until(lambda: last_beat(database) != before)
        notes.let_go()
        assert worker.wait(10) == 0

    assert last_beat(database) is None


def last_beat(database: Database) -> object:
    with database.read() as session:
        return session.scalar(select(WorkerBeat.at))


def test_stopping_while_the_store_is_away_takes_no_longer_than_five_seconds(
    database: Database, notes: Notes, jobs: Jobs
) -> None:
    put(database, *(f"away-{number}" for number in range(4)))
    with a_worker(database, notes) as worker:
        until(lambda: len(notes.lines) > 6, 30)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(5) == 0

    assert sum(jobs.figures().waiting.values()) == 4
    with database.read() as session:
        entry = jobs.recorded(session, [TASK.id_for("away-0")])[TASK.id_for("away-0")]
    assert (entry.fault, entry.attempts >= 1) == ("store_full", True)


def test_what_waits_for_something_away_keeps_nobody_else_waiting(
    database: Database, notes: Notes, jobs: Jobs
) -> None:
    away = [f"away-{number}" for number in range(12)]  # more than a worker of one core holds
    put(database, *away)
    with a_worker(database, notes):
        until(lambda: {subject for _, _, subject in notes.lines} >= set(away), 60)
        put(database, "page")
        until(lambda: notes.done()["page"], 10)

    assert all(jobs.is_waiting(TASK, subject) for subject in away)
    with database.read() as session:
        resting = jobs.entries(session, State.RESTING, limit=20)
    assert {(entry.fault, entry.attempts) for entry in resting} == {("store_full", 4)}


def test_a_resting_job_is_tried_again_although_the_clock_was_set_back(
    database: Database, notes: Notes
) -> None:
    put(database, "page")
    table = ledger_table(database)
    an_hour_on = int((time.time() + 3600) * 1000)
    with database.write() as session:
        session.execute(
            text(f"UPDATE {table} SET status = 'DELAYED', delay_until_epoch_ms = {an_hour_on}")  # noqa: S608  # no input
        )
    with a_worker(database, notes):
        until(lambda: notes.done()["page"], 30)


def ledger_table(database: Database) -> str:
    with database.read() as session:
        return ledger._jobs(session).fullname


def test_a_second_signal_ends_a_worker_at_once(database: Database, notes: Notes) -> None:
    put(database, "hold-page")
    with a_worker(database, notes) as worker:
        until(lambda: notes.begun_by(worker), 30)
        worker.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(0.5)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(2) == 128 + signal.SIGTERM


def test_a_new_release_does_what_an_older_one_put(
    database: Database, notes: Notes, old_release: Any
) -> None:
    old_release(database, "before")
    with a_worker(database, notes):
        until(lambda: notes.done()["before"], 30)
        old_release(database, "meanwhile")  # an old web server, while the release is rolled out
        until(lambda: notes.done()["meanwhile"], 30)


def test_a_newer_releases_jobs_wait_for_a_newer_worker(
    database: Database, notes: Notes, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(working.jobs, "JOBS_VERSION", "3")
        put(database, "of-tomorrow")
    with a_worker(database, notes):
        put(database, "of-today")
        until(lambda: notes.done()["of-today"], 30)
        assert jobs.is_waiting(TASK, "of-tomorrow")
        assert not notes.done()["of-tomorrow"]
        with a_worker(database, notes, version="3"):
            until(lambda: notes.done()["of-tomorrow"], 30)


def test_a_citizens_pages_overtake_an_old_archive(database: Database, notes: Notes) -> None:
    put(database, "hold-bulk", priority=Priority.BULK)
    put(database, *(f"bulk-{number:02d}" for number in range(30)), priority=Priority.BULK)
    with a_worker(database, notes) as worker:
        until(lambda: notes.begun_by(worker), 30)
        put(database, *(f"page-{number}" for number in range(3)))
        before = len(bulk_in(notes.done()))
        put(database, "paper", job=ERRAND)
        until(lambda: notes.done()["paper"], 10)
        notes.let_go()
        until(lambda: sum(notes.done().values()) == 35, 60)

    order = [subject for _, word, subject in notes.lines if word == "done"]
    last = max(order.index(f"page-{number}") for number in range(3))
    assert len(bulk_in(order[:last])) - before <= 4  # what was in hand when the pages came


def bulk_in(subjects: Iterable[str]) -> list[str]:
    return [subject for subject in subjects if subject.startswith("bulk")]


def test_a_job_that_kills_its_workers_is_set_aside(
    database: Database, notes: Notes, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, "deadly")
    with a_worker(database, notes) as doomed:
        doomed.wait(30)
    table = ledger_table(database)
    with database.write() as session:  # as if it had killed very many
        session.execute(text(f"UPDATE {table} SET recovery_attempts = 51"))  # noqa: S608  # no input
    with a_worker(database, notes):
        until(lambda: [line for line in notes.lines if line[1:] == ("failed", "deadly")], 30)
        until(lambda: not jobs.is_waiting(TASK, "deadly"), 10)
