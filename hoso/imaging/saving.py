"""PDFs written to a disk that may be full."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast


@contextmanager
def opened_for_pdf(target: Path) -> Iterator[BinaryIO]:
    """A new file for QPDF to write a PDF to; OSError at the end of the block if the disk is full.

    QPDF ends the whole process (SIGABRT) when a write fails, so it is not told until it is done.
    """
    with target.open("wb") as file:
        written = _FaultsHeldBack(file)
        yield cast("BinaryIO", written)
        if written.fault is not None:
            raise written.fault


class _FaultsHeldBack(RawIOBase):
    """Writes to a file until that fails once; then only remembers why."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.fault: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        if self.fault is None:
            try:
                self._file.write(content)
            except OSError as fault:
                self.fault = fault
        return len(content)
