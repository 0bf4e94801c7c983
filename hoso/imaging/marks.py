"""Marks that somebody made on a sheet, told from what paper and scanner bring along.

Pens, printers and stamps leave sharp edges. A front that shines through, stains, shadows and
folds rise softly. What is sharp and yet no mark has a shape of its own: holes, staples, ruled
lines, the sheet's own edges, dust.
"""

from collections.abc import Iterable
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels
from hoso.imaging.shapes import (
    LINE_LENGTH,
    LINE_WIDTH,
    Mark,
    Sheet,
    are_prong_holes,
    is_of_the_sheet,
    without_holes,
)

MARKS_DPI: Final = 100.0
_MM: Final = MARKS_DPI / 25.4

# Steepness is the change of brightness over half a millimetre (two pixels), in levels on white
# paper. Measured: shining through up to 63, the rim of a coffee ring 49, paper under heavy noise
# 31; the faintest pencil, ticks and page numbers from 94 on. A mark reaches 68 somewhere and is
# followed as far as 46; ruled lines are removed as far as they can be told from noise.
_STEEP: Final = 68
_FOLLOWED: Final = 46
_LINE: Final = 30
_LEAST_STEEP_PIXELS: Final = 6
_WHITE: Final = 250.0
_DARKEST_PAPER: Final = 80.0
# More steep pixels than any holes, shadows and staples have: no need to look at their shapes.
_FULL: Final = 0.012

# In millimetres, the softness of the edges (about 0.5) included.
_SPECK: Final = 1.6
_LETTER: Final = 2.15
_NEIGHBOUR: Final = (15.0, 5.0)
_RUN: Final = 4.0  # bends by a pixel where a line is 4° askew
_GAP: Final = 10.0


def is_written_on(grey: Pixels) -> bool:
    """Whether somebody wrote, printed or stamped anything; `grey` H×W at MARKS_DPI."""
    steepness = _steepness(grey)
    # The darker the paper, the less light a mark can take from it.
    paper = max(_DARKEST_PAPER, float(np.percentile(grey[::8, ::8], 75))) / _WHITE
    followed = _joined(_above(_FOLLOWED * paper, steepness))
    lines = _ruled_lines(_joined(_above(_LINE * paper, steepness)))
    followed[cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0] = 0
    steep = _above(_STEEP * paper, steepness) & followed
    if np.count_nonzero(steep) > _FULL * steep.size:
        return True
    sheet = Sheet(grey.shape[1] / _MM, grey.shape[0] / _MM)
    marks = [mark for mark in _marks(followed, steep) if not is_of_the_sheet(mark, sheet)]
    marks = without_holes(marks, sheet)
    return any(mark.longest >= _LETTER for mark in marks) or _has_neighbours(marks, sheet)


def _steepness(grey: Pixels) -> Pixels:
    across = cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 1, 0), alpha=0.25)
    down = cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 0, 1), alpha=0.25)
    return np.asarray(cv2.add(across, down), np.uint8)


def _above(least: float, steepness: Pixels) -> Pixels:
    """1 where it is steeper, else 0."""
    return np.asarray(cv2.threshold(steepness, least, 1, cv2.THRESH_BINARY)[1], np.uint8)


def _joined(steep: Pixels) -> Pixels:
    joined = cv2.morphologyEx(steep, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return np.asarray(joined, np.uint8)


def _ruled_lines(steep: Pixels) -> Pixels:
    """1 on long thin lines along the sheet: ruled or squared paper, frames, folds, sheet edges."""
    found = np.zeros_like(steep)
    run, gap = round(_RUN * _MM), round(_GAP * _MM)
    for along in (np.array((1, 0)), np.array((0, 1))):
        runs = np.asarray(cv2.morphologyEx(steep, cv2.MORPH_OPEN, _bar(along, run)), np.uint8)
        reach = cv2.dilate(runs, _bar(along, gap))
        outlines, _ = cv2.findContours(reach, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        long = [outline for outline in outlines if _is_line(outline, gap)]
        if long:
            lines = np.zeros_like(steep)
            cv2.drawContours(lines, long, -1, 1, cv2.FILLED)
            found |= lines & runs
    return found


def _bar(along: NDArray[np.int64], length: int) -> Pixels:
    across, down = 1 + along * (length - 1)
    return np.ones((down, across), np.uint8)


def _is_line(outline: NDArray[Any], gap: int) -> bool:
    _, _, width, height = cv2.boundingRect(outline)
    length = max(width, height)
    thin = cv2.contourArea(outline) < length * LINE_WIDTH * _MM
    return thin and length - gap > LINE_LENGTH * _MM


def _marks(followed: Pixels, steep: Pixels) -> list[Mark]:
    # Every blob's outer outline, also of blobs within others: the edge of a sheet that lies askew
    # runs around all that is on it.
    outlines, nesting = cv2.findContours(followed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    found = []
    for outline in (outlines[number] for number in _outermost(nesting)):
        x, y, width, height = cv2.boundingRect(outline)
        inked = np.count_nonzero(steep[y : y + height, x : x + width])
        if max(width, height) >= _SPECK * _MM and inked >= _LEAST_STEEP_PIXELS:
            points = np.asarray(outline[:, 0], np.float64) / _MM
            found.append(Mark(points, x / _MM, y / _MM, width / _MM, height / _MM))
    return found


def _outermost(nesting: NDArray[Any] | None) -> Iterable[int]:
    """The numbers of the outlines that are no hollow's (OpenCV: the fourth figure names whose)."""
    return [] if nesting is None else np.flatnonzero(nesting[0, :, 3] < 0).tolist()


def _has_neighbours(marks: list[Mark], sheet: Sheet) -> bool:
    """Whether two small marks stand side by side, as letters do and dust does not."""
    aside, below = _NEIGHBOUR
    return any(
        abs(one.x - other.x) < aside
        and abs(one.y - other.y) < below
        and not are_prong_holes(one, other, sheet)
        for number, one in enumerate(marks)
        for other in marks[number + 1 :]
    )
