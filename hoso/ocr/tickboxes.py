"""Small square boxes of forms, to be ticked or left: taken off before the page is read.

Left in, they are read as brackets and glue the words around them together: `sao:[x]Có`. The tick
inside a box stays and is read as what it looks like.
"""

import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels

_SIDE_MM = (2.2, 8.0)
_SQUARE = (0.75, 1.33)
# Of each side, how much bears ink. No letter has four straight sides and four corners.
_DRAWN = 0.85
_STROKE = 0.14  # of the side: the thickest frame, with what the scanner's slant adds to it
_MOST_FILLED = 0.5  # of the inside: more is a bullet or a black square


def find_tick_boxes(ink: Pixels, marks: NDArray[np.float64], dpi: float) -> Pixels | None:
    """Mask of their frames (1, H×W); None where there are none.

    `ink` is 1 where there is ink, without rules; `marks` (N×4: x0, y0, x1, y1) are the boxes of
    all that hangs together in it.
    """
    frames = [frame for frame in _squares(marks, dpi) if _is_frame(_cut(ink, frame))]
    if not frames:
        return None
    mask = np.zeros_like(ink)
    for x0, y0, x1, y1 in frames:
        stroke = _stroke(min(x1 - x0, y1 - y0)) + 1
        inside = (slice(y0 + stroke, y1 - stroke), slice(x0 + stroke, x1 - stroke))
        within = mask[inside].copy()
        mask[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = 1
        mask[inside] = within
    return mask


def _squares(marks: NDArray[np.float64], dpi: float) -> list[list[int]]:
    wide, high = (marks[:, 2:] - marks[:, :2]).T
    least, most = (mm / 25.4 * dpi for mm in _SIDE_MM)
    fits = (np.minimum(wide, high) >= least) & (np.maximum(wide, high) <= most)
    square = (wide > _SQUARE[0] * high) & (wide < _SQUARE[1] * high)
    squares: list[list[int]] = marks[fits & square].astype(int).tolist()
    return squares


def _cut(ink: Pixels, box: list[int]) -> Pixels:
    x0, y0, x1, y1 = box
    return ink[y0:y1, x0:x1]


def _is_frame(square: Pixels) -> bool:
    """Whether ink runs along all four sides, round all four corners, and leaves the inside."""
    stroke = _stroke(min(square.shape))
    top, foot, left, right = (
        square[:stroke],
        square[-stroke:],
        square[:, :stroke],
        square[:, -stroke:],
    )
    drawn = [side.any(axis=0).mean() for side in (top, foot)]
    drawn += [side.any(axis=1).mean() for side in (left, right)]
    corners = (
        side[:, end].any() for side in (top, foot) for end in (slice(stroke), slice(-stroke, None))
    )
    inside = square[stroke:-stroke, stroke:-stroke]
    return min(drawn) >= _DRAWN and all(corners) and float(inside.mean()) < _MOST_FILLED


def _stroke(side: int) -> int:
    return max(2, round(_STROKE * side))
