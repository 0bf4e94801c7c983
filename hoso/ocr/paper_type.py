"""Which kind of paper a page is, by the title printed on it.

A title stands in the upper part of its page, in capitals, on a line or a few of its own. It is
compared without accents and spaces, so that KÉT for KẾT and a lost blank cost nothing, and other
misread letters a little. Pure: words in, a guess out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median
from typing import Final

from rapidfuzz import fuzz

from hoso.ocr.words import Word, box_of, lines_of
from hoso.text import letters_of

SURE: Final = 0.8
"""A guess at least so confident may be proposed as the paper's type; below, it is only a hint."""

_LINES_OF_A_TITLE: Final = 4
_LEAST_ALIKE: Final = 0.7
_MOSTLY_CAPITALS: Final = 0.7
_UPPER_PART: Final = 0.62
# What a title is worth that goes on after the heading: TỜ KHAI … is less of a title than the whole.
_LONGER: Final = 0.15
_IN_SMALL: Final = 0.6
_LOW_DOWN: Final = 0.75
# Of the usual height of the page's words.
_LARGE: Final = 1.25
# Wider than between words: between columns, in heights of the word after it.
_GAP: Final = 2.0
_SMALL: Final = 0.8


@dataclass(frozen=True, slots=True)
class Title:
    """Words that may be a paper's title: how they read, how they stand, and where.

    `letters` are the text without accents and spaces. `box` is x0, y0, x1, y1 in points from the
    upper left; `weight` is 1 for words that stand as a title does, and less for others.
    """

    text: str
    letters: str
    box: tuple[float, float, float, float]
    weight: float


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """A kind of paper, how sure (0–1), and the words that say so.

    `page` counts from 0. `other` is the next best kind; a guess near it is not confident.
    """

    type: str
    confidence: float
    title: Title
    page: int
    other: str | None

    @property
    def is_sure(self) -> bool:
        """Whether a clerk need only nod."""
        return self.confidence >= SURE


def guess_type(
    pages: Sequence[Sequence[Word]], headings: Mapping[str, Sequence[str]]
) -> TypeGuess | None:
    """The kind of a paper by the first of its pages that bears a title; None without any.

    `headings`: per kind of paper, what may be printed at its top.
    """
    guesses = []
    for page, words in enumerate(pages):
        found = _best(list(_titles(words)), headings, page)
        if found and found.is_sure:
            return found
        guesses += [found] if found else []
    return max(guesses, key=lambda guess: guess.confidence, default=None)


def _best(
    titles: Sequence[Title], headings: Mapping[str, Sequence[str]], page: int
) -> TypeGuess | None:
    found = sorted(
        (
            (score, key, title)
            for key, printed in headings.items()
            for score, title in _matches(titles, printed)
        ),
        key=lambda each: -each[0],
    )
    if not found:
        return None
    score, key, title = found[0]
    others = [(less, other) for less, other, _ in found if other != key]
    margin = score - others[0][0] if others else 1.0
    # Two kinds that fit as well as each other leave no confidence in either.
    confidence = score * min(1.0, 0.5 + 5 * margin)
    return TypeGuess(key, round(confidence, 3), title, page, others[0][1] if others else None)


def _matches(titles: Sequence[Title], printed: Iterable[str]) -> Iterator[tuple[float, Title]]:
    for heading in map(letters_of, printed):
        for title in titles:
            alike = _alike(title.letters, heading)
            if alike >= _LEAST_ALIKE:
                yield alike * title.weight, title


def _alike(title: str, heading: str) -> float:
    """How much of a heading a title begins with, 0–1; less where the title goes on."""
    whole = fuzz.ratio(title, heading) / 100
    if len(title) <= len(heading):
        return whole
    begun = fuzz.ratio(title[: len(heading)], heading) / 100
    return max(whole, begun * (1 - _LONGER * (1 - len(heading) / len(title))))


# Titles of a page ------------------------------------------------------------------------------


def _titles(words: Sequence[Word]) -> Iterator[Title]:
    """Every run of a few lines that may be one, with the weight of how it stands."""
    lines = [_in_capitals(line) for line in lines_of(words)]
    if not lines:
        return
    top = min(word.y for word in words)
    bottom = max(word.y + word.height for word in words)
    usual = median(word.height for word in words)
    for first in range(len(lines)):
        for last in range(first, min(first + _LINES_OF_A_TITLE, len(lines))):
            run = list(chain.from_iterable(lines[first : last + 1]))
            text = " ".join(word.text for word in run)
            yield Title(
                text, letters_of(text), box_of(run), _weight(lines[first], run, top, bottom, usual)
            )


def _in_capitals(line: Sequence[Word]) -> Sequence[Word]:
    """Of a line that runs across columns, the parts in capitals; all of it where none is."""
    parts: list[list[Word]] = [[]]
    for word in line:
        if parts[-1] and word.x - (parts[-1][-1].x + parts[-1][-1].width) > _GAP * word.height:
            parts.append([])
        parts[-1].append(word)
    large = [part for part in parts if _share_of_capitals(part) >= _MOSTLY_CAPITALS]
    return [word for part in large for word in part] or line


def _share_of_capitals(words: Sequence[Word]) -> float:
    letters = [letter for word in words for letter in word.text if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) / len(letters) if letters else 0.0


def _weight(
    first: Sequence[Word], run: Sequence[Word], top: float, bottom: float, usual: float
) -> float:
    """How much a run of lines stands as a title does; `first` is its first line."""
    height = median(word.height for word in run)
    weight = 1.0
    if _share_of_capitals(first) < _MOSTLY_CAPITALS:
        weight *= _IN_SMALL
    if run[0].y - top > _UPPER_PART * (bottom - top) and height < _LARGE * usual:
        weight *= _LOW_DOWN
    if height < _SMALL * usual:
        weight *= _SMALL
    return weight
