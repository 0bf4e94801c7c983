"""Whether two papers of an owner may be one, and what follows once somebody has said so. Pure.

Papers of one form share nearly all their print: neither their pictures nor their words say alone
that it is the same paper. What differs between two of them are the numbers and dates on them, so
those are compared for themselves. Whatever agrees, a person is asked (`duplicate_questions`).

The thresholds are measured on papers scanned twice in every way, and on papers of the same form of
other people (`scripts/bench duplicates`): words of one paper agree to 0.86 and more, of two
people's to 0.88 at most; figures to 0.67 and more, and to 0.58 at most.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from rapidfuzz.distance import Levenshtein

from hoso.dossier.trust import Trust
from hoso.imaging.findings import Verdict
from hoso.imaging.likeness import distance
from hoso.text import fold, letters_of

_PICTURES_ALIKE, _PICTURES_UNLIKE = 0.16, 0.3
_SAME_PICTURE = 0.06  # of other people's papers of one form, the nearest two
_WORDS_ALIKE, _WORDS_UNLIKE = 0.8, 0.65
_FIGURES_ALIKE, _FIGURES_UNLIKE = 0.62, 0.5
_LEAST_WORDS, _LEAST_FIGURES = 8, 3
_MISREAD = 1  # letters of a number that two readings may see differently

_A_FIGURE: Final = re.compile(r"\b(?=\w*\d)\w{2,}\b")


class Point(StrEnum):
    """In what two papers agree or differ."""

    PICTURES = "pictures"
    WORDS = "words"
    FIGURES = "figures"
    NUMBER = "number"
    ISSUED_ON = "issued_on"
    PAGES = "pages"
    KIND = "kind"


class DuplicateAnswer(StrEnum):
    """What somebody said of two papers."""

    SAME = "same"
    NEW_VERSION = "new_version"
    SEPARATE = "separate"


@dataclass(frozen=True, slots=True)
class Paper:
    """What of a paper is compared.

    `pages` counts those that are not blank; `pictures` are the fingerprints of those that have one,
    `text` is what was read on all of them.
    """

    kind: str
    pages: int
    pictures: tuple[str, ...]
    text: str
    number: str | None = None
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """In what two papers agree and differ; what nobody can tell is in neither.

    `same_pictures`: every page looks the same but for what saving or feeding it again changes.
    """

    agrees: tuple[Point, ...]
    differs: tuple[Point, ...]
    same_pictures: bool = False


def compare(one: Paper, other: Paper) -> Evidence:
    """In what two papers agree; the same whichever comes first."""
    away = _pictures_apart(one.pictures, other.pictures)
    found: Mapping[Point, bool | None] = {
        Point.PICTURES: None if away is None else _told(-away, -_PICTURES_ALIKE, -_PICTURES_UNLIKE),
        Point.WORDS: _told(_shared(one, other, _words, _LEAST_WORDS), _WORDS_ALIKE, _WORDS_UNLIKE),
        Point.FIGURES: _told(
            _shared(one, other, _figures, _LEAST_FIGURES), _FIGURES_ALIKE, _FIGURES_UNLIKE
        ),
        Point.NUMBER: _same_number(one.number, other.number),
        Point.ISSUED_ON: _same_day(one.issued_on, other.issued_on),
        Point.PAGES: one.pages == other.pages,
        Point.KIND: one.kind == other.kind,
    }
    return Evidence(
        agrees=tuple(point for point, said in found.items() if said is True),
        differs=tuple(point for point, said in found.items() if said is False),
        same_pictures=away is not None and away <= _SAME_PICTURE,
    )


# Enough to ask, whatever else nobody can tell.
_GROUNDS: Final = (
    {Point.WORDS, Point.FIGURES},
    {Point.WORDS, Point.NUMBER},
    {Point.FIGURES, Point.NUMBER},
    {Point.FIGURES, Point.PICTURES},
    {Point.PICTURES, Point.NUMBER},
    {Point.NUMBER, Point.ISSUED_ON},
)
_OF_ANOTHER: Final = {Point.NUMBER, Point.ISSUED_ON}


def is_worth_asking(evidence: Evidence) -> bool:
    """Whether a person should say what two papers of an owner are to each other.

    A paper of another number and another day is another paper: the newest serves, nobody is asked.
    """
    agrees, differs = set(evidence.agrees), set(evidence.differs)
    if differs >= _OF_ANOTHER:
        return False
    if any(agrees >= ground for ground in _GROUNDS):
        return True
    return evidence.same_pictures and not differs & {Point.WORDS, Point.FIGURES}


def _told(share: float | None, alike: float, unlike: float) -> bool | None:
    """Whether a share says yes or no; None where it says neither."""
    if share is None or unlike < share < alike:
        return None
    return share >= alike


def _pictures_apart(one: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    """How far the pages of the shorter paper lie from the likest of the other's, on average."""
    if not one or not other:
        return None
    if len(one) != len(other):
        shorter, longer = sorted((one, other), key=len)
        return _away(shorter, longer)
    return max(_away(one, other), _away(other, one))


def _away(pages: tuple[str, ...], among: tuple[str, ...]) -> float:
    return sum(min(distance(page, each) for each in among) for page in pages) / len(pages)


def _shared(one: Paper, other: Paper, of: Callable[[str], list[str]], least: int) -> float | None:
    """The share of words that stand on both; of the shorter paper's where a page is missing.

    The order is left out: tables and columns are not always read in the same one.
    """
    mine, its = Counter(of(one.text)), Counter(of(other.text))
    fewer = min(mine.total(), its.total())
    if fewer < least:
        return None
    whole = (mine.total() + its.total()) / 2 if one.pages == other.pages else fewer
    return (mine & its).total() / whole


def _words(text: str) -> list[str]:
    return fold(text).split()


def _figures(text: str) -> list[str]:
    return _A_FIGURE.findall(fold(text))


def _same_number(one: str | None, other: str | None) -> bool | None:
    mine, its = letters_of(one or ""), letters_of(other or "")
    if not mine or not its:
        return None
    if mine == its:
        return True
    return None if Levenshtein.distance(mine, its) <= _MISREAD else False


def _same_day(one: date | None, other: date | None) -> bool | None:
    return None if one is None or other is None else one == other


# What follows from an answer ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scan:
    """One of two scans of the same paper.

    `spoken_against`: the paper itself was revoked, superseded or is not handed over yet; `verdict`
    is on its worst page.
    """

    trust: Trust
    spoken_against: bool = False
    legible: bool = True
    verdict: Verdict = Verdict.GOOD


def newer_stays(newer: Scan, older: Scan) -> bool:
    """Which of two scans of one paper stays in use; the other one is kept as its duplicate.

    What was said against the paper must go on to hold; then trust decides, then the better scan:
    often somebody scanned again because the first one was bad. With nothing between them it is
    the older one, which dossiers and notes refer to.
    """
    if newer.spoken_against != older.spoken_against:
        return newer.spoken_against
    if newer.trust is not older.trust:
        return newer.trust.is_at_least(older.trust)
    return _flaws(newer) < _flaws(older)


def _flaws(scan: Scan) -> tuple[bool, int]:
    return not scan.legible, list(Verdict).index(scan.verdict)


def newer_replaces(newer: date | None, older: date | None) -> bool:
    """Whether of two versions the one that came in later is the newer one, by their days of issue.

    An old version may be handed in after a new one.
    """
    return newer is None or older is None or newer >= older
