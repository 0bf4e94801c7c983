"""What the children of `bare` do with a file and its pages."""

from pathlib import Path

from hoso.barcode.read import read_codes
from hoso.imaging.limits import Limits
from hoso.imaging.look import look
from hoso.imaging.pages import load_page
from hoso.ocr.clean import READING_DPI
from hoso.ocr.engines import EngineChoice
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
from hoso.ocr.sheet import in_grey


def open_file(file: Path, limits: Limits, pdf: Path) -> int:
    """Make the file a PDF, `pdf`; gives its pages, refuses what cannot become pages."""
    from hoso.imaging.files import inspect  # noqa: PLC0415  # once a file, not once a child
    from hoso.imaging.normal import as_pdf  # noqa: PLC0415  # as above

    facts = inspect(file, name=file.name, limits=limits)
    as_pdf(file, facts.kind, pdf)
    return facts.pages


def read(pdf: Path, number: int, choice: EngineChoice, seconds: float) -> tuple[str, bool]:
    """Read page `number`; gives the reading as JSON, and whether nothing is on the page."""
    page = load_page(pdf, number, dpi=READING_DPI)
    codes = read_codes(page.image.pixels, page.image.dpi)
    if look(page.image, has_code=bool(codes)).blank:
        return PageReading(()).to_json(), True
    page = in_grey(page)
    engine = choice.engine()
    boxes = [code.box for code in codes]
    reading = read_page(pdf, number, page, engine=engine, code_boxes=boxes, timeout_seconds=seconds)
    return reading.to_json(), False
