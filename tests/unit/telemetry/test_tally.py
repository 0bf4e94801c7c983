"""Work is counted by each worker and summed over all of them."""

import pytest
from sqlalchemy.exc import OperationalError

from hoso.db import Database
from hoso.telemetry import tally
from hoso.telemetry.tally import BOUNDS, Counted, Outcome, Tally


def counted(database: Database) -> dict[tuple[str, Outcome], Counted]:
    with database.read() as session:
        return {(each.job, each.outcome): each for each in tally.read(session)}


def test_what_two_workers_counted_is_added_up(database: Database) -> None:
    for seconds in (0.4, 2.5):
        worker = Tally()
        worker.count("page.read", Outcome.DONE, seconds)
        worker.flush(database)

    pages = counted(database)["page.read", Outcome.DONE]

    assert sum(pages.numbers) == 2
    assert pages.seconds == pytest.approx(2.9)
    assert pages.numbers[BOUNDS.index(0.5)] == 1
    assert pages.numbers[BOUNDS.index(3.0)] == 1


def test_a_job_slower_than_every_bound_is_counted_above_them_all(database: Database) -> None:
    worker = Tally()
    worker.count("page.read", Outcome.DONE, 600.0)
    worker.flush(database)

    assert counted(database)["page.read", Outcome.DONE].numbers[-1] == 1


def test_nothing_is_counted_twice(database: Database) -> None:
    worker = Tally()
    worker.count("page.read", Outcome.DONE, 1.0)
    worker.flush(database)
    worker.flush(database)

    assert sum(counted(database)["page.read", Outcome.DONE].numbers) == 1


def test_what_the_database_did_not_take_is_added_later(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    worker = Tally()
    worker.count("page.read", Outcome.DONE, 1.0)
    empty = Database(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'hoso.db'}")
    with pytest.raises(OperationalError):
        worker.flush(empty)
    empty.close()

    worker.flush(database)

    assert sum(counted(database)["page.read", Outcome.DONE].numbers) == 1


def test_an_attempt_that_raises_is_counted_as_failed(database: Database) -> None:
    worker = Tally()
    with pytest.raises(ValueError, match="no"), worker.timed("batch.sort"):
        raise ValueError("no")
    worker.flush(database)

    assert list(counted(database)) == [("batch.sort", Outcome.FAILED)]
