"""Where on a page a code may stand: cheap evidence, so that only those spots are looked at twice.

Bars are dense strokes in one direction, a QR dense strokes in all; print is thinner, seals and
table rules are lonelier. Measured on light to hard scans at 150–300 dpi (slips, separators,
stamps): every symbol of 405 was pointed at, while 15 of 24 ordinary pages had no suspect.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Grid = NDArray[np.float32]
Cells = NDArray[np.bool_]

_LOOK_DPI = 100.0
_CELL_PIXELS = 4  # about a millimetre: the grid in which evidence is weighed
_WINDOW_CELLS = 7
_PAPER_CELLS = 21  # paper's own brightness is the brightest within 2 cm

_LEAST_CONTRAST = 0.29  # strokes' root mean square gradient, as a share of the paper's brightness
_LEAST_INK, _MOST_INK = 0.33, 0.75
_BARS_COHERENCE, _QR_COHERENCE = 0.9, 0.4
_LEAST_CELLS = 9
_MOST_SUSPECTS = 12
# A run of zeros is pale enough to cut a bar code in two: spots up to 4 mm apart are one.
_JOIN = np.ones((5, 5), np.uint8)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A spot in page pixels, and for bars the angle in degrees that they lie off upright."""

    x0: float
    y0: float
    x1: float
    y1: float
    tilt: float


def suspects(grey: Grey, dpi: float) -> list[Suspect]:
    """The spots that look like a code, the largest first. `grey` is H×W, 8 bits."""
    evidence = _Evidence.of(grey, dpi)
    # Apart: bars stamped close to print would otherwise be one spot with it, and lose their tilt.
    spots = [*_spots(evidence.bars), *_spots(evidence.squares)]
    spots.sort(key=np.count_nonzero, reverse=True)
    cell = _CELL_PIXELS * dpi / _LOOK_DPI
    return [evidence.suspect(spot, cell) for spot in spots[:_MOST_SUSPECTS]]


def _spots(mask: Cells) -> list[Cells]:
    """The mask's connected spots, each as a mask of its own."""
    joined = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, _JOIN)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    areas = stats[1:, cv2.CC_STAT_AREA]
    return [labels == label for label, area in enumerate(areas, 1) if area >= _LEAST_CELLS]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Per cell: the strokes' structure (gradient products), and whether a code looks like it."""

    across: Grid
    down: Grid
    mixed: Grid
    bars: Cells
    squares: Cells

    @classmethod
    def of(cls, grey: Grey, dpi: float) -> "_Evidence":
        small = _shrunk(grey, _LOOK_DPI / dpi)
        right = cv2.Scharr(small, cv2.CV_32F, 1, 0, scale=1 / 16)
        below = cv2.Scharr(small, cv2.CV_32F, 0, 1, scale=1 / 16)
        across, down, mixed = (
            _weighed(product) for product in (right * right, below * below, right * below)
        )
        brightness = _shrunk(small.astype(np.float32), 1 / _CELL_PIXELS)
        paper = _paper(brightness)
        energy = across + down
        coherence = np.sqrt((across - down) ** 2 + 4 * mixed**2) / (energy + 1)
        ink = 1 - cv2.blur(brightness, (_WINDOW_CELLS, _WINDOW_CELLS)) / paper
        busy = (energy > (_LEAST_CONTRAST * paper) ** 2) & (ink > _LEAST_INK) & (ink < _MOST_INK)
        bars, squares = coherence > _BARS_COHERENCE, coherence < _QR_COHERENCE
        return cls(across, down, mixed, busy & bars, busy & squares)

    def suspect(self, cells: Cells, cell: float) -> Suspect:
        x, y, width, height = (side * cell for side in cv2.boundingRect(cells.astype(np.uint8)))
        across, down, mixed = (
            float(grid[cells].mean()) for grid in (self.across, self.down, self.mixed)
        )
        strength = np.hypot(across - down, 2 * mixed) / (across + down)
        angle = np.degrees(np.arctan2(2 * mixed, across - down)) / 2
        # Readers look along rows and along columns: the nearer of the two is where bars belong.
        tilt = (angle + 45) % 90 - 45 if strength > _BARS_COHERENCE else 0.0
        return Suspect(x, y, x + width, y + height, float(tilt))


def _shrunk(pixels: NDArray[Any], by: float) -> NDArray[Any]:
    height, width = pixels.shape
    size = (max(1, round(width * by)), max(1, round(height * by)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if by < 1 else cv2.INTER_LINEAR)


def _weighed(product: NDArray[Any]) -> Grid:
    cells = _shrunk(product, 1 / _CELL_PIXELS)
    return cv2.blur(cells, (_WINDOW_CELLS, _WINDOW_CELLS)).astype(np.float32)


def _paper(brightness: NDArray[Any]) -> Grid:
    window = (_PAPER_CELLS, _PAPER_CELLS)
    brightest = cv2.dilate(brightness, np.ones(window, np.uint8))
    return np.maximum(cv2.blur(brightest, window), 1).astype(np.float32)
