"""Turns at the cores: by priority, then in the order of coming, and never more than places."""

import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoso.jobs.turns import Closed, Turns
from tests.waiting import until


class Line:
    """Threads that want a turn while the only place is taken, and the order they got it in."""

    def __init__(self) -> None:
        self.turns = Turns(1)
        self.order: list[int] = []
        self.sent_away = 0
        self._threads: list[threading.Thread] = []

    def come(self, priorities: Sequence[int]) -> None:
        """One after another, so that the order of coming is known."""
        for priority in priorities:
            waiting = len(self.turns._waiting)
            thread = threading.Thread(target=self._want, args=(priority,))
            thread.start()
            self._threads.append(thread)
            until(lambda known=waiting: len(self.turns._waiting) > known)

    def end(self) -> None:
        for thread in self._threads:
            thread.join(10)

    def _want(self, priority: int) -> None:
        try:
            with self.turns.turn(priority):
                self.order.append(priority)
        except Closed:
            self.sent_away += 1


@settings(max_examples=20)
@given(priorities=st.lists(st.sampled_from([10, 99, 100, 999, 1000]), max_size=8))
def test_turns_go_by_priority(priorities: list[int]) -> None:
    line = Line()
    with line.turns.turn(0):
        line.come(priorities)
    line.end()

    assert line.order == sorted(priorities)


def test_who_waits_when_it_closes_is_sent_away_and_who_works_may_finish() -> None:
    line = Line()
    with line.turns.turn(0):
        line.come([1, 2, 3])
        line.turns.close()
        line.end()

    assert (line.order, line.sent_away) == ([], 3)
    with pytest.raises(Closed), line.turns.turn(0):
        pass


def test_no_more_than_its_places_work_at_once() -> None:
    turns, inside, most = Turns(3), 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with turns.turn(1):
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert inside == 0
    assert most <= 3
