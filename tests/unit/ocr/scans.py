"""Scans made for the tests of recognition and archiving, and engines that behave as told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import typst
from pikepdf import pdfa
from PIL import Image

from hoso.barcode.draw import code128_svg
from hoso.imaging.page import Pixels
from hoso.ocr.engine import RawLine, RawWord
from hoso.ocr.reading import PageReading
from hoso.ocr.stamp import Stamp
from hoso.ocr.words import Word
from tests.paper import optics
from tests.paper.render import render_paper
from tests.paper.stack import ScanPage, write_pdf

PAPER = render_paper("marital_status_certificate", 3)
CODE = "H57.22-261122-0001"
FONTS = Path(__file__).parents[3] / "hoso/barcode/fonts"


def a_scan(path: Path, *, turn: int = 0, skew: float = 0.0, pages: int = 1) -> Path:
    """The paper's first page at 200 dpi, lying `skew` degrees clockwise, then turned clockwise."""
    page = optics.downscale(PAPER.pages[0], 300, 200)
    page = optics.noise(optics.skew(page, skew), np.random.default_rng(1), sigma=5)
    page = np.ascontiguousarray(np.rot90(page, -turn // 90))
    write_pdf([ScanPage(page, 200)] * pages, path)
    return path


def a_picture_pdf(path: Path, pixels: Pixels, *, dpi: float = 100) -> Path:
    """One page that shows the pixels, edge to edge."""
    write_pdf([ScanPage(pixels, dpi, 90)], path)
    return path


def white(width: int = 827, height: int = 1169) -> Pixels:
    """A blank A4 sheet at 100 dpi."""
    return np.full((height, width, 3), 255, np.uint8)


def lined(*tops: int, dpi: int = 100) -> Pixels:
    """An A4 sheet with a line of strokes like letters, 2 mm high, at each height (mm)."""
    page = white(round(8.27 * dpi), round(11.69 * dpi))
    high = round(2 / 25.4 * dpi)
    for top in (round(mm / 25.4 * dpi) for mm in tops):
        for left in range(dpi, 6 * dpi, high):
            page[top : top + high, left : left + max(2, high // 2)] = 0
    return page


def a_typeset_pdf(source: str, folder: Path, *, archival: bool = False) -> Path:
    """A born-digital PDF of typst's."""
    template = folder / "template.typ"
    template.write_text(f'#set text(font: "Liberation Serif", lang: "vi")\n{source}')
    target = folder / "typeset.pdf"
    made = typst.compile(
        str(template),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["a-2b"] if archival else [],
    )
    assert isinstance(made, bytes)
    target.write_bytes(made)
    return target


def a_stamp(folder: Path) -> Stamp:
    """CODE as Code 128 with the text beneath, 75 × 17 mm."""
    (folder / "code.svg").write_text(code128_svg(CODE, module_mm=0.25, height_mm=10))
    page = "#set page(width: 75mm, height: 17mm, margin: 0.5mm)\n#set align(center)\n"
    drawn = f'{page}#image("code.svg") #v(-3mm) #text(9pt)[{CODE}]'
    return Stamp(a_typeset_pdf(drawn, folder, archival=True).read_bytes())


def a_reading(
    *texts: str, turn: int = 0, skew: float = 0.0, at: tuple[float, float] = (100.0, 100.0)
) -> PageReading:
    """Words side by side on one line."""
    x, y = at
    words = tuple(
        Word(text, 0.9, x + 60.0 * place, y, 50.0, 12.0) for place, text in enumerate(texts)
    )
    return PageReading(words, turn=turn, skew=skew, engine="told")


def failures(pdf: Path) -> list[str]:
    """What keeps the file from being PDF/A-2b."""
    return [str(finding) for finding in pdfa.validate_written(pdf, "2b").findings]


def shown_images(pdf: Path) -> list[bytes]:
    """The pictures of all pages, as stored."""
    with pikepdf.open(pdf) as opened:
        return [
            image.read_raw_bytes() for page in opened.pages for image in page.get_images().values()
        ]


def png(pixels: Pixels) -> bytes:
    """For PDFs that hold deflated pixels."""
    held = BytesIO()
    Image.fromarray(pixels).save(held, "PNG")
    return held.getvalue()


@dataclass
class ToldEngine:
    """An engine that answers each line as `answer` says, and remembers what it was asked."""

    answer: Callable[[Pixels], RawLine]
    name: str = "told"

    def __post_init__(self) -> None:
        self.asked: list[list[tuple[int, ...]]] = []
        self.dpi: list[float] = []

    def check(self) -> str:
        return self.name

    def recognise(
        self,
        lines: Sequence[Pixels],
        *,
        dpi: float,
        timeout_seconds: float,
        digits_only: bool = False,
    ) -> list[RawLine]:
        assert timeout_seconds > 0
        self.asked.append([pixels.shape for pixels in lines])
        self.dpi.append(dpi)
        return [self.answer(pixels) for pixels in lines]


def a_line(text: str, confidence: float = 0.9) -> RawLine:
    """Words beside each other, 100 px apart."""
    return tuple(
        RawWord(word, confidence, 100.0 * place, 5.0, 80.0, 20.0)
        for place, word in enumerate(text.split())
    )
