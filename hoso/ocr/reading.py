"""One page recognised: cleaned, turned, read, and its words put where they stand."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any, Self

import numpy as np

from hoso.errors import OcrFailed, PageTimedOut
from hoso.imaging.geometry import Box, visible_box
from hoso.imaging.page import Pixels
from hoso.imaging.pages import LoadedPage
from hoso.imaging.pdf import opened
from hoso.ocr import clean, geometry, orient
from hoso.ocr.engine import OcrEngine, RawLine, RawWord
from hoso.ocr.orient import Lines
from hoso.ocr.printed import PRINTED, printed_words
from hoso.ocr.words import Word, in_reading_order, mean_confidence, text_of

# Below this, "words" are folds, frames, seals and signatures: without them order-free character
# error falls from 1.0 to 0.5 % on light, 3.2 to 0.4 % on medium and 8.9 to 4.3 % on hard scans.
_LEAST_CONFIDENCE = 0.3

PixelBox = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels of the page's picture."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read on one page.

    `turn`: degrees clockwise (0, 90, 180, 270) to add to the page's own /Rotate so that it
    stands upright; `turn_sure` is false where a person should look. `skew`: degrees
    counter-clockwise that then lay it straight. `failure`: the code of the error that kept the
    page from being read (`ocr_timed_out`, `ocr_crashed`), else None. `engine`: who read it;
    `pdf` where the words were printed into the PDF already.
    """

    words: tuple[Word, ...]
    turn: int = 0
    skew: float = 0.0
    turn_sure: bool = True
    failure: str | None = None
    engine: str = ""
    seconds: float = 0.0

    @classmethod
    def unread(cls, failure: str, engine: str) -> Self:
        """A page that is kept as it is, without words."""
        return cls((), turn_sure=False, failure=failure, engine=engine)

    @property
    def text(self) -> str:
        """The words as plain text, a line a line."""
        return text_of(self.words)

    @property
    def confidence(self) -> float | None:
        """Mean confidence, 0–1; None where nothing was read."""
        return mean_confidence(self.words)

    @property
    def is_printed(self) -> bool:
        """Whether the PDF held the words as text already."""
        return self.engine == PRINTED

    def to_json(self) -> str:
        """The reading as compact JSON; words are lists in the order of `Word`'s fields."""
        facts = {name: getattr(self, name) for name in self.__slots__ if name != "words"}
        facts["words"] = [astuple(word) for word in self.words]
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The reading that `to_json` wrote."""
        facts: dict[str, Any] = json.loads(text)
        return cls(words=tuple(Word(*word) for word in facts.pop("words")), **facts)


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
        if page.has_text:
            reading = PageReading(printed_words(source, number), engine=PRINTED)
        else:
            reader = _Reader(engine, began + timeout_seconds, timeout_seconds)
            box = visible_box(opened(source).pages.p(number))
            reading = _recognised(_Scan(page, box, code_boxes), reader)
    except OcrFailed as error:
        reading = PageReading.unread(error.code, engine.name)
    return replace(reading, seconds=round(monotonic() - began, 3))


@dataclass(frozen=True, slots=True)
class _Reader:
    """An engine with the time that is left for one page."""

    engine: OcrEngine
    deadline: float
    allowed: float

    def lines(self, pixels: Pixels, dpi: float, *, strip: bool = False) -> list[RawLine]:
        left = self.deadline - monotonic()
        if left <= 0:
            raise PageTimedOut(seconds=self.allowed)
        return self.engine.recognise(pixels, dpi=dpi, timeout_seconds=left, strip=strip)


class _Scan:
    """A page's picture in grey, its ink, and the page's box."""

    def __init__(self, page: LoadedPage, box: Box, code_boxes: Sequence[PixelBox]) -> None:
        self.page, self.box = page, box
        self.dpi = page.image.dpi
        self.pixels = clean.grey(page.image)
        ink = clean.ink_map(self.pixels, self.dpi, without=list(code_boxes))
        self.ink = np.ascontiguousarray(np.rot90(ink, -page.rotate // 90))

    def sheet(self, turn: int) -> "_Sheet":
        """The picture at its own /Rotate plus `turn`, straightened."""
        skew = clean.measure_skew(np.ascontiguousarray(np.rot90(self.ink, -turn // 90)))
        total = (self.page.rotate + turn) % 360
        whole = clean.straightened(clean.turned(self.pixels, total), skew)
        pixels, factor = clean.capped(whole, self.dpi)
        return _Sheet(pixels, self.dpi * factor, turn, skew, self._to_view(total, skew, factor))

    def _to_view(self, total: int, skew: float, factor: float) -> geometry.Matrix:
        """From the sheet's pixels to the archived page as seen: undo, place, do again."""
        image, box = self.page.image, self.box
        wide, high = geometry.turned_size(total, image.width, image.height)
        done = geometry.chain(
            geometry.scale(factor),
            geometry.straightening(skew, wide, high),
            geometry.quarter_turn(total, image.width, image.height),
        )
        view = geometry.turned_size(total, box.width, box.height)
        return geometry.chain(
            geometry.straightening(skew, *view),
            geometry.as_shown(box, total),
            self.page.to_points,
            geometry.undo(done),
        )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the engine gets to see, and the way from its pixels to the page as seen."""

    pixels: Pixels
    dpi: float
    turn: int
    skew: float
    to_view: geometry.Matrix


def _recognised(scan: _Scan, reader: _Reader) -> PageReading:
    """Read the page the right way up, where that can be told; else as it came."""
    run = orient.run_of_lines(scan.ink)
    if run is Lines.SIDEWAYS:
        on_its_head = _is_upside_down(scan.sheet(90), reader)
        # Frames and tables look like lines on end, but do not read like any.
        if on_its_head is not None:
            return _read(scan.sheet(270 if on_its_head else 90), reader)[0]
    sheet = scan.sheet(0)
    reading, sureness = _read(sheet, reader)
    if sureness >= orient.READS_WELL:
        return reading
    on_its_head = _is_upside_down(sheet, reader)
    if on_its_head:
        return _read(scan.sheet(180), reader)[0]
    return replace(reading, turn_sure=on_its_head is False and run is Lines.LEVEL)


def _is_upside_down(sheet: _Sheet, reader: _Reader) -> bool | None:
    def confidence(strip: Pixels) -> float:
        return _sureness(reader.lines(strip, sheet.dpi, strip=True))

    return orient.is_upside_down(sheet.pixels, sheet.dpi, confidence)


def _read(sheet: _Sheet, reader: _Reader) -> tuple[PageReading, float]:
    """The reading, and how sure the engine was of all it saw, traces of ink included."""
    lines = reader.lines(sheet.pixels, sheet.dpi)
    pieces = [
        [_placed(word, sheet.to_view) for word in line if word.confidence >= _LEAST_CONFIDENCE]
        for line in lines
    ]
    words = in_reading_order(pieces)
    reading = PageReading(words, turn=sheet.turn, skew=sheet.skew, engine=reader.engine.name)
    return reading, _sureness(lines)


def _sureness(lines: list[RawLine]) -> float:
    return mean_confidence([word for line in lines for word in line]) or 0.0


def _placed(word: RawWord, to_view: geometry.Matrix) -> Word:
    box = geometry.bounds(to_view, word.x, word.y, word.width, word.height)
    return Word.at(box, word.text, word.confidence)
