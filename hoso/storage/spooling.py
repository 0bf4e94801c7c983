"""A far store that may be away, behind a spool on the local disk, so that nothing waits for it.

Why so, and what it costs: docs/decisions/0007-a-spool-before-the-far-store.md.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from hoso.errors import ObjectMissing
from hoso.storage.courier import Courier
from hoso.storage.disk import DiskStore
from hoso.storage.holding import hold
from hoso.storage.s3.store import S3Store
from hoso.storage.store import StoreCapabilities, StoredObject

# How long whoever puts an object waits for it to arrive; it is safe on this disk by then.
_PATIENCE_SECONDS = 2.0


class SpoolingStore:
    """Keeps an object on the local disk, brings it to the far store, then forgets it here.

    `put` returns when the object is safe: as a rule in the far store; where that is slow or away,
    on this disk, whence it is brought over as soon as can be, by this process or by the next that
    opens the same spool. What lies here is read from here.
    """

    def __init__(self, far: S3Store, spool: Path) -> None:
        self._far = far
        self._near = DiskStore(spool)
        self._courier = Courier(self._near, far)
        self._courier.deliver_what_waits()

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
            return self._far.open(sha256)

    @contextmanager
    def local_copy(self, sha256: str) -> Iterator[Path]:
        """The file in the spool, held there for this block, or a copy of the far object."""
        path = self._near.path(sha256)
        held = hold(path)
        if held is None:
            with self._far.local_copy(sha256) as copy:
                yield copy
            return
        try:
            yield path
        finally:
            os.close(held)

    def size(self, sha256: str) -> int:
        """Bytes of a kept object."""
        try:
            return self._near.size(sha256)
        except ObjectMissing:
            return self._far.size(sha256)

    def keys(self) -> Iterator[str]:
        """Every key, here and there; what moves meanwhile is named once."""
        here = set(self._near.keys())
        yield from here
        yield from (key for key in self._far.keys() if key not in here)

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
        since = [path.stat().st_mtime for path in self._near.paths()]
        return len(since), time.time() - min(since, default=time.time())

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

    def _bring_over(self, sha256: str) -> None:
        """Raises what keeps the far store from taking it."""
        self._courier.bring_over(sha256)
