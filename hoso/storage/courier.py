"""Brings objects from a spool to a far store, in the background and again and again."""

import logging
import threading
from collections import deque
from typing import Protocol, BinaryIO

from hoso.errors import HosoError
from hoso.storage.disk import DiskStore
from hoso.storage.holding import hold, remove_unless_held
from hoso.storage.store import StoredObject

log = logging.getLogger(__name__)

_AGAIN_AFTER_SECONDS = 5.0


class Far(Protocol):
    """Where objects are brought."""

    def upload(self, source: BinaryIO, stored: StoredObject) -> None:
        """Keep a file that nobody changes any more; harmless when it is there already."""
        ...


class Courier:
    """Delivers what lies in the spool, newest orders first, and forgets what has arrived.

    Every step may be repeated, and two processes may do it at once: an object that is there
    already is not sent again, and a file leaves the spool only after it was found there.
    The thread lives while something waits.
    """

    def __init__(self, spool: DiskStore, far: Far) -> None:
        self._spool, self._far = spool, far
        self._changed = threading.Condition()
        self._orders: deque[str] = deque()
        self._running = False
        self._away = False

    def deliver(self, sha256: str, *, wait_seconds: float) -> None:
        """Have an object brought over; wait for it, unless the far store is known to be away."""
        with self._changed:
            self._orders.append(sha256)
            self._start()
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._away or self._is_gone(sha256), wait_seconds)

    def deliver_what_waits(self) -> None:
        """Have everything brought over that lies in the spool. Returns at once."""
        if any(self._spool.paths()):
            with self._changed:
                self._start()
                self._changed.notify_all()

    def bring_over(self, sha256: str) -> None:
        """Bring an object over now; raises what keeps the far store from taking it."""
        path = self._spool.path(sha256)
        held = hold(path)
        if held is None:
            return
        with open(held, "rb") as source:  # noqa: PTH123  # the descriptor that holds the file
            self._far.upload(source, StoredObject(sha256, path.stat().st_size))
        remove_unless_held(path)  # a reader's hold leaves it for another time

    def _start(self) -> None:
        if not self._running:
            self._running = True
            threading.Thread(target=self._run, name="courier", daemon=True).start()

    def _run(self) -> None:
        while self._next_round():
            ...
