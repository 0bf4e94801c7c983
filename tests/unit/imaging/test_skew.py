from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hoso.imaging.page import Pixels
from hoso.imaging.skew import ink_map, measure_skew, measure_skew_either_way
from hoso.ocr.clean import straightened
from tests.paper import ink, optics
from tests.paper.render import render_paper

# A table of boxes, running text, two columns with a photograph's frame.
LAYOUTS = ("birth_registration_form", "authorisation", "household_business_certificate")
ANGLES = (-14.0, -9.6, -4.3, -0.7, 0.0, 0.3, 2.2, 6.1, 11.8)


@lru_cache
def a_paper(kind: str) -> Pixels:
    return np.asarray(optics.downscale(render_paper(kind, 3).pages[0], 300, 150), np.uint8)


def ink_of(pixels: Pixels) -> NDArray[np.float32]:
    return ink_map(pixels if pixels.ndim == 2 else optics.grey(pixels), 150, without=[])


def lying(kind: str, degrees: float) -> Pixels:
    """Scanned that many degrees counter-clockwise, with noise and in uneven light."""
    rng = np.random.default_rng(5)
    skewed = optics.uneven_light(optics.skew(a_paper(kind), degrees), rng)
    return optics.noise(optics.grey(skewed), rng, sigma=8)


@pytest.mark.parametrize("kind", LAYOUTS)
@pytest.mark.parametrize("degrees", ANGLES)
def test_skew_is_measured_to_a_fifth_of_a_degree(kind: str, degrees: float) -> None:
    assert measure_skew(ink_of(lying(kind, degrees))) == pytest.approx(-degrees, abs=0.2)


def test_a_straightened_page_lies_straight() -> None:
    page = lying("authorisation", 3.4)
    again = straightened(page, measure_skew(ink_of(page)))
    assert abs(measure_skew(ink_of(again))) <= 0.1


@pytest.mark.parametrize("turn", [90, 270])
def test_a_page_on_its_side_has_its_skew_as_well(turn: int) -> None:
    page = optics.quarter_turn(lying("authorisation", 2.0), turn)
    assert measure_skew_either_way(ink_of(page)) == pytest.approx(-2.0, abs=0.2)


def test_white_paper_lies_straight() -> None:
    assert measure_skew(ink_of(np.full((1754, 1240), 255, np.uint8))) == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_a_signature_alone_says_nothing_of_skew(seed: int) -> None:
    page = np.full((3508, 2480, 3), 255, np.uint8)
    ink.signature(page, 100, 150, np.random.default_rng(seed))
    assert measure_skew(ink_of(optics.downscale(page, 300, 150))) == 0.0


def test_a_seal_alone_says_nothing_of_skew() -> None:
    page = np.full((3508, 2480, 3), 255, np.uint8)
    ring = ("ỦY BAN NHÂN DÂN XÃ QUẢNG YÊN", "TỈNH THANH HÓA")
    sealed = ink.seal(page, 100, 150, ring, np.random.default_rng(2))
    assert measure_skew(ink_of(optics.downscale(sealed, 300, 150))) == 0.0


def test_codes_are_left_out_of_the_ink() -> None:
    page = np.full((1169, 827), 255, np.uint8)
    page[100:200, 100:400:8] = 0
    assert ink_map(page, 100, without=[]).any()
    assert not ink_map(page, 100, without=[(100, 100, 400, 200)]).any()


def test_a_grid_of_bars_is_no_reason_to_turn_a_page() -> None:
    page = np.full((1169, 827), 255, np.uint8)
    cv2.rectangle(page, (100, 100), (700, 1000), 0, 2)
    assert measure_skew(ink_map(page, 100, without=[])) == pytest.approx(0.0, abs=0.1)
