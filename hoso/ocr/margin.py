"""Where on a page a stamp of a given size covers nothing."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels

INK_DPI = 75
# Upper corners of page 1, kept for the scanning officer's signature and the QR on the left and
# the agency's signature on the right.
_CORNER_MM = (75.0, 40.0)
EDGE_MM = 4.0  # printers do not print nearer to the edge
_CLEAR_MM = 2.0
_SIDE_BAND_MM = 30.0
_DARK = 128  # a stamp would not be read on such paper
_INK_LEVELS = 30  # darker than its surroundings by this is ink, faint stamps included


@dataclass(frozen=True, slots=True)
class Zone:
    """A free place on the upright page: its upper left corner, in millimetres from the page's.

    `turned` says that the stamp lies on its side there, read from below upwards.
    """

    x_mm: float
    y_mm: float
    turned: bool = False


def ink_of(page: Pixels) -> NDArray[np.uint8]:
    """Where something is on the page: 1 for ink, H×W at the picture's resolution.

    `page` is a colour picture (H×W×3) at INK_DPI. The darkest channel counts: red and blue
    stamps are as good as black there. Large dark areas count too.
    """
    darkest = page.min(axis=2)
    around = cv2.medianBlur(darkest, 31)
    paper = np.percentile(darkest, 80)
    darker = cv2.subtract(around, darkest) > _INK_LEVELS
    dark = darkest < max(_DARK, paper - 2 * _INK_LEVELS)
    return np.asarray(darker | dark, dtype=np.uint8)


def find_free_zone(ink: NDArray[np.uint8], width_mm: float, height_mm: float) -> Zone | None:
    """A place for a stamp on the first page: bottom, else right, left, top middle; else None.

    `ink` is what `ink_of` gives for the upright page. The upper corners and the paper's edge
    stay clear, and two millimetres around everything that is on the page.
    """
    taken = _taken(ink)
    rows, columns = ink.shape
    band = _pixels(_SIDE_BAND_MM)
    flat = _free_corners(taken, width_mm, height_mm)
    upright = _free_corners(taken, height_mm, width_mm)
    beside = upright.shape[1]
    for corner, turned in (
        (_first(flat, y_from=rows * 3 // 4, by=(_LOWEST, _RIGHTMOST)), False),
        (_first(upright, x_from=columns - band, by=(_RIGHTMOST, _LOWEST)), True),
        (_first(upright[:, : min(beside, band // 2)], by=(_LEFTMOST, _LOWEST)), True),
        (_first(flat[: _pixels(_CORNER_MM[1])], by=(_HIGHEST, _LEFTMOST)), False),
    ):
        if corner:
            x, y = corner
            return Zone(_millimetres(x), _millimetres(y), turned)
    return None


# How to choose among free corners: (axis, sign), axis 0 being y; smallest first.
_LOWEST, _HIGHEST, _RIGHTMOST, _LEFTMOST = (0, -1), (0, 1), (1, -1), (1, 1)


def _first(
    free: NDArray[np.bool_],
    *,
    by: tuple[tuple[int, int], tuple[int, int]],
    x_from: int = 0,
    y_from: int = 0,
) -> tuple[int, int] | None:
    """The (x, y) of the free corner that comes first, right of and below a limit."""
    found = np.argwhere(free[y_from:, x_from:])
    if not len(found):
        return None
    (major, sign), (minor, other) = by
    first = np.lexsort((other * found[:, minor], sign * found[:, major]))[0]
    y, x = found[first]
    return int(x) + x_from, int(y) + y_from


def _taken(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink with room around it, the paper's edge and the two reserved corners, as 1."""
    reach = 2 * _pixels(_CLEAR_MM) + 1
    taken = np.asarray(cv2.dilate(ink, np.ones((reach, reach), np.uint8)), dtype=np.uint8)
    edge = _pixels(EDGE_MM)
    taken[:edge], taken[-edge:], taken[:, :edge], taken[:, -edge:] = 1, 1, 1, 1
    across, down = (_pixels(side) for side in _CORNER_MM)
    taken[:down, :across], taken[:down, -across:] = 1, 1
    return taken


def _free_corners(taken: NDArray[np.uint8], width_mm: float, height_mm: float) -> NDArray[np.bool_]:
    """Whether a rectangle whose upper left corner is at (y, x) meets nothing that is taken."""
    wide, high = _pixels(width_mm), _pixels(height_mm)
    rows, columns = taken.shape
    if wide > columns or high > rows:
        return np.zeros((0, 0), dtype=np.bool_)
    sums = cv2.integral(taken)
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    return np.asarray(inside == 0)


def _pixels(millimetres: float) -> int:
    return math.ceil(millimetres / 25.4 * INK_DPI)


def _millimetres(pixels: int) -> float:
    return pixels / INK_DPI * 25.4
