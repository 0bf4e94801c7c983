"""The shapes of what is sharp on a sheet and yet nobody's mark: its edges, folds, staples, holes.

All lengths are millimetres and include the softness of edges, about half a millimetre.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_A_PIXEL: Final = 0.25  # outlines run through the middles of pixels
LINE_LENGTH: Final = 40.0
LINE_WIDTH: Final = 2.0
_ALL_AROUND: Final = 0.7  # of the picture's width and height
_EDGE: Final = 3.0
_EDGE_DEPTH: Final = 12.0
_CORNER: Final = 15.0
_EDGE_LINE_WIDTH: Final = 2.5
# 5.5 to 7 mm across, ISO 838 and common punches; half an edge's softness on top. Figures of two
# digits fill a circle of up to 2.3 mm, and have strokes in its middle.
_HOLE_RADIUS: Final = (2.45, 4.3)
_HOLE_WITHIN: Final = 18.0
_HOLE_ROUND: Final = 0.2  # of whole ones at most 0.15
_HOLE_HALF_SEEN: Final = 0.9  # a crescent of shadow
_HOLE_APART: Final = 40.0
_HOLE_ASKEW: Final = 6.0
_HOLE_AROUND: Final = 0.4
_STAPLE_LENGTH: Final = (8.0, 16.0)
_STAPLE_WIDTH: Final = 2.3
_STAPLE_WITHIN: Final = 25.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's size in millimetres."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something sharp on the sheet; millimetres from its top left corner.

    `outline` is N×2, `width` and `height` are those of the upright box around it.
    """

    outline: NDArray[np.float64]
    x: float
    y: float
    width: float
    height: float

    @property
    def longest(self) -> float:
        """The longer side of its box."""
        return max(self.width, self.height)

    @property
    def spread(self) -> tuple[float, float]:
        """Width and length of the narrowest box around it, however that lies."""
        _, sides, _ = cv2.minAreaRect(self.outline.astype(np.float32))
        narrow, long = sorted(sides)
        return narrow + _A_PIXEL, long + _A_PIXEL

    def from_edges(self, sheet: Sheet) -> tuple[float, float, float, float]:
        """How far its box is from the left, right, top and bottom edge."""
        right, bottom = sheet.width - self.x - self.width, sheet.height - self.y - self.height
        return self.x, right, self.y, bottom


def is_of_the_sheet(mark: Mark, sheet: Sheet) -> bool:
    """Whether it is the sheet's outline or edge, a fold or a staple."""
    all_around = min(mark.width / sheet.width, mark.height / sheet.height) > _ALL_AROUND
    return all_around or _is_at_edge(mark, sheet) or _is_staple_or_fold(mark, sheet)


def _is_at_edge(mark: Mark, sheet: Sheet) -> bool:
    """Whether it is the sheet's edge, its shadow, a torn or folded corner."""
    left, right, top, bottom = mark.from_edges(sheet)
    if min(left, right, top, bottom) >= _EDGE:
        return False
    shallow = (
        min(left, right) < _EDGE and mark.width + min(left, right) < _EDGE_DEPTH,
        min(top, bottom) < _EDGE and mark.height + min(top, bottom) < _EDGE_DEPTH,
    )
    around_corner = min(left, right) < _EDGE and min(top, bottom) < _EDGE
    in_corner = max(min(left, right), min(top, bottom)) < _CORNER and mark.longest < LINE_LENGTH
    return any(shallow) or around_corner or in_corner or mark.spread[0] < _EDGE_LINE_WIDTH


def _is_staple_or_fold(mark: Mark, sheet: Sheet) -> bool:
    if mark.longest < _STAPLE_LENGTH[0] / 2**0.5:
        return False
    width, length = mark.spread
    if length > LINE_LENGTH:
        return width < LINE_WIDTH
    short, long = _STAPLE_LENGTH
    near = _middle_from_edge(mark, sheet) < _STAPLE_WITHIN
    return near and short <= length <= long and width <= _STAPLE_WIDTH


def without_holes(marks: list[Mark], sheet: Sheet) -> list[Mark]:
    """Without round holes, and without half-seen ones in a row with another along an edge."""
    unround = [_unroundness(mark, sheet) for mark in marks]
    likely = [mark for mark, by in zip(marks, unround, strict=True) if by < _HOLE_HALF_SEEN]
    return [
        mark
        for mark, by in zip(marks, unround, strict=True)
        if by > _HOLE_ROUND
        and not (by < _HOLE_HALF_SEEN and any(_are_in_a_row(mark, other) for other in likely))
    ]


def _unroundness(mark: Mark, sheet: Sheet) -> float:
    """How far its outline strays from a circle of a punch hole's size; infinite where it cannot."""
    least, most = _HOLE_RADIUS
    if not least <= mark.longest <= 2 * most + 1 or _middle_from_edge(mark, sheet) > _HOLE_WITHIN:
        return math.inf
    # The circle nearest to all points, by least squares: x² + y² = 2ax + 2by + c.
    points = mark.outline
    sides = np.column_stack([2 * points, np.ones(len(points))])
    (a, b, c), *_ = np.linalg.lstsq(sides, (points**2).sum(axis=1))
    radius = float(np.sqrt(max(0.0, c + a * a + b * b)))
    away = points - (a, b)
    around = len(np.unique(np.arctan2(*away.T) // (np.pi / 12))) / 24
    if not least <= radius <= most or around < _HOLE_AROUND:
        return math.inf
    return float(np.percentile(np.abs(np.hypot(*away.T) - radius), 95))


def _are_in_a_row(one: Mark, other: Mark) -> bool:
    aside, below = abs(one.x - other.x), abs(one.y - other.y)
    return min(aside, below) < _HOLE_ASKEW and max(aside, below) > _HOLE_APART


def _middle_from_edge(mark: Mark, sheet: Sheet) -> float:
    x, y = mark.x + mark.width / 2, mark.y + mark.height / 2
    return min(x, y, sheet.width - x, sheet.height - y)


def are_prong_holes(one: Mark, other: Mark, sheet: Sheet) -> bool:
    """Whether a staple that was pulled out may have left the two."""
    short, long = _STAPLE_LENGTH
    near = max(_middle_from_edge(mark, sheet) for mark in (one, other)) < _STAPLE_WITHIN
    return near and short <= math.dist((one.x, one.y), (other.x, other.y)) <= long
