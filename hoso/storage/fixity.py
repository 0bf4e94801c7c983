"""Are an object's bytes still its own? Reading them again, copying them, putting them right."""

import errno
import hashlib
import io
from enum import StrEnum
from typing import Any, BinaryIO

from hoso.errors import ObjectDamaged, ObjectMissing
from hoso.storage.store import ObjectStore

_CHUNK_BYTES = 1024 * 1024


class Finding(StrEnum):
    """What can be wrong with a kept object."""

    MISSING = "missing"
    WRONG_SIZE = "wrong_size"
    CHANGED = "changed"
    UNREADABLE = "unreadable"  # the disk has it and cannot give it: a bad sector


def examine(store: ObjectStore, sha256: str, size: int | None = None) -> Finding | None:
    """Read an object again; `size` is what it should be, None where nobody knows.

    A store that does not answer keeps its own error: that says nothing about the object.
    """
    try:
        if size is not None and store.size(sha256) != size:
            return Finding.WRONG_SIZE
        with store.open(sha256) as source:
            return None if _hash(source) == sha256 else Finding.CHANGED
    except ObjectMissing:
        return Finding.MISSING
    except OSError as fault:
        if fault.errno != errno.EIO:
            raise
        return Finding.UNREADABLE


def copy_object(source: ObjectStore, target: ObjectStore, sha256: str) -> int:
    """Put an object of one store into another; gives its size.

    Raises ObjectMissing or ObjectDamaged where the source has no good copy; nothing is kept then.
    """
    with source.open(sha256) as raw:
        return target.put(checked(raw, sha256)).size


def mend(store: ObjectStore, replica: ObjectStore, sha256: str, size: int | None) -> bool:
    """Put a damaged object right from a second store; False where that has no good copy either.

    What is there is set aside before, never overwritten; an object that is good stays. A kill in
    between leaves the object missing, and its bytes set aside: the next try goes on from there.
    """
    finding = examine(store, sha256, size)
    if finding is None:
        return True
    if examine(replica, sha256, size) is not None:
        return False
    if finding is not Finding.MISSING:
        store.set_aside(sha256)
    copy_object(replica, store, sha256)
    return examine(store, sha256, size) is None


def checked(source: BinaryIO, sha256: str) -> BinaryIO:
    """A source that breaks off with ObjectDamaged at its end when it was not what it should be.

    A store keeps nothing of a source that breaks off, so a damaged copy is never passed on.
    """
    return io.BufferedReader(_Checked(source, sha256), _CHUNK_BYTES)


class _Checked(io.RawIOBase):
    def __init__(self, source: BinaryIO, sha256: str) -> None:
        super().__init__()
        self._source, self._sha256 = source, sha256
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._source.read(len(buffer))
        if not piece and len(buffer) and self._digest.hexdigest() != self._sha256:
            raise ObjectDamaged(sha256=self._sha256)
        self._digest.update(piece)
        buffer[: len(piece)] = piece
        return len(piece)


def _hash(source: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := source.read(_CHUNK_BYTES):
        digest.update(piece)
    return digest.hexdigest()
