import numpy as np
import pytest

from hoso.imaging.page import Pixels
from tests.paper.backs import BLANK, NEARLY_BLANK, scan_back
from tests.paper.ink import pixels
from tests.paper.render import render_paper


@pytest.fixture(scope="module")
def front() -> Pixels:
    """A corner of a paper, 100 × 120 mm: quick to treat."""
    return render_paper("poor_household_certificate", 2).pages[0][: pixels(120), : pixels(100)]


@pytest.mark.parametrize("kind", [*BLANK, *NEARLY_BLANK])
def test_a_back_is_known_to_be_blank_or_not_and_repeats(kind: str, front: Pixels) -> None:
    back, again = (scan_back(kind, 3, front) for _ in range(2))
    assert back.blank == (kind in BLANK)
    assert np.array_equal(back.scan.pixels, again.scan.pixels)


@pytest.mark.parametrize("kind", NEARLY_BLANK)
def test_what_is_noted_on_a_back_is_little_but_there(kind: str, front: Pixels) -> None:
    sheet = np.full_like(front, 255)
    for seed in range(4):
        rng = np.random.default_rng(seed)
        noted = NEARLY_BLANK[kind](sheet, sheet, rng)
        assert 0.0001 < (noted < 220).mean() < 0.02
