from collections import Counter
from itertools import islice

import numpy as np
import pytest

from tests.paper import sets
from tests.paper.backs import BLANK, NEARLY_BLANK
from tests.paper.optics import quarter_turn
from tests.paper.sets import KnownPage, kept_pages, tuning_pages


@pytest.fixture(scope="module")
def pages() -> list[KnownPage]:
    return list(islice(tuning_pages(), 7))


def test_no_kind_face_way_back_or_seed_that_is_kept_is_tuned_on() -> None:
    tuning, kept = sets._TUNING, sets._KEPT
    for part, least in (("kinds", 4), ("faces", 1), ("ways", 3), ("backs", 4)):
        assert len({*getattr(kept, part)} - {*getattr(tuning, part)}) >= least
    seeds = [{a.seed for a in islice(sets._arrivals(source), 5000)} for source in (tuning, kept)]
    assert seeds[0].isdisjoint(seeds[1])


@pytest.mark.parametrize("source", [sets._TUNING, sets._KEPT], ids=["tuning", "kept"])
def test_sixty_papers_hold_everything_in_nearly_equal_parts(source: sets._Source) -> None:
    papers = list(islice(sets._arrivals(source), 60))
    ways = Counter(paper.way for paper in papers)
    assert set(ways) == set(source.ways)
    assert max(ways.values()) - min(ways.values()) <= 3
    assert {paper.kind for paper in papers} == set(source.kinds)
    by_face = Counter((paper.face, paper.way) for paper in papers)
    assert len(by_face) >= 0.9 * len(set(source.faces)) * len(source.ways)


def test_a_known_page_is_turned_as_it_says(pages: list[KnownPage]) -> None:
    assert [page.turn for page in pages] == [0] * 6 + [180]
    for page in pages:
        upright = quarter_turn(page.scan.pixels, -page.turn % 360)
        across, down = upright.shape[1::-1]
        assert (across > down) == (page.clean.shape[1] > page.clean.shape[0])


def test_a_known_page_knows_its_words_and_numbers(pages: list[KnownPage]) -> None:
    for page in pages:
        assert [word.text for word in page.words] == page.text.split()
        assert page.numbers.citizen_ids or page.numbers.dates or page.numbers.paper_numbers


@pytest.mark.parametrize("deal", [kept_pages, tuning_pages])
def test_pages_are_dealt_the_same_every_time(deal: object) -> None:
    one, again = (next(deal()) for _ in range(2))  # type: ignore[operator]
    assert (one.kind, one.seed, one.text) == (again.kind, again.seed, again.text)
    assert np.array_equal(one.scan.pixels, again.scan.pixels)


@pytest.mark.parametrize("source", [sets._TUNING, sets._KEPT], ids=["tuning", "kept"])
def test_backs_are_dealt_blank_and_not(source: sets._Source) -> None:
    assert len({*source.backs[:8]} & {*BLANK}) >= 3
    assert len({*source.backs[:8]} & {*NEARLY_BLANK}) >= 2
    first = next(sets._backs(source))
    assert (first.kind, first.seed) == (source.backs[0], source.first_seed)
