"""Where a question's words stand on a page: the boxes of exactly those words. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from hoso.dossier.page_index import Said
from hoso.ocr.question import Question, places
from hoso.ocr.words import Word
from hoso.text import exact_terms, fold


@dataclass(frozen=True, slots=True)
class Spot:
    """A box in points from the page's upper left corner; `field` where somebody says what it reads.

    `text` is the word as it was read, or the field as somebody says it.
    """

    text: str
    x: float
    y: float
    width: float
    height: float
    field: str | None = None


def spots_on(
    words: Iterable[Word], said: Iterable[Said], question: Question, *, exact: bool
) -> list[Spot]:
    """The words that answer, in reading order, then the fields that do."""
    read = [Spot(word.text, word.x, word.y, word.width, word.height) for word in words]
    passages = [read, *([_field(each)] for each in said)]
    return [spot for passage in passages for spot in _marked(passage, question, exact=exact)]


def _field(said: Said) -> Spot:
    x0, y0, x1, y1 = said.box
    return Spot(said.text, x0, y0, x1 - x0, y1 - y0, said.key)


def _marked(passage: Sequence[Spot], question: Question, *, exact: bool) -> Iterator[Spot]:
    cut: Callable[[str], str] = exact_terms if exact else fold
    standing = [
        (term, number) for number, spot in enumerate(passage) for term in cut(spot.text).split()
    ]
    terms = [term for term, _ in standing]
    answering = {
        standing[place][1]
        for phrase in question.phrases(exact=exact)
        for at in places(terms, phrase)
        for place in range(at, at + len(phrase))
    }
    return (passage[number] for number in sorted(answering))
