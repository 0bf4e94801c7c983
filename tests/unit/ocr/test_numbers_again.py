"""The second look at numbers: typewriter zeros lose their dots, everything else stays."""

import cv2
import numpy as np
import pytest

from hoso.imaging.page import Pixels
from hoso.ocr.numbers import _with_plain_zeros

WHITE, BLACK = 255, 0


def a_zero(*, dotted: bool, colour: bool = False) -> Pixels:
    """A ring as high as most of the picture, with or without a dot in it."""
    picture = np.full((60, 50), WHITE, np.uint8)
    cv2.ellipse(picture, (25, 30), (13, 22), 0, 0, 360, BLACK, 4)
    if dotted:
        cv2.circle(picture, (25, 30), 3, BLACK, -1)
    return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR) if colour else picture


@pytest.mark.parametrize("colour", [False, True])
def test_the_dot_in_a_zero_is_taken_off_and_its_ring_stays(*, colour: bool) -> None:
    plain = _with_plain_zeros(a_zero(dotted=True, colour=colour))
    assert np.array_equal(plain, a_zero(dotted=False, colour=colour))


def test_what_is_no_dot_in_a_digit_stays() -> None:
    beside = a_zero(dotted=False)
    cv2.circle(beside, (45, 52), 3, BLACK, -1)  # a full stop
    eight = a_zero(dotted=False)
    cv2.line(eight, (12, 30), (38, 30), BLACK, 4)
    blank = np.full((60, 50), WHITE, np.uint8)
    for picture in (a_zero(dotted=False), beside, eight, blank):
        assert np.array_equal(_with_plain_zeros(picture), picture)
