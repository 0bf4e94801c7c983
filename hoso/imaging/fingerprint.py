"""How a page's print is spread over it, in 255 bits that survive being scanned or saved again.

A perceptual hash of where ink is: the paper's tint, light and folds are taken off first, then the
lowest frequencies (DCT) are told apart by their median. Made of the upright, straightened picture:
of one that is not, rescans lay twice as far apart (`scripts/bench duplicates`). It tells papers of
two forms apart, not two papers of one form: what is printed on both is most of their ink.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels

WIDTH: Final = 512  # 62 dpi of an A4 sheet: words are lines, letters are gone
_MOST_HEIGHT: Final = 4 * WIDTH
_BACKGROUND: Final = 31
_MARGIN: Final = 8  # the sheet's edge and what the scanner's lid shows beside it
_SIDE, _FREQUENCIES = 64, 16
_FAINTEST, _OF_THE_DARKEST = 0.12, 0.35
_LEAST_INK: Final = 60  # pixels: a third of a line of print


def fingerprint_of(grey: Pixels) -> str | None:
    """Of a page's picture in grey, upright and straight: 64 hexadecimal digits; None if blank."""
    ink = _ink(_small(grey))[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    if ink.sum() < _LEAST_INK:
        return None
    spread = cv2.GaussianBlur(ink, (0, 0), 3.0)
    square = cv2.resize(spread, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    # The first says only how much ink there is.
    waves = np.asarray(cv2.dct(square))[:_FREQUENCIES, :_FREQUENCIES].flatten()[1:]
    return np.packbits(waves > np.median(waves)).tobytes().hex()


def _small(grey: Pixels) -> Pixels:
    height = round(WIDTH * grey.shape[0] / grey.shape[1])
    size = (WIDTH, min(_MOST_HEIGHT, max(4 * _MARGIN, height)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _ink(page: Pixels) -> NDArray[np.float32]:
    """Where ink is, as 0 and 1: what is clearly darker than the paper around it."""
    window = (_BACKGROUND, _BACKGROUND)
    closed = cv2.morphologyEx(page, cv2.MORPH_CLOSE, np.ones(window, np.uint8))
    paper = cv2.blur(closed, window).astype(np.float32) + 1
    darker = np.clip(1 - page.astype(np.float32) / paper, 0, 1)
    threshold = max(_FAINTEST, _OF_THE_DARKEST * float(np.percentile(darker, 99)))
    return np.asarray(darker > threshold, np.float32)
