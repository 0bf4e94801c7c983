"""3×3 matrices between a page's picture, its PDF user space and the page as people see it.

"As seen" is in points from the upper left corner of the upright page, y down: after /Rotate and
after straightening. Angles of straightening are counter-clockwise.
"""

import math
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from hoso.imaging.geometry import Box

Matrix = NDArray[np.float64]
Rectangle = tuple[float, float, float, float]
"""x, y, width, height."""


def chain(*matrices: Matrix) -> Matrix:
    """One matrix for several; the last one is applied first, as on paper."""
    return reduce(np.matmul, matrices)


def undo(matrix: Matrix) -> Matrix:
    """The way back."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def shift(x: float, y: float) -> Matrix:
    """Move by (x, y)."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def scale(factor: float) -> Matrix:
    """Enlarge about the origin."""
    return np.diag([factor, factor, 1.0])


def quarter_turn(turn: int, width: float, height: float) -> Matrix:
    """Turn a width×height rectangle (y down) clockwise by 0, 90, 180 or 270 degrees.

    Its upper left corner comes to lie on the origin again.
    """
    x_row, y_row = {
        0: ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
        90: ([0.0, -1.0, height], [1.0, 0.0, 0.0]),
        180: ([-1.0, 0.0, width], [0.0, -1.0, height]),
        270: ([0.0, 1.0, 0.0], [-1.0, 0.0, width]),
    }[turn]
    return np.array([x_row, y_row, [0.0, 0.0, 1.0]])


def turned_size(turn: int, width: float, height: float) -> tuple[float, float]:
    """Width and height after the turn."""
    return (width, height) if turn % 180 == 0 else (height, width)


def straightening(skew: float, width: float, height: float) -> Matrix:
    """Turn by `skew` degrees counter-clockwise (as seen, y down) about the middle."""
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    around_origin = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    return chain(shift(width / 2, height / 2), around_origin, shift(-width / 2, -height / 2))


def as_shown(box: Box, turn: int) -> Matrix:
    """From user space to the page that a viewer shows: `box` at /Rotate `turn`, y down."""
    flipped = np.array([[1.0, 0.0, -box.x0], [0.0, -1.0, box.y1], [0.0, 0.0, 1.0]])
    return chain(quarter_turn(turn, box.width, box.height), flipped)


def upwards(height: float) -> Matrix:
    """Between y down from the upper edge and y up from the lower edge; its own inverse."""
    return np.array([[1.0, 0.0, 0.0], [0.0, -1.0, height], [0.0, 0.0, 1.0]])


def operands(matrix: Matrix) -> str:
    """The six numbers before PDF's `cm`."""
    (a, c, e), (b, d, f) = matrix[:2]
    return " ".join(number(value) for value in (a, b, c, d, e, f))


def number(value: float) -> str:
    """A number as PDF wants it: no exponent, no needless zeros, no minus zero."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def bounds(matrix: Matrix, x: float, y: float, width: float, height: float) -> Rectangle:
    """The upright box (x, y, width, height) around a rectangle after `matrix`."""
    corners = matrix @ np.array(
        [[x, x + width, x, x + width], [y, y, y + height, y + height], [1, 1, 1, 1]]
    )
    left, top = corners[:2].min(axis=1)
    right, bottom = corners[:2].max(axis=1)
    return float(left), float(top), float(right - left), float(bottom - top)
