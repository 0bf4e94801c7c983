"""The first look at a page: whether anything is written on it."""

from dataclasses import dataclass

import cv2
import numpy as np

from hoso.imaging.marks import MARKS_DPI, is_written_on
from hoso.imaging.page import PageImage, Pixels


@dataclass(frozen=True, slots=True)
class PageLook:
    """`blank`: nobody wrote, printed or stamped anything here."""

    blank: bool


def look(image: PageImage, *, has_code: bool = False) -> PageLook:
    """Look at a page. One with a code is never blank, and the caller knows codes."""
    return PageLook(blank=not has_code and not is_written_on(_at_marks_dpi(image)))


def small(image: PageImage, dpi: float) -> Pixels:
    """The page in grey, H×W, reduced to `dpi`; never enlarged."""
    pixels = image.pixels
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels  # noqa: PLR2004 - with colours
    scale = min(1.0, dpi / image.dpi)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _at_marks_dpi(image: PageImage) -> Pixels:
    grey, scale = small(image, MARKS_DPI), MARKS_DPI / image.dpi
    if scale <= 1:
        return grey
    size = (round(image.width * scale), round(image.height * scale))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), np.uint8)
