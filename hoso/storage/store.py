"""The promise every object store keeps: bytes under their own hash, never changed."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What was kept: its SHA-256 in hex (which is its key) and its size in bytes."""

    sha256: str
    size: int


class ObjectStore(Protocol):
    """Keeps bytes under their own hash. What was put is never changed.

    `put` returns only when the bytes are safe against a power cut; putting the same bytes again
    is harmless. An unknown key raises ObjectMissing; anything else keeps its own cause.
    """

    def put(self, source: BinaryIO) -> StoredObject:
        """Keep everything `source` still has to give."""
        ...

    def put_file(self, path: Path) -> StoredObject:
        """Keep a file's bytes; the file itself stays where it is."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The object's bytes, to be closed by the caller."""
        ...

    def local_copy(self, sha256: str) -> AbstractContextManager[Path]:
        """A path whose file holds the object, to be read only, for as long as the block lasts."""
        ...

    def size(self, sha256: str) -> int:
        """Bytes of a kept object."""
        ...

    def keys(self) -> Iterator[str]:
        """Every key in the store, in no order."""
        ...

    # For whoever keeps house: checks, repairs and prunings, never a use case of the counter.

    def kept_at(self, sha256: str) -> datetime:
        """When it was put for the last time."""
        ...

    def set_aside(self, sha256: str) -> None:
        """Take a damaged object out of its place; its bytes stay beside the store, for people."""
        ...

    def remove(self, sha256: str, *, unless_put_since: datetime) -> bool:
        """Delete an object for good; False where it was put again since, and stays.

        Only for what no row names: who put it again is about to write a row.
        """
        ...
