"""What is asked of a search: words and phrases, and where they stand. Pure.

Words may stand anywhere on a page. What is written without a space, like `12/HĐ-LĐ`, or between
quotes, has to stand there side by side and in that order, whatever signs or line ends part it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hoso.text import Phrase, exact_terms, fold

_PART = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]|(\S+)')


@dataclass(frozen=True, slots=True)
class Question:
    """The phrases of a question, each once: without accents, and with them. Words are phrases."""

    folded: tuple[Phrase, ...]
    exact: tuple[Phrase, ...]

    def __bool__(self) -> bool:
        return bool(self.folded)

    def phrases(self, *, exact: bool) -> tuple[Phrase, ...]:
        """What is to be found among terms of that kind."""
        return self.exact if exact else self.folded


def read_question(text: str) -> Question:
    """What somebody typed, as phrases; without a letter or digit it asks for nothing."""
    parts = [quoted or bare for quoted, bare in _PART.findall(text)]
    return Question(_phrases(map(fold, parts)), _phrases(map(exact_terms, parts)))


def _phrases(parts: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(dict.fromkeys(tuple(part.split()) for part in parts if part))


def places(terms: Sequence[str], phrase: Phrase) -> list[int]:
    """Where in `terms` the phrase begins."""
    first, many = phrase[0], len(phrase)
    return [
        at
        for at, term in enumerate(terms)
        if term == first and tuple(terms[at : at + many]) == phrase
    ]


def weight(terms: Sequence[str], phrases: Sequence[Phrase]) -> tuple[int, float]:
    """How well terms answer that hold all phrases; the lower the better.

    First how far apart the phrases stand at their closest (0: side by side, in any order), then
    how seldom: the negative share of the terms at which one begins.
    """
    found = sorted((at, which) for which, each in enumerate(phrases) for at in places(terms, each))
    density = len(found) / max(len(terms), 1)
    return _apart(found, [len(phrase) for phrase in phrases]), -density


def _apart(found: Sequence[tuple[int, int]], lengths: Sequence[int]) -> int:
    """The least number of other terms among which one phrase of each kind stands."""
    latest: dict[int, int] = {}
    least: int | None = None
    for at, which in found:
        latest[which] = at
        if len(latest) == len(lengths):
            end = max(begin + lengths[each] for each, begin in latest.items())
            between = max(end - min(latest.values()) - sum(lengths), 0)
            least = between if least is None else min(least, between)
    return least or 0
