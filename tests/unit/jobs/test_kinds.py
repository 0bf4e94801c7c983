"""Where a job waits, what goes before it, and how long until it is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from hoso.errors import OcrUnavailable, PurposeMissing
from hoso.jobs.attempts import fault_of, pause_seconds, rest_seconds, shall_rest, will_pass
from hoso.jobs.kinds import Job, Priority, Queue, following, is_bulk

SORT = Job("batch.sort", Queue.COUNTER)


def test_bulk_work_never_waits_where_a_citizens_does() -> None:
    assert SORT.queue_at(Priority.WAITING_CITIZEN) is Queue.COUNTER
    assert SORT.queue_at(Priority.ORDINARY) is Queue.COUNTER
    assert SORT.queue_at(Priority.BULK) is Queue.BULK
    assert SORT.queue_at(following(following(Priority.BULK))) is Queue.BULK


def test_an_old_archives_file_is_finished_before_the_next_is_begun() -> None:
    assert Priority.ORDINARY < following(Priority.BULK) < Priority.BULK
    assert is_bulk(following(Priority.BULK))


def test_nobody_at_the_counter_waits_for_what_follows() -> None:
    assert following(Priority.WAITING_CITIZEN) == Priority.ORDINARY


@given(attempt=st.integers(1, 10_000))
def test_pauses_double_up_to_four_seconds_and_are_never_in_step(attempt: int) -> None:
    longest = min(0.5 * 2 ** min(attempt - 1, 3), 4.0)
    pauses = {pause_seconds(attempt) for _ in range(5)}
    assert all(longest / 2 <= pause <= longest for pause in pauses)
    assert len(pauses) > 1


def test_a_job_rests_after_four_tries_and_never_for_longer_than_half_a_minute() -> None:
    assert [shall_rest(attempt) for attempt in range(1, 6)] == [False, False, False, True, True]
    rests = {rest_seconds() for _ in range(5)}
    assert all(15 <= rest <= 30 for rest in rests)
    assert len(rests) > 1


def test_a_fault_is_told_in_a_word_that_names_nobody() -> None:
    assert fault_of(PurposeMissing()) == "purpose_missing"
    assert fault_of(KeyError("Nguyễn Thị Lan")) == "KeyError"


def test_what_is_away_comes_back_and_what_is_wrong_stays_wrong() -> None:
    assert will_pass(OcrUnavailable(language="vie"))
    assert not will_pass(PurposeMissing())
