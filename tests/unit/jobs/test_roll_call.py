"""Who is dead: told by beats that stop changing, whatever any clock says."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hoso.jobs.beats import BEAT_SECONDS, RollCall, has_ended, name_of_this_worker, rest_of_beat
from tests.builders import NOW

LOOKS = 5


def test_a_worker_that_stops_beating_is_silent_after_five_looks() -> None:
    roll = RollCall()
    seen = [roll.silent({"lan": NOW}) for _ in range(LOOKS + 1)]
    assert seen == [set()] * LOOKS + [{"lan"}]


def test_one_beat_brings_a_worker_back() -> None:
    roll = RollCall()
    for _ in range(LOOKS + 1):
        roll.silent({"lan": NOW})

    assert roll.silent({"lan": NOW + timedelta(seconds=2)}) == set()


@given(jumps=st.lists(st.integers(-86_400, 86_400).filter(bool), min_size=20, max_size=40))
def test_no_jump_of_a_clock_makes_a_beating_worker_silent(jumps: list[int]) -> None:
    roll, at = RollCall(), NOW
    for jump in jumps:
        at += timedelta(seconds=jump)
        assert roll.silent({"lan": at}) == set()


def test_a_worker_without_a_row_is_forgotten() -> None:
    roll = RollCall()
    for _ in range(LOOKS + 1):
        roll.silent({"lan": NOW})
    roll.silent({})

    assert roll.silent({"lan": NOW}) == set()


def test_a_slow_look_makes_the_next_one_no_later() -> None:
    assert rest_of_beat(100.0, 100.5) == BEAT_SECONDS - 0.5
    assert rest_of_beat(100.0, 100.0 + 3 * BEAT_SECONDS) == 0


def test_this_process_has_not_ended() -> None:
    assert not has_ended(name_of_this_worker())


def test_a_process_of_another_machine_is_not_judged_by_its_number() -> None:
    assert not has_ended("elsewhere-2147483000-abcdef")


def test_a_process_of_this_machine_that_is_gone_has_ended() -> None:
    machine, _, chance = name_of_this_worker().rsplit("-", 2)
    assert has_ended(f"{machine}-2147483000-{chance}")
