"""The picture that the engine gets: upright and straight, small enough."""

import cv2
import numpy as np

from hoso.imaging.page import Pixels

# Marks over small vowels (kể, kế) need 200 dpi; the engine brings lines to a height of its own, so
# more dots cost time only before it.
READING_DPI = 200.0
_QUARTERS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turned(pixels: Pixels, turn: int) -> Pixels:
    """Turned clockwise by a number of quarters (degrees)."""
    return np.asarray(cv2.rotate(pixels, _QUARTERS[turn])) if turn else pixels


def straightened(pixels: Pixels, skew: float) -> Pixels:
    """Turned counter-clockwise by `skew` degrees about the middle; edges are drawn out."""
    if not skew:
        return pixels
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1)
    straight = cv2.warpAffine(pixels, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(straight, dtype=np.uint8)


def capped(pixels: Pixels, dpi: float) -> tuple[Pixels, float]:
    """No larger than READING_DPI needs: the pixels and the factor they shrank by (at most 1)."""
    factor = READING_DPI / dpi
    if factor > 0.9:  # noqa: PLR2004 - a slightly larger picture costs less than resampling
        return pixels, 1.0
    less = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(less, dtype=np.uint8), factor
