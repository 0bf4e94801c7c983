import cv2
import numpy as np
import pytest

from hoso.imaging.page import PageImage, Pixels
from hoso.ocr.clean import READING_DPI, capped, grey, ink_map, measure_skew, straightened
from tests.paper import optics
from tests.unit.ocr.scans import PAPER, white

RED = (60, 40, 210)


def with_seal(millimetres: float) -> Pixels:
    """A red disc with a stroke of black print in its middle."""
    page = white()
    radius = round(millimetres / 2 / 25.4 * 100)
    cv2.circle(page, (400, 600), radius, RED, -1)
    cv2.line(page, (390, 600), (410, 600), (0, 0, 0), 3)
    return page


def test_a_round_seal_goes_and_black_print_under_it_stays() -> None:
    cleaned = grey(PageImage(with_seal(36), 100))
    assert cleaned[585, 400] > 200
    assert cleaned[600, 400] < 50


@pytest.mark.parametrize("millimetres", [12, 80])
def test_red_of_another_size_than_a_seal_stays(millimetres: float) -> None:
    cleaned = grey(PageImage(with_seal(millimetres), 100))
    assert cleaned[600 - 6, 400] < 120


def test_a_red_title_stays() -> None:
    page = white()
    cv2.rectangle(page, (200, 100), (600, 125), RED, -1)
    assert grey(PageImage(page, 100))[110, 400] < 120


@pytest.mark.parametrize("degrees", [-3.0, -0.8, 0.0, 0.4, 2.0])
def test_skew_is_measured_to_a_tenth_of_a_degree(degrees: float) -> None:
    page = cv2.cvtColor(optics.skew(PAPER.pages[0], degrees), cv2.COLOR_BGR2GRAY)
    skew = measure_skew(ink_map(np.asarray(page, np.uint8), 300, without=[]))
    assert abs(skew) == pytest.approx(abs(degrees), abs=0.13)
    again = straightened(np.asarray(page, np.uint8), skew)
    assert abs(measure_skew(ink_map(again, 300, without=[]))) <= 0.13


def test_a_white_page_lies_straight() -> None:
    assert measure_skew(ink_map(white()[:, :, 0], 100, without=[])) == 0.0


def test_codes_are_left_out_of_the_ink() -> None:
    page = white()[:, :, 0].copy()
    page[100:200, 100:400:8] = 0
    assert ink_map(page, 100, without=[]).any()
    assert not ink_map(page, 100, without=[(100, 100, 400, 200)]).any()


def test_a_sharp_scan_is_read_at_no_more_than_it_needs() -> None:
    pixels, factor = capped(np.zeros((300, 600), np.uint8), 300)
    assert (pixels.shape, factor) == ((150, 300), READING_DPI / 300)


def test_a_coarse_scan_is_never_enlarged() -> None:
    pixels, factor = capped(np.zeros((300, 600), np.uint8), 100)
    assert (pixels.shape, factor) == ((300, 600), 1.0)
