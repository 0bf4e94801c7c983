"""One file in, one searchable PDF/A out: the reading of the service without its database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hoso.barcode.read import read_codes
from hoso.imaging.look import look
from hoso.imaging.pages import load_page
from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.clean import READING_DPI
from hoso.ocr.engines import EngineChoice
from hoso.ocr.reading import PageReading, read_page

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
    """Every page in order, read `at_once` at a time; `run` runs a function in a child process."""
    with ThreadPoolExecutor(at_once) as threads:

        def read(number: int) -> BarePage:
            text, blank = run(_read_in_child, pdf, number, engine, seconds)
            return BarePage(number, PageReading.from_json(text), blank)

        yield from threads.map(read, range(1, count + 1))


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
    engine = choice.engine()
    boxes = [code.box for code in codes]
    reading = read_page(pdf, number, page, engine=engine, code_boxes=boxes, timeout_seconds=seconds)
    return reading.to_json(), False
