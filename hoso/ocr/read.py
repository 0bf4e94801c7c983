"""One page recognised: cleaned, turned, read, and its words put where they stand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from hoso.errors import OcrFailed
from hoso.imaging.geometry import visible_box
from hoso.imaging.pages import LoadedPage, load_page
from hoso.imaging.pdf import opened
from hoso.ocr.engine import OcrEngine
from hoso.ocr.lines import PixelBox
from hoso.ocr.order import Piece, in_reading_order
from hoso.ocr.printed import printed_words
from hoso.ocr.reading import PRINTED, PageReading
from hoso.ocr.recognition import Deadline, Recognised, recognise, recognise_upright
from hoso.ocr.sheet import Scan
from hoso.ocr.words import lines_of


def read_page(
    source: Path,
    number: int,
    page: LoadedPage,
    *,
    engine: OcrEngine,
    code_boxes: Sequence[PixelBox] = (),
    timeout_seconds: float,
) -> PageReading:
    """Read page `number` (from 1) of the PDF `source`, of which `page` is the picture.

    `code_boxes` are the codes found on that picture. A page that cannot be read in time, or on
    which the engine dies, is given back without words and with `failure` set. OcrUnavailable
    goes through: no other page would fare better, and trying again later helps.
    """
    began = monotonic()
    try:
        if page.has_text and not page.is_mixed:
            reading = PageReading(printed_words(source, number), engine=PRINTED)
        else:
            reader = Deadline(engine, timeout_seconds)
            box = visible_box(opened(source).pages.p(number))
            scan = Scan(page, box, code_boxes)
            read = (
                _mixed(source, number, scan, reader) if page.is_mixed else recognise(scan, reader)
            )
            reading = _reading(read, engine.name)
    except OcrFailed as error:
        reading = PageReading.unread(error.code, engine.name)
    return replace(reading, seconds=round(monotonic() - began, 3))


def _reading(read: Recognised, engine: str) -> PageReading:
    return PageReading(read.words, read.turn, read.skew, read.turn_sure, engine=engine)


def _mixed(source: Path, number: int, scan: Scan, reader: Deadline) -> Recognised:
    """Words that are drawn as text are kept; only what the pictures hold is recognised."""
    bare = load_page(source, number, dpi=scan.dpi, with_text=False)
    pictures = Scan(bare, scan.box, scan.code_boxes)
    if scan.page.has_text:  # the text stands upright, whatever the pictures on its page do
        read = recognise_upright(pictures, reader)
    else:
        read = recognise(pictures, reader)
    printed = printed_words(source, number, turn=read.turn, skew=read.skew, with_hidden=False)
    lines = [*lines_of(read.words), *lines_of(printed)]
    return replace(read, words=in_reading_order(map(Piece, lines)))
