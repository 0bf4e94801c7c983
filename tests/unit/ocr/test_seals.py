import cv2
import numpy as np
import pytest

from hoso.imaging.page import PageImage, Pixels
from hoso.ocr.seals import without_grey_seals, without_red_seals
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
    cleaned = without_red_seals(PageImage(with_seal(36), 100))
    assert cleaned[585, 400] > 200
    assert cleaned[600, 400] < 50


@pytest.mark.parametrize("millimetres", [12, 80])
def test_red_of_another_size_than_a_seal_stays(millimetres: float) -> None:
    cleaned = without_red_seals(PageImage(with_seal(millimetres), 100))
    assert cleaned[600 - 6, 400] < 120


def test_a_red_title_stays() -> None:
    page = white()
    cv2.rectangle(page, (200, 100), (600, 125), RED, -1)
    assert without_red_seals(PageImage(page, 100))[110, 400] < 120


def a_grey_seal(dpi: int = 150) -> Pixels:
    """A ring of pale ink with a black line of print through it, and a pale line beside it."""
    page = np.full((1754, 1240), 240, np.uint8)
    radius = round(17 / 25.4 * dpi)
    cv2.circle(page, (600, 800), radius, 150, 6)
    cv2.circle(page, (600, 800), radius - 12, 150, 2)
    for left in range(520, 680, 12):
        page[790:810, left : left + 6] = 20
    page[300:306, 200:1000] = 150
    return page


def test_pale_ink_goes_where_a_grey_seal_is_and_only_there() -> None:
    page = a_grey_seal()
    clean = without_grey_seals(page, 150)
    radius = round(17 / 25.4 * 150)
    assert clean[800, 600 + radius] > 225
    assert clean[800, 600] == pytest.approx(page[800, 600], abs=25)
    assert (clean[300:306] == page[300:306]).all()


def test_print_without_seals_is_left_as_it_is() -> None:
    page = np.asarray(cv2.cvtColor(PAPER.pages[0], cv2.COLOR_BGR2GRAY), np.uint8)
    assert (without_grey_seals(page, 300) == page).all()
