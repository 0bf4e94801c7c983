"""Turns: who works next when more jobs are in hand than there are cores."""

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Closed(Exception):  # noqa: N818  # not an error: the worker is stopping
    """Nobody is given a turn any more."""


class Turns:
    """So many at once; those who wait are let in by priority, then in the order they came."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[int, int]] = []
        self._came = 0
        self._closed = False
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, priority: int) -> Iterator[None]:
        """A place for this block; waits for one first. Raises Closed once `close` was called."""
        self._wait(priority)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def close(self) -> None:
        """Send those away who wait; who has a place keeps it."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _wait(self, priority: int) -> None:
        with self._changed:
            self._came += 1
            mine = (priority, self._came)
            heapq.heappush(self._waiting, mine)
            self._changed.wait_for(
                lambda: self._closed or (self._free > 0 and self._waiting[0] == mine)
            )
            if self._closed:
                raise Closed
            heapq.heappop(self._waiting)
            self._free -= 1
            self._changed.notify_all()  # there may be a place for the next as well
