"""Brings objects from a spool to a far store, in the background, until it has succeeded."""

import logging
import threading
from collections import deque
from typing import BinaryIO, Protocol

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
    """Brings over what lies in the spool, orders first, and forgets here what has arrived there.

    Every step may be done again, and by two processes at once: what is there already is not sent
    again, and a file leaves the spool only after it was found there. Its thread lives while
    something waits.
    """

    def __init__(self, spool: DiskStore, far: Far) -> None:
        self._spool, self._far = spool, far
        self._changed = threading.Condition()
        self._orders: deque[str] = deque()
        self._is_running = False
        self._is_away = False

    def deliver(self, sha256: str, *, wait_seconds: float) -> None:
        """Have an object brought over; wait for that unless the far store is known to be away."""
        with self._changed:
            self._orders.append(sha256)
            self._start()
            self._changed.wait_for(
                lambda: self._is_away or not self._spool.path(sha256).exists(), wait_seconds
            )

    def deliver_what_waits(self) -> None:
        """Have everything brought over that lies in the spool. Returns at once."""
        with self._changed:
            if any(self._spool.paths()):
                self._start()

    def bring_over(self, sha256: str) -> None:
        """Bring an object over now; raises what keeps the far store from taking it."""
        path = self._spool.path(sha256)
        held = hold(path)
        if held is None:  # it has arrived
            return
        with open(held, "rb") as source:  # noqa: PTH123  # the descriptor that holds the file
            self._far.upload(source, StoredObject(sha256, path.stat().st_size))
        remove_unless_held(path)  # a reader's hold leaves it for another round

    def _start(self) -> None:
        if self._is_running:
            self._changed.notify_all()
            return
        self._is_running = True
        threading.Thread(target=self._run, name="courier", daemon=True).start()

    def _run(self) -> None:
        try:
            self._make_a_round()
            while self._is_needed():
                self._make_a_round()
        except BaseException:
            self._is_running = False  # the next order starts another
            raise

    def _is_needed(self) -> bool:
        """Whether there is more to do, after a pause where nothing could be done."""
        with self._changed:
            if not self._orders:
                if not any(self._spool.paths()):
                    self._is_running = False
                    return False
                self._changed.wait(_AGAIN_AFTER_SECONDS)
            return True

    def _make_a_round(self) -> None:
        """Orders first, then whatever else lies there, as long as the far store takes it."""
        while self._orders:
            if not self._try(self._orders.popleft()):
                self._orders.clear()  # they lie in the spool
                return
        for path in self._spool.paths():
            if self._orders or not self._try(path.name):
                return

    def _try(self, sha256: str) -> bool:
        """Whether the far store took it."""
        fault = self._fault_of(sha256)
        if fault and not self._is_away:  # said once, not at every try
            log.warning("objects wait in the spool: %s", fault.code)
        with self._changed:
            self._is_away = fault is not None
            self._changed.notify_all()
        return fault is None

    def _fault_of(self, sha256: str) -> HosoError | None:
        try:
            self.bring_over(sha256)
        except HosoError as fault:
            return fault
        return None
