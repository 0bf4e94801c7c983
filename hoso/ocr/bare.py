"""One file in, one searchable PDF/A out: the reading of the service without its database.

This module loads nothing that opens papers: child processes do that (`bare_work`), so the one
that has it done starts at once and stays small. What was read lies in a folder until it is
written: a long file has more words than memory should hold.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from hoso.errors import FileRefused, WorkFailed
from hoso.imaging.limits import Limits
from hoso.ocr.engines import EngineChoice
from hoso.ocr.reading import PageReading

PRELOAD: Final = ("hoso.barcode.read", "hoso.imaging.look", "hoso.ocr.read")
"""What the children need for every page: loaded once for all of them."""

# A page on a busy machine, on top of what the engine may take; and thousands of pages written.
_AROUND_RECOGNITION_SECONDS: Final = 30.0
_WHOLE_FILE_SECONDS: Final = 3600.0


class Run(Protocol):
    """Runs a function with its arguments in a child process; gives or raises what it does."""

    def __call__(self, function: Any, *args: Any, timeout_seconds: float) -> Any:
        """See hoso.imaging.isolation.PageProcesses.run."""


@dataclass(frozen=True, slots=True)
class BarePage:
    """One page of a file: what was read, and whether nothing is on it."""

    number: int
    reading: PageReading
    blank: bool


class BareFile:
    """A stranger's file on its way to a searchable PDF/A; `folder` is empty and its own."""

    def __init__(self, file: Path, folder: Path, run: Run) -> None:
        self._file, self._run = file, run
        self._pdf, self._readings = folder / "normal.pdf", folder / "readings"
        self._readings.mkdir()

    def open(self, limits: Limits) -> int:
        """How many pages it has; refuses with a FileRefused what cannot become pages."""
        work = (_open_in_child, self._file, limits, self._pdf)
        pages: int = self._run(*work, timeout_seconds=_WHOLE_FILE_SECONDS)
        return pages

    def read_pages(
        self, count: int, engine: EngineChoice, *, at_once: int, seconds: float
    ) -> Iterator[BarePage]:
        """Every page in order, read `at_once` at a time, and kept for `write`.

        The engine may take `seconds` for a page. One that cannot be read is given with the
        reason, and without words.
        """

        def read(number: int) -> BarePage:
            return self._read(number, engine, seconds)

        threads = ThreadPoolExecutor(at_once)
        try:
            reading = threads.map(read, range(1, count + 1))
            threads.submit(self._run, _load_writer, timeout_seconds=_WHOLE_FILE_SECONDS)
            for page in reading:
                kept = self._readings / str(page.number)
                kept.write_text(page.reading.to_json(), encoding="utf-8")
                yield page
        finally:
            # Whoever is interrupted does not wait for pages in hand: leaving `run` ends them.
            threads.shutdown(wait=False, cancel_futures=True)

    def write(self, target: Path, *, title: str, source_sha256: str) -> None:
        """Write the searchable PDF/A of all pages; call it when all have been read."""
        work = (_write_in_child, self._pdf, self._readings, target, title, source_sha256)
        self._run(*work, timeout_seconds=_WHOLE_FILE_SECONDS)

    def _read(self, number: int, engine: EngineChoice, seconds: float) -> BarePage:
        work = (_read_in_child, self._pdf, number, engine, seconds)
        longest = seconds + _AROUND_RECOGNITION_SECONDS
        try:
            text, blank = self._run(*work, timeout_seconds=longest)
        except (FileRefused, WorkFailed) as error:
            return BarePage(number, PageReading.unread(error.code, engine.language), blank=False)
        return BarePage(number, PageReading.from_json(text), blank)


def _open_in_child(file: Path, limits: Limits, pdf: Path) -> int:
    from hoso.ocr import bare_work  # noqa: PLC0415  # only children load it, see above

    return bare_work.open_file(file, limits, pdf)


def _read_in_child(
    pdf: Path, number: int, choice: EngineChoice, seconds: float
) -> tuple[str, bool]:
    from hoso.ocr import bare_work  # noqa: PLC0415  # as above

    return bare_work.read(pdf, number, choice, seconds)


def _write_in_child(pdf: Path, readings: Path, target: Path, title: str, sha256: str) -> None:
    from hoso.ocr import bare_writer  # noqa: PLC0415  # as above

    bare_writer.write(pdf, readings, target, title, sha256)


def _load_writer() -> None:
    """Done by the child that finds no page left: the file's end need not wait for it then."""
    from hoso.ocr import bare_writer  # noqa: F401, PLC0415  # as above
