"""The local disk as an object store: two folder levels, written beside and renamed into place."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from hoso.errors import ObjectMissing
from hoso.storage.hashing import copy_hashing
from hoso.storage.room import refusing_when_full
from hoso.storage.store import StoreCapabilities, StoredObject, is_key

_INCOMING = "incoming"
_QUARANTINE = "quarantine"
_LEFTOVER_SECONDS = 24 * 3600.0


class DiskStore:
    """Objects as files `ab/cd/abcd…` below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / _INCOMING).mkdir(parents=True, exist_ok=True)
        self.tidy()

    def put(self, source: BinaryIO) -> StoredObject:
        """Write beside, flush to the disk, rename into place."""
        with refusing_when_full():
            return self._keep(source)

    def put_file(self, path: Path) -> StoredObject:
        """Keep a file's bytes; the file itself stays where it is."""
        with path.open("rb") as source:
            return self.put(source)

    def open(self, sha256: str) -> BinaryIO:
        """The object's bytes, to be closed by the caller."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as exc:
            raise ObjectMissing(sha256=sha256) from exc

    @contextmanager
    def local_copy(self, sha256: str) -> Iterator[Path]:
        """The kept file itself."""
        path = self.path(sha256)
        if not path.exists():
            raise ObjectMissing(sha256=sha256)
        yield path

    def size(self, sha256: str) -> int:
        """Bytes of a kept object."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError as exc:
            raise ObjectMissing(sha256=sha256) from exc

    def keys(self) -> Iterator[str]:
        """Every key in the store, in no order."""
        for path in self.paths():
            yield path.name

    def kept_at(self, sha256: str) -> datetime:
        """The file's time: `put` renews it."""
        try:
            return _time_of(self.path(sha256))
        except FileNotFoundError as exc:
            raise ObjectMissing(sha256=sha256) from exc

    def set_aside(self, sha256: str) -> None:
        """Rename it into `quarantine/`, under a name of its own."""
        self._moved_out(sha256)

    def remove(self, sha256: str, *, unless_put_since: datetime) -> bool:
        """Delete it, unless a `put` has renewed its time.

        It is moved out first and judged there: a `put` at this very moment either renewed its time
        before, and is seen, or finds no file and writes its own.
        """
        moved = self._moved_out(sha256)
        if _time_of(moved) >= unless_put_since:
            moved.rename(self.path(sha256))
            return False
        moved.unlink()
        return True

    def _moved_out(self, sha256: str) -> Path:
        place = self.path(sha256)
        folder = self.root / _QUARANTINE
        folder.mkdir(mode=0o700, exist_ok=True)
        moved = folder / f"{sha256}.{time.time_ns()}"
        try:
            place.rename(moved)
        except FileNotFoundError as exc:
            raise ObjectMissing(sha256=sha256) from exc
        for changed in (folder, place.parent):
            _flush_folder(changed)
        return moved

    def paths(self) -> Iterator[Path]:
        """The file of every object, in no order."""
        return self.root.glob("??/??/*")

    def capabilities(self) -> StoreCapabilities:
        """A folder keeps objects, and does none of what a server may do beside that."""
        return StoreCapabilities()

    def tidy(self) -> None:
        """Remove what a kill in the middle of a `put` left behind."""
        _remove_leftovers(self.root / _INCOMING)

    def path(self, sha256: str) -> Path:
        """Where the object lies, or would."""
        if not is_key(sha256):
            raise ObjectMissing(sha256=sha256)
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _keep(self, source: BinaryIO) -> StoredObject:
        descriptor, name = tempfile.mkstemp(dir=self.root / _INCOMING)
        beside = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as target:
                stored = copy_hashing(source, target)
                target.flush()
                os.fsync(target.fileno())
                os.fchmod(target.fileno(), 0o440)
            self._settle(beside, self.path(stored.sha256))
        finally:
            beside.unlink(missing_ok=True)
        return stored

    def _settle(self, beside: Path, place: Path) -> None:
        """Give the file its name; a name already taken holds the same bytes."""
        with suppress(FileNotFoundError):
            os.utime(place)  # put again just now: `remove` spares it
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        beside.rename(place)
        # A rename is only safe from a power cut once its folders are on the disk as well.
        for folder in (place.parent, place.parent.parent, self.root):
            _flush_folder(folder)


def _time_of(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _remove_leftovers(folder: Path) -> None:
    """What a kill in the middle of a `put` left behind; nobody was told it was kept."""
    before = time.time() - _LEFTOVER_SECONDS
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # its writer, or another start, was quicker
            if path.stat().st_mtime < before:
                path.unlink()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
