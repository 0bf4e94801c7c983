"""One file in, one searchable PDF/A out: the reading of the service without its database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hoso.barcode.read import read_codes
from hoso.errors import FileRefused, WorkFailed
from hoso.imaging.look import look
from hoso.imaging.pages import load_page
from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.clean import READING_DPI
from hoso.ocr.engines import EngineChoice
from hoso.ocr.reading import PageReading, read_page
from hoso.ocr.sheet import in_grey

RunIsolated = Callable[..., tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class BarePage:
    """One page of a file: what was read, and whether nothing is on it."""

    number: int
    reading: PageReading
    blank: bool


def read_pages(
    pdf: Path, count: int, run: RunIsolated, engine: EngineChoice, *, at_once: int, seconds: float
) -> Iterator[BarePage]:
    """Every page in order, read `at_once` at a time; `run` runs a function in a child process.

    A page that cannot be read is given with the reason, and without words.
    """

    def read(number: int) -> BarePage:
        try:
            text, blank = run(_read_in_child, pdf, number, engine, seconds)
        except (FileRefused, WorkFailed) as error:
            return BarePage(number, PageReading.unread(error.code, engine.language), blank=False)
        return BarePage(number, PageReading.from_json(text), blank)

    threads = ThreadPoolExecutor(at_once)
    try:
        yield from threads.map(read, range(1, count + 1))
    finally:
        # Whoever is interrupted does not wait for pages in hand: leaving `run` ends them.
        threads.shutdown(wait=False, cancel_futures=True)


def write_readable(
    pdf: Path, pages: list[BarePage], target: Path, *, title: str, source_sha256: str
) -> None:
    """The searchable PDF/A of a whole file."""
    write_archive(
        [ArchivePage(pdf, page.number, page.reading) for page in pages],
        target,
        title=title,
        identifier=source_sha256,
        source_sha256=source_sha256,
    )


def _read_in_child(
    pdf: Path, number: int, choice: EngineChoice, seconds: float
) -> tuple[str, bool]:
    page = load_page(pdf, number, dpi=READING_DPI)
    codes = read_codes(page.image.pixels, page.image.dpi)
    if look(page.image, has_code=bool(codes)).blank:
        return PageReading(()).to_json(), True
    page = in_grey(page)
    engine = choice.engine()
    boxes = [code.box for code in codes]
    reading = read_page(pdf, number, page, engine=engine, code_boxes=boxes, timeout_seconds=seconds)
    return reading.to_json(), False
