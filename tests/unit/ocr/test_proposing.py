"""Papers proposed for pages that nobody claimed."""

import pytest

from hoso.ocr.proposing import propose_papers
from hoso.ocr.words import Word

HEADINGS = {"birth": ["GIẤY KHAI SINH"], "marriage": ["GIẤY CHỨNG NHẬN KẾT HÔN"]}
TITLES = {"B": "GIẤY KHAI SINH", "M": "GIẤY CHỨNG NHẬN KẾT HÔN", ".": "và các giấy tờ khác"}


def page(place: int, letter: str) -> tuple[int, list[Word]]:
    words = TITLES[letter].split()
    return place, [Word(word, 0.9, 50 * at, 50, 45, 12) for at, word in enumerate(words)]


def papers(pages: str, *, gaps: tuple[int, ...] = ()) -> list[tuple[str, tuple[int, ...]]]:
    """A letter a page, the first at place 1; no page at those places in `gaps`."""
    places = [at for at in range(1, len(pages) + len(gaps) + 1) if at not in gaps]
    found = propose_papers(
        [page(at, letter) for at, letter in zip(places, pages, strict=True)], HEADINGS
    )
    return [(each.type, each.places) for each in found]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("", []),
        (".", []),
        ("B", [("birth", (1,))]),
        ("B..", [("birth", (1, 2, 3))]),
        ("B.M", [("birth", (1, 2)), ("marriage", (3,))]),
        ("BB", [("birth", (1,)), ("birth", (2,))]),
        (".M.", [("marriage", (2, 3))]),
    ],
)
def test_a_title_begins_a_paper_and_pages_without_one_go_on(
    pages: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert papers(pages) == expected


def test_a_page_behind_somebody_elses_belongs_to_no_title_before_it() -> None:
    assert papers("B.", gaps=(2,)) == [("birth", (1,))]
