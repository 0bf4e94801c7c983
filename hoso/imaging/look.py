"""Cheap facts about a page, from a small picture of it."""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import PageImage

LOOK_DPI: Final = 75.0
_MM: Final = LOOK_DPI / 25.4

# Darker than the paper around it by this much counts as ink. The front shining through a back
# stays at 50 even where paper is thin; pencil can be fainter too, so blank pages are kept.
_INK_LEVELS: Final = 60
# Measured shares of ink: shining through and light stains 0.00001, one dirt spot of 2 mm 0.00007,
# two words of 13 pt alone on A4 0.0004, a line 0.0015, a page of text 0.018 and more.
_BLANK_BELOW: Final = 0.0002
_MARGIN: Final = 0.04
# The background is the median over some 10 mm, wider than the strokes of any heading. Taken from
# a picture half as large: 5 ms instead of 10.
_BACKGROUND_PIXELS: Final = 15
# Punch holes: round, 5.5 to 7 mm, their middles 12 mm from an edge.
_HOLE_MM: Final = (4.0, 9.0)
_HOLE_WITHIN_MM: Final = 17.0
# Four of them cover 0.0025 of an A4 page; above that there is more on the page than holes.
_MORE_THAN_HOLES: Final = 0.005
_ROUND: Final = 1.35


@dataclass(frozen=True, slots=True)
class PageLook:
    """`ink`: share of the page darker than the paper around it, 0 to 1, punch holes left out.

    `blank`: so little of it that nothing is written here.
    """

    ink: float
    blank: bool


def look(image: PageImage, *, has_code: bool = False) -> PageLook:
    """Look at a page; 6 to 10 ms. A page with a code is never blank, and the caller knows codes."""
    marks = _marks(small(image))
    ink = _share(marks)
    if _BLANK_BELOW <= ink < _MORE_THAN_HOLES:
        ink = _share(_without_holes(marks))
    return PageLook(ink=ink, blank=ink < _BLANK_BELOW and not has_code)


def small(image: PageImage, dpi: float = LOOK_DPI) -> NDArray[np.uint8]:
    """The page in grey, H×W, reduced to `dpi`; never enlarged."""
    pixels = image.pixels
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels  # noqa: PLR2004 - with colours
    scale = min(1.0, dpi / image.dpi)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _marks(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where there is ink, 0 elsewhere."""
    height, width = grey.shape
    half = cv2.resize(grey, (-(-width // 2), -(-height // 2)), interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.medianBlur(half, _BACKGROUND_PIXELS), (width, height))
    return np.asarray(cv2.subtract(paper, grey) > _INK_LEVELS, np.uint8)


def _share(marks: NDArray[np.uint8]) -> float:
    """How much of the page is ink, its outermost edges left out: scanners leave shadows there."""
    margin = round(_MARGIN * marks.shape[1])
    inner = marks[margin : marks.shape[0] - margin, margin : marks.shape[1] - margin]
    return float(np.count_nonzero(inner)) / max(1, inner.size)


def _without_holes(marks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = marks.shape
    _, labels, blobs, _ = cv2.connectedComponentsWithStats(marks)
    holes = [label for label, blob in enumerate(blobs) if label and _is_hole(blob, width, height)]
    return np.where(np.isin(labels, holes), 0, marks).astype(np.uint8)


def _is_hole(blob: NDArray[Any], width: int, height: int) -> bool:
    x, y, across, down = (float(number) / _MM for number in blob[:4])
    least, most = _HOLE_MM
    if not (least <= min(across, down) and max(across, down) <= most):
        return False
    middle_x, middle_y = x + across / 2, y + down / 2
    from_edge = min(middle_x, middle_y, width / _MM - middle_x, height / _MM - middle_y)
    return from_edge <= _HOLE_WITHIN_MM and max(across, down) <= _ROUND * min(across, down)
