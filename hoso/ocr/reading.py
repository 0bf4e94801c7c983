"""One page recognised: cleaned, turned, read, and its words put where they stand."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any, Self

from hoso.errors import OcrFailed
from hoso.imaging.geometry import visible_box
from hoso.imaging.pages import LoadedPage, load_page
from hoso.imaging.pdf import opened
from hoso.ocr.engine import OcrEngine
from hoso.ocr.lines import PixelBox
from hoso.ocr.order import Piece, in_reading_order
from hoso.ocr.printed import PRINTED, printed_words
from hoso.ocr.recognition import Deadline, Recognised, recognise, recognise_upright
from hoso.ocr.sheet import Scan
from hoso.ocr.words import Word, lines_of, mean_confidence, text_of


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
    def recognised(self) -> tuple[Word, ...]:
        """The words that the PDF does not draw as text itself."""
        return () if self.is_printed else tuple(word for word in self.words if not word.printed)

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
