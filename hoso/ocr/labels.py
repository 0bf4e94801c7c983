"""Printed labels found in words that were read with errors, and what stands after them. Pure.

Labels are compared without accents and spaces, as titles are (`paper_type`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, Self

from rapidfuzz import fuzz

from hoso.ocr.words import Word, box_of, lines_of
from hoso.text import letters_of

# Of a hundred. Short labels are found in other words too easily.
_ALIKE, _SHORT_ALIKE, _SHORT = 84.0, 92.0, 8

_SHORT_DATE = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?!\d)")
# Without accents, so that they need not be right.
_LONG_DATE = re.compile(r"\bngay (\d{1,2}) ?thang (\d{1,2}) ?nam (\d{4})\b")

SIGNS: Final = ".,;:()*"
"""What may stand around a word without being of it."""

# As many words of a date may stand on the next line: "… năm" and "2026".
_CARRIED_OVER: Final = 5


class Place(NamedTuple):
    """A place in a paper's text: before the letter `at` of line `line`."""

    line: int
    at: int


BEGINNING: Final = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Value:
    """Words that answer a label, on one page (from 0)."""

    words: tuple[Word, ...]
    page: int
    begins: Place

    @property
    def text(self) -> str:
        """As it was read."""
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """The chance that its least sure word is right."""
        return min(word.confidence for word in self.words)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 in points from the page's upper left corner."""
        return box_of(self.words)


@dataclass(frozen=True)
class Line:
    """One line of a paper: its words, and its letters without accents and spaces."""

    words: tuple[Word, ...]
    page: int

    @cached_property
    def _folded(self) -> list[str]:
        return [letters_of(word.text) for word in self.words]

    @cached_property
    def letters(self) -> str:
        """All words' letters and digits, lower case."""
        return "".join(self._folded)

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins among the letters; at the end, where the line ends."""
        starts, at = [], 0
        for word in self._folded:
            starts.append(at)
            at += len(word)
        return [*starts, at]

    def words_before(self, at: int) -> tuple[Word, ...]:
        """The words that begin before a letter."""
        return self.words[: bisect_left(self.starts, at, hi=len(self.words))]

    def words_from(self, at: int) -> list[int]:
        """The places of those words that begin at or after a letter."""
        return [place for place, start in enumerate(self.starts[:-1]) if start >= at]


class Text:
    """A paper's lines, page by page, in reading order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines

    @classmethod
    def of(cls, pages: Sequence[Sequence[Word]]) -> Self:
        """From the words of each page."""
        return cls(
            [
                Line(tuple(line), page)
                for page, words in enumerate(pages)
                for line in lines_of(words)
            ]
        )

    def since(self, place: Place) -> "Text":
        """The lines from that of a place on."""
        return Text(self.lines[place.line :])

    def after_label(
        self, label: str, *, since: Place = BEGINNING, until: Place | None = None
    ) -> Iterator[Place]:
        """Where the answer to each such label begins, in order."""
        for number in range(since.line, len(self.lines)):
            begin = since.at if number == since.line else 0
            for end in _ends_of(self.lines[number], label, begin):
                place = Place(number, end)
                if until and place >= until:
                    return
                yield place

    def ends_with_colon(self, place: Place) -> bool:
        """Whether the word right before a place does."""
        before = self.lines[place.line].words_before(place.at)
        return bool(before) and before[-1].text.endswith(":")

    def value(self, words: Sequence[Word], number: int) -> Value:
        """Words that begin on a line, as a value."""
        line = self.lines[number]
        at = next(at for at, word in enumerate(line.words) if word is words[0])
        return Value(tuple(words), line.page, Place(number, line.starts[at]))

    def words_at(self, place: Place, *, lines: int = 1) -> list[tuple[int, Word]]:
        """Words from a place on, with their line's number, to the end of so many lines."""
        found = [
            (place.line, self.lines[place.line].words[at])
            for at in self.lines[place.line].words_from(place.at)
        ]
        for number in range(place.line + 1, min(place.line + lines, len(self.lines))):
            found += [(number, word) for word in self.lines[number].words]
        return found


def _ends_of(line: Line, label: str, begin: int) -> Iterator[int]:
    wanted = letters_of(label)
    least = _SHORT_ALIKE if len(wanted) < _SHORT else _ALIKE
    while begin < len(line.letters):
        found = fuzz.partial_ratio_alignment(wanted, line.letters[begin:], score_cutoff=least)
        if found is None or len(line.letters) - begin < len(wanted) - 2:
            return
        start = _nearest(line.starts, begin + found.dest_start)
        end = _nearest(line.starts, begin + found.dest_end)
        if start is not None and end is not None and _begins_like(line, start, label):
            yield end
        begin += max(found.dest_end, 1)


def _nearest(starts: Sequence[int], at: int) -> int | None:
    """A label begins and ends with words; a letter more or less is misread."""
    start = min(starts, key=lambda each: abs(each - at))
    return start if abs(start - at) <= 1 else None


def _begins_like(line: Line, start: int, label: str) -> bool:
    """Capital or not, as it is printed: "Số: …" is the paper's number, "thông tư số …" is not."""
    if start >= line.starts[-1]:
        return False
    word = line.words[bisect_right(line.starts, start) - 1]  # signs before it are no letters
    return word.text[0].isupper() or label[0].islower()


# Dates -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date that exists, and the words it stands in."""

    day: date
    value: Value


def dates_in(text: Text, number: int, *, since: int = 0) -> Iterator[DateFound]:
    """Every date that begins on a line, from a letter on; it may end on the next.

    `dd/mm/yyyy`, also with dots or dashes, or `ngày dd tháng mm năm yyyy`.
    """
    words = text.words_at(Place(number, since))
    own = len(words)
    if number + 1 < len(text.lines) and text.lines[number + 1].page == text.lines[number].page:
        words += text.words_at(Place(number + 1, 0))[:_CARRIED_OVER]
    plain = [letters_of(word.text) for _, word in words]
    printed = [word.text for _, word in words]
    for pattern, parts in ((_LONG_DATE, plain), (_SHORT_DATE, printed)):
        joined = " ".join(parts)
        for match in pattern.finditer(joined):
            first = joined[: match.start()].count(" ")
            last = joined[: match.end()].count(" ")
            day = _day(*map(int, match.groups()))
            if day and first < own:
                yield DateFound(
                    day, text.value([word for _, word in words[first : last + 1]], number)
                )


def _day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
