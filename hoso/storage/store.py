"""The promise every object store keeps: bytes under their own hash, never changed."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What was kept: its SHA-256 in hex (which is its key) and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class StoreCapabilities:
    """What a store does beyond keeping objects, as the store itself answers.

    versioning: a removed or overwritten object can be brought back. object_lock: objects can be
    retained and held (then the store is a RetainingStore). download_links: the bytes can be handed
    out without passing through hoso.
    """

    versioning: bool = False
    object_lock: bool = False
    download_links: bool = False


def is_key(text: str) -> bool:
    """Whether it could be an object's key; such a text is safe in a path and a URL."""
    return _is_sha256(text) is not None


_is_sha256 = re.compile(r"[0-9a-f]{64}").fullmatch


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

    def capabilities(self) -> StoreCapabilities:
        """What this store can do; a server is asked, and its faults come through."""
        ...

    def tidy(self) -> None:
        """What a long-lived process does now and then: finish or remove what was left half done.

        Never waits long, never removes what somebody still needs, harmless at any moment.
        """
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


@runtime_checkable
class RetainingStore(Protocol):
    """Can promise that an object stays, whoever asks for its removal."""

    def retain(self, sha256: str, until: datetime) -> None:
        """Keep the object at least until then. A promise once given is never shortened."""
        ...

    def retained_until(self, sha256: str) -> datetime | None:
        """How long the object is promised to stay; None: no promise."""
        ...

    def hold(self, sha256: str, *, on: bool) -> None:
        """Keep the object until the hold is lifted, whatever its retention says."""
        ...

    def is_held(self, sha256: str) -> bool:
        """Whether a hold is on."""
        ...


@runtime_checkable
class DownloadLinks(Protocol):
    """Can hand an object's bytes out by itself."""

    def download_link(self, sha256: str, *, media_type: str, name: str) -> str | None:
        """A URL that gives the object to whoever has it, for minutes only; None: not this one."""
        ...
