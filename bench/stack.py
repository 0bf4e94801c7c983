"""The stack that OCR is measured on: 40 pages as an office's feeder sends them.

Thirty pages of text in equal parts light, medium and hard, four of them turned; two cover sheets;
eight blank backs. A quick stack has a quarter of the text and its share of the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from hoso.barcode.code import SeparatorLabel
from hoso.barcode.sheets import SeparatorSheet, separator_sheets_pdf
from hoso.imaging.page import Pixels
from tests.paper import optics
from tests.paper.degrade import Quality, blank_back, light, scan
from tests.paper.render import KINDS, pixels_of, render_paper
from tests.paper.stack import ScanPage

_TURNS = (180, 90, 270, 180)
_TURN_EVERY = 7
_BACK_EVERY = 4
_COVERS = ((1001, "Giấy chứng sinh"), (1004, "Giấy chứng nhận kết hôn"))


@dataclass(frozen=True)
class StackPage:
    """A page of the stack: its scan, the clean page and text behind it, and what kind it is.

    `group` is a quality, `cover` or `blank`; `clean` and `text` are empty for the last two.
    """

    scan: ScanPage
    group: str
    turned: int = 0
    clean: Pixels | None = None
    text: str = ""


def a_stack(*, quick: bool) -> list[StackPage]:
    """The stack; the same on every machine."""
    texts = 9 if quick else 30
    stack = list(_covers())
    backs = 0
    for number, page in enumerate(islice(_text_pages(), texts), 1):
        stack.append(_turned(page, number))
        if number % _BACK_EVERY == 0 or (not quick and number == texts):
            backs += 1
            stack.append(StackPage(blank_back(backs, bleed_of=page.clean), "blank"))
    return stack


def _text_pages() -> Iterator[StackPage]:
    """Every kind of paper in turn, and every quality in turn, without end."""
    papers = ((kind, seed) for seed in range(1, 1000) for kind in KINDS)
    for (kind, seed), quality in zip(papers, cycle(Quality), strict=False):
        paper = render_paper(kind, seed)
        for clean, text, scanned in zip(
            paper.pages, paper.text, scan(paper, quality, seed), strict=True
        ):
            yield StackPage(scanned, quality.value, clean=clean, text=text)


def _turned(page: StackPage, number: int) -> StackPage:
    """Every seventh page lies turned in the feeder."""
    if number % _TURN_EVERY:
        return page
    turn = _TURNS[number // _TURN_EVERY - 1]
    pixels = optics.quarter_turn(page.scan.pixels, turn)
    scanned = ScanPage(pixels, page.scan.dpi, page.scan.quality)
    return StackPage(scanned, page.group, turn, page.clean, page.text)


def _covers() -> Iterator[StackPage]:
    sheets = [
        SeparatorSheet(label=SeparatorLabel(number), title=title) for number, title in _COVERS
    ]
    for seed, page in enumerate(pixels_of(separator_sheets_pdf(sheets))):
        yield StackPage(light(page, seed), "cover")
