"""Which papers pages are that nobody claimed, by the titles on them. Pure; a person decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hoso.ocr.paper_type import guess_type
from hoso.ocr.words import Word


@dataclass(frozen=True, slots=True)
class Proposal:
    """Pages, by their places, that seem to be one paper of a kind."""

    type: str
    places: tuple[int, ...]


def propose_papers(
    pages: Iterable[tuple[int, Sequence[Word]]], headings: Mapping[str, Sequence[str]]
) -> list[Proposal]:
    """Papers among pages in the order of their places.

    A page that surely bears a title begins a paper; those right behind it that bear none belong
    to it. Pages before the first title are nobody's.
    """
    papers: list[Proposal] = []
    for place, words in pages:
        guess = guess_type([words], headings)
        if guess and guess.is_sure:
            papers.append(Proposal(guess.type, (place,)))
        elif papers and papers[-1].places[-1] == place - 1:
            papers[-1] = Proposal(papers[-1].type, (*papers[-1].places, place))
    return papers
