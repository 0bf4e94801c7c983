"""Copies of far objects on the local disk: verified, shared by all processes, bounded in size."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

from hoso.errors import ObjectMissing, StoreChangedOnTheWay
from hoso.storage.hashing import copy_hashing
from hoso.storage.holding import hold, remove_unless_held
from hoso.storage.room import refusing_when_full
from hoso.storage.store import is_key

_LEFTOVER_SECONDS = 24 * 3600.0


class Copies:
    """Objects by their key in one folder, the longest unused removed first.

    A copy in use is locked for sharing and not removed. The pages of one file are read by many
    jobs in several processes, and the file comes over the network once.
    """

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's papers

    @contextmanager
    def copy_of(self, sha256: str, fetch: Callable[[str], BinaryIO]) -> Iterator[Path]:
        """The copy, fetched now if there is none; it stays while the block lasts."""
        if not is_key(sha256):
            raise ObjectMissing(sha256=sha256)
        path = self.folder / sha256
        fetched = False
        while (held := hold(path)) is None:
            self._fetch(path, fetch)
            fetched = True
        try:
            os.utime(held)  # last used now
            yield path
        finally:
            os.close(held)
        if fetched:
            self._make_room()

    def _fetch(self, path: Path, fetch: Callable[[str], BinaryIO]) -> None:
        with self._one_at_a_time(path), refusing_when_full():
            if path.exists():  # another was quicker
                return
            descriptor, name = mkstemp(dir=self.folder)
            beside = Path(name)
            try:
                with os.fdopen(descriptor, "wb") as target, fetch(path.name) as source:
                    copied = copy_hashing(source, target)
                if copied.sha256 != path.name:
                    raise StoreChangedOnTheWay(sha256=path.name)
                beside.rename(path)
            finally:
                beside.unlink(missing_ok=True)

    @contextmanager
    def _one_at_a_time(self, path: Path) -> Iterator[None]:
        lock = os.open(self.folder / f"{path.name[:2]}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _make_room(self) -> None:
        """Remove the longest unused copies until the rest fits, and what a kill left half done."""
        found = []
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another process makes room as well
                found.append((path.stat().st_mtime, path.stat().st_size, path))
        room = sum(size for _, size, path in found if is_key(path.name)) - self._most_bytes
        half_done_before = time.time() - _LEFTOVER_SECONDS
        for used_at, size, path in sorted(found):
            if is_key(path.name):
                if room > 0 and remove_unless_held(path):
                    room -= size
            elif path.suffix != ".lock" and used_at < half_done_before:
                path.unlink(missing_ok=True)
