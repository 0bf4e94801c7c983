"""Words with their place on the page, brought into the order in which people read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median
from typing import Self

from hoso.ocr.engine import RawWord


@dataclass(frozen=True, slots=True)
class Word:
    """One word on the page as the archived PDF shows it.

    The box is in points from the upper left corner, y down. `confidence` is 0–1; `line` numbers
    the lines of the page from 0, in reading order.
    """

    text: str
    confidence: float
    x: float
    y: float
    width: float
    height: float
    line: int = 0

    @classmethod
    def at(cls, box: tuple[float, float, float, float], text: str, confidence: float) -> Self:
        """A word in the box (x, y, width, height), rounded to what print can show."""
        x, y, width, height = (round(side, 2) for side in box)
        return cls(text, round(confidence, 3), x, y, width, height)

    @property
    def middle(self) -> float:
        """Height of the middle of the word."""
        return self.y + self.height / 2


class _Line:
    """Pieces of text that stand side by side."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = list(words)
        self.middle = median(word.middle for word in words)
        self.height = median(word.height for word in words)

    def takes(self, other: "_Line") -> bool:
        """Whether the other piece stands on this line, beside what is already on it."""
        near = abs(self.middle - other.middle) < 0.5 * min(self.height, other.height)
        return near and not any(_overlap(a, b) for a in self.words for b in other.words)


def _overlap(one: Word, other: Word) -> bool:
    """Whether two words share more than half of the narrower one's width."""
    shared = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    return shared > 0.5 * min(one.width, other.width)


def in_reading_order(pieces: Iterable[Sequence[Word]]) -> tuple[Word, ...]:
    """Words from top to bottom and left to right, their lines numbered.

    `pieces` are the engine's lines, in any order and often broken at wide gaps: pieces at the
    same height become one line, so a two-column heading reads across, as people say it.
    """
    lines: list[_Line] = []
    for piece in sorted((_Line(words) for words in pieces if words), key=lambda it: it.middle):
        neighbours = (line for line in reversed(lines[-8:]) if line.takes(piece))
        if home := next(neighbours, None):
            home.words += piece.words
        else:
            lines.append(piece)
    return tuple(
        replace(word, line=number)
        for number, line in enumerate(lines)
        for word in sorted(line.words, key=lambda word: word.x)
    )


def text_of(words: Iterable[Word]) -> str:
    """The words as plain text, one line of the page a line."""
    lines = groupby(words, key=lambda word: word.line)
    return "\n".join(" ".join(word.text for word in line) for _, line in lines)


def mean_confidence(words: Sequence[Word | RawWord]) -> float | None:
    """How sure the engine was, 0–1, each letter counting the same; None without words."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return None
    return round(sum(word.confidence * len(word.text) for word in words) / letters, 3)
