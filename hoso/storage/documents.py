"""Small documents under names of ours: what must be found by a name, beside objects by hash."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from hoso.errors import BackupPlaceBusy
from hoso.storage.room import refusing_when_full

_LOCK = ".lock"


class Documents(Protocol):
    """Keeps named documents. One is there whole or not at all, also after a power cut."""

    def names(self) -> list[str]:
        """Every name, sorted."""
        ...

    def read(self, name: str) -> bytes:
        """A document by a name of `names`."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Keep a document under a name; what had the name before is replaced."""
        ...

    def remove(self, name: str) -> None:
        """Delete a document."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """For this block nobody else has it; raises BackupPlaceBusy. A kill ends the block."""
        ...


class FolderDocuments:
    """Documents as files of one folder, which is made by the first `write` or `alone`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """Every file that is not hidden."""
        if not self.root.is_dir():
            return []
        return sorted(path.name for path in self.root.iterdir() if not path.name.startswith("."))

    def read(self, name: str) -> bytes:
        """The file's bytes."""
        return (self.root / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Written beside, flushed, renamed; only its owner may read it."""
        self._make()
        with refusing_when_full():
            descriptor, beside = tempfile.mkstemp(dir=self.root, prefix=".")
            try:
                with os.fdopen(descriptor, "wb") as target:
                    target.write(content)
                    target.flush()
                    os.fsync(target.fileno())
                Path(beside).replace(self.root / name)
            finally:
                Path(beside).unlink(missing_ok=True)
        self._flush()

    def remove(self, name: str) -> None:
        """Unlink the file."""
        (self.root / name).unlink(missing_ok=True)
        self._flush()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """By a lock that the system gives back when its holder is gone, however it went."""
        self._make()
        descriptor = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                raise BackupPlaceBusy(place=self.root) from exc
            yield
        finally:
            os.close(descriptor)

    def _make(self) -> None:
        # People's papers are listed here: no other account of this machine may look in.
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _flush(self) -> None:
        descriptor = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
