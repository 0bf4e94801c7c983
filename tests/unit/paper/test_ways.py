import cv2
import numpy as np
import pytest

from hoso.imaging.page import Pixels
from tests.paper import optics
from tests.paper.degrade import seal_on
from tests.paper.render import Paper, render_paper
from tests.paper.ways import WAYS, fax, photocopy

MORE_WAYS = sorted(set(WAYS) - {"light", "medium", "hard"})


@pytest.fixture(scope="module")
def card() -> Paper:
    return render_paper("diploma", 2)


@pytest.mark.parametrize("way", MORE_WAYS)
def test_a_page_arrives_the_same_for_the_same_seed_only(way: str, card: Paper) -> None:
    one, again, other = (
        WAYS[way](card.pages[0], seed, seal_on(card, 0)).pixels for seed in (1, 1, 2)
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("way", MORE_WAYS)
def test_a_page_arrives_whole_and_legible(way: str, card: Paper) -> None:
    before = card.pages[0].copy()
    scanned = WAYS[way](card.pages[0], 3, seal_on(card, 0))
    across, down = (side / scanned.dpi * 25.4 for side in scanned.pixels.shape[1::-1])
    assert across / down == pytest.approx(210 / 148, rel=0.06)
    assert 140 <= scanned.dpi <= 300
    assert np.ptp(scanned.pixels) > 80
    assert np.array_equal(card.pages[0], before), "the page given in is left as it was"


@pytest.mark.parametrize("way", MORE_WAYS)
def test_a_page_arrives_neither_mirrored_nor_turned(way: str, card: Paper) -> None:
    clean = thumbnail(card.pages[0])
    for seed in range(6):
        seen = thumbnail(WAYS[way](card.pages[0], seed, None).pixels)
        upright, *others = (
            float(np.corrcoef(seen.ravel(), shown.ravel())[0, 1])
            for shown in (clean, clean[:, ::-1], clean[::-1], clean[::-1, ::-1])
        )
        assert upright > max(others)


def thumbnail(page: Pixels) -> Pixels:
    """The middle of a page, small, in grey."""
    grey = page if page.ndim == 2 else optics.grey(page)
    small = np.asarray(cv2.resize(grey, (210, 148), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return small[14:-14, 20:-20]


@pytest.mark.parametrize("way", [photocopy, fax])
def test_copies_and_faxes_are_black_and_white(way: object, card: Paper) -> None:
    scanned = WAYS[way.__name__](card.pages[0], 4, None)  # type: ignore[attr-defined]
    assert scanned.bilevel
    assert scanned.pixels.ndim == 2
    assert set(np.unique(scanned.pixels)) == {0, 255}
