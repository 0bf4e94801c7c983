"""A far store that may be away, behind a spool on the local disk, so that nothing waits for it.

Why so, and what it costs: docs/decisions/0006-a-spool-before-the-far-store.md.
"""

import copy
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from hoso.errors import ObjectMissing, ObjectNotHereYet
from hoso.storage.courier import Courier
from hoso.storage.disk import DiskStore
from hoso.storage.holding import hold
from hoso.storage.store import StoreCapabilities, StoredObject

if TYPE_CHECKING:
    from hoso.storage.s3.store import S3Store

# How long whoever puts an object waits for it to arrive; it is safe on this disk by then.
_PATIENCE_SECONDS = 2.0


class SpoolingStore:
    """Keeps an object on the local disk, brings it to the far store, then forgets it here.

    `put` returns when the object is safe: as a rule in the far store; where that is slow or away,
    on this disk, whence it is brought over as soon as can be, by this process or by the next that
    opens the same spool. What lies here is read from here.
    """

    def __init__(self, far: "S3Store", spool: Path) -> None:
        self._far = far
        self._near = DiskStore(spool)
        self._courier = Courier(self._near, far)
        self._courier.deliver_what_waits()
        self._is_expected: Callable[[str], bool] = _nothing_is

    def patient(self, is_expected: Callable[[str], bool]) -> "SpoolingStore":
        """This store as jobs shall see it: what is missing and expected is only not here yet.

        It may lie in the spool of the machine that took it in. A job that fails for what passes
        is tried again; one whose object is missing is set aside.
        """
        store = copy.copy(self)
        store._is_expected = is_expected  # noqa: SLF001  # a copy of ourselves
        return store

    def put(self, source: BinaryIO) -> StoredObject:
        """Safe on this disk, and mostly in the far store, when it returns."""
        stored = self._near.put(source)
        self._courier.deliver(stored.sha256, wait_seconds=_PATIENCE_SECONDS)
        return stored

    def put_file(self, path: Path) -> StoredObject:
        """Keep a file's bytes; the file itself stays where it is."""
        with path.open("rb") as source:
            return self.put(source)

    def open(self, sha256: str) -> BinaryIO:
        """The object's bytes, to be closed by the caller."""
        try:
            return self._near.open(sha256)
        except ObjectMissing:
            with self._waiting_for(sha256):
                return self._far.open(sha256)

    @contextmanager
    def local_copy(self, sha256: str) -> Iterator[Path]:
        """The file in the spool, held there for this block, or a copy of the far object."""
        held = hold(self._near.path(sha256))
        with ExitStack() as kept:
            if held is not None:
                kept.callback(os.close, held)
                path = self._near.path(sha256)
            else:
                with self._waiting_for(sha256):
                    path = kept.enter_context(self._far.local_copy(sha256))
            yield path

    def size(self, sha256: str) -> int:
        """Bytes of a kept object."""
        try:
            return self._near.size(sha256)
        except ObjectMissing:
            with self._waiting_for(sha256):
                return self._far.size(sha256)

    def keys(self) -> Iterator[str]:
        """Every key, here and there; what moves meanwhile is named once."""
        here = set(self._near.keys())
        yield from here
        there = self._far.keys()
        yield from (key for key in there if key not in here)

    def capabilities(self) -> StoreCapabilities:
        """Those of the far store."""
        return self._far.capabilities()

    def tidy(self) -> None:
        """Bring over what waits; have both stores tidy up."""
        self._near.tidy()
        self._courier.deliver_what_waits()
        self._far.tidy()

    def waiting(self) -> tuple[int, float]:
        """How many objects wait here to be brought over, and for how many seconds the oldest."""
        since = []
        for path in self._near.paths():
            with suppress(FileNotFoundError):  # it has just arrived
                since.append(path.stat().st_mtime)
        return len(since), max(0.0, time.time() - min(since)) if since else 0.0

    def download_link(self, sha256: str, *, media_type: str, name: str) -> str | None:
        """A URL of the far store, for minutes; None for what is still here."""
        if self._near.path(sha256).exists():
            return None
        return self._far.download_link(sha256, media_type=media_type, name=name)

    def retain(self, sha256: str, until: datetime) -> None:
        """Keep the object at least until then; it is brought over first."""
        self._bring_over(sha256)
        self._far.retain(sha256, until)

    def retained_until(self, sha256: str) -> datetime | None:
        """How long the object is promised to stay; None: no promise."""
        self._bring_over(sha256)
        return self._far.retained_until(sha256)

    def hold(self, sha256: str, *, on: bool) -> None:
        """Keep the object until the hold is lifted; it is brought over first."""
        self._bring_over(sha256)
        self._far.hold(sha256, on=on)

    def is_held(self, sha256: str) -> bool:
        """Whether a hold is on."""
        self._bring_over(sha256)
        return self._far.is_held(sha256)

    def kept_at(self, sha256: str) -> datetime:
        """When it was put for the last time."""
        self._bring_over(sha256)
        return self._far.kept_at(sha256)

    def set_aside(self, sha256: str) -> None:
        """Take a damaged object out of its place in the far store."""
        self._bring_over(sha256)
        self._far.set_aside(sha256)

    def remove(self, sha256: str, *, unless_put_since: datetime) -> bool:
        """Delete an object for good; False where it was put again since, and stays."""
        self._bring_over(sha256)
        return self._far.remove(sha256, unless_put_since=unless_put_since)

    @contextmanager
    def _waiting_for(self, sha256: str) -> Iterator[None]:
        try:
            yield
        except ObjectMissing as fault:
            if self._is_expected(sha256):
                raise ObjectNotHereYet(sha256=sha256) from fault
            raise

    def _bring_over(self, sha256: str) -> None:
        """Raises what keeps the far store from taking it."""
        self._courier.bring_over(sha256)


def _nothing_is(sha256: str) -> bool:  # noqa: ARG001  # asked for any object
    return False
