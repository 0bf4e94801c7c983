"""Words with their place on the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from hoso.ocr.engine import RawWord


@dataclass(frozen=True, slots=True)
class Word:
    """One word on the page as the archived PDF shows it.

    The box is in points from the upper left corner, y down. `confidence` is the chance (0–1)
    that the word is right; `line` numbers the lines of the page from 0, in reading order.
    `printed` says that the PDF draws the word as text, so that nobody had to recognise it.
    """

    text: str
    confidence: float
    x: float
    y: float
    width: float
    height: float
    line: int = 0
    printed: bool = False

    @classmethod
    def at(cls, box: tuple[float, float, float, float], text: str, confidence: float) -> Self:
        """A word in the box (x, y, width, height), rounded to what print can show."""
        x, y, width, height = (round(side, 2) for side in box)
        return cls(text, round(confidence, 3), x, y, width, height)

    @property
    def middle(self) -> float:
        """Height of the middle of the word."""
        return self.y + self.height / 2


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words in reading order, cut into their lines."""
    return [list(line) for _, line in groupby(words, key=lambda word: word.line)]


def box_of(words: Sequence[Word]) -> tuple[float, float, float, float]:
    """x0, y0, x1, y1 around words of one page, in points from its upper left corner."""
    return (
        min(word.x for word in words),
        min(word.y for word in words),
        max(word.x + word.width for word in words),
        max(word.y + word.height for word in words),
    )


def text_of(words: Iterable[Word]) -> str:
    """The words as plain text, one line of the page a line."""
    return "\n".join(" ".join(word.text for word in line) for line in lines_of(words))


def mean_confidence(words: "Sequence[Word | RawWord]") -> float | None:
    """How sure the engine was, 0–1, each letter counting the same; None without words."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return None
    return round(sum(word.confidence * len(word.text) for word in words) / letters, 3)
