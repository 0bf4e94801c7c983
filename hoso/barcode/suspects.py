"""Where on a page a code may stand: cheap evidence, so that only those spots are looked at twice.

Bars are dense strokes in one direction, a QR dense strokes in all; print is thinner, seals and
table rules are lonelier. On ordinary papers a signature under a seal is what looks most like a QR.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.barcode.code import Symbology
from hoso.barcode.engines import Box, Grey, bounds

Grid = NDArray[np.float32]
Cells = NDArray[np.bool_]

LOOK_DPI = 100.0
_SAME_SIZE = 0.02
_CELL_PIXELS = 4  # about a millimetre: the grid in which evidence is weighed
_WINDOW_CELLS = 7
_PAPER_CELLS = 21  # paper's own brightness is the brightest within 2 cm

_LEAST_CONTRAST = 0.29  # strokes' root mean square gradient, as a share of the paper's brightness
_LEAST_INK, _MOST_INK = 0.33, 0.75
_BARS_COHERENCE, _QR_COHERENCE = 0.9, 0.4
_LEAST_CELLS = 9
_LEAST_BARS_CELLS, _LEAST_QR_CELLS = 6, 4
_MOST_SUSPECTS = 12
# A run of zeros is pale enough to cut a bar code in two: spots up to 4 mm apart are one.
_JOIN = np.ones((5, 5), np.uint8)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A spot that looks like a symbol, in page pixels.

    `width` runs across the bars and `height` along them; `angle` is how far, in degrees clockwise,
    the spot is turned (-90 to 90; 0 for a QR, which is read in any direction).
    """

    symbology: Symbology
    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0

    @property
    def box(self) -> Box:
        """The upright box round it."""
        size = (self.width, self.height)
        return bounds(cv2.boxPoints(((self.x, self.y), size, self.angle)).astype(np.float64))


def suspects(grey: Grey, dpi: float) -> list[Suspect]:
    """The spots that look like a code, the largest first. `grey` is H×W, 8 bits."""
    evidence = _Evidence.of(_reduced(grey, dpi))
    # Apart: bars stamped close to print would otherwise be one spot with it, and lose their angle.
    spots: list[tuple[Cells, Symbology]] = []
    spots += [(spot, "Code128") for spot in _spots(evidence.bars)]
    spots += [(spot, "QRCode") for spot in _spots(evidence.squares)]
    spots.sort(key=lambda spot: np.count_nonzero(spot[0]), reverse=True)
    cell = _CELL_PIXELS * dpi / LOOK_DPI
    found = [evidence.suspect(cells, kind, cell) for cells, kind in spots]
    return [spot for spot in found if _is_large(spot, cell)][:_MOST_SUSPECTS]


def _is_large(spot: Suspect, cell: float) -> bool:
    """Whether a symbol can be so small: the window of the evidence cuts 3 cells off every side."""
    if spot.symbology == "Code128":
        return spot.width >= _LEAST_BARS_CELLS * cell
    return min(spot.width, spot.height) >= _LEAST_QR_CELLS * cell


def _reduced(grey: Grey, dpi: float) -> Grey:
    """The page at `LOOK_DPI`."""
    # Whole steps first: OpenCV averages areas eight times faster when nothing is left over.
    step = max(1, int(dpi / LOOK_DPI))
    small = shrunk(grey, step)
    rest = LOOK_DPI * step / dpi
    if abs(rest - 1) < _SAME_SIZE:
        return small
    height, width = (max(1, round(side * rest)) for side in small.shape)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def shrunk(pixels: NDArray[Any], step: int) -> NDArray[Any]:
    """Every `step`×`step` pixels as their mean; what is left over at the far edges is dropped."""
    height, width = (max(1, side // step) for side in pixels.shape)
    if step == 1 or min(pixels.shape) < step:
        return pixels
    whole = pixels[: height * step, : width * step]
    return cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)


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
    def of(cls, small: Grey) -> "_Evidence":
        right = cv2.Scharr(small, cv2.CV_32F, 1, 0, scale=1 / 16)
        below = cv2.Scharr(small, cv2.CV_32F, 0, 1, scale=1 / 16)
        across, down, mixed = (
            _weighed(product) for product in (right * right, below * below, right * below)
        )
        brightness = shrunk(small, _CELL_PIXELS).astype(np.float32)
        paper = _paper(brightness)
        energy = across + down
        coherence = np.sqrt((across - down) ** 2 + 4 * mixed**2) / (energy + 1)
        ink = 1 - cv2.blur(brightness, (_WINDOW_CELLS, _WINDOW_CELLS)) / paper
        busy = (energy > (_LEAST_CONTRAST * paper) ** 2) & (ink > _LEAST_INK) & (ink < _MOST_INK)
        bars, squares = coherence > _BARS_COHERENCE, coherence < _QR_COHERENCE
        return cls(across, down, mixed, busy & bars, busy & squares)

    def suspect(self, cells: Cells, symbology: Symbology, cell: float) -> Suspect:
        angle = self._angle(cells) if symbology == "Code128" else 0.0
        ys, xs = np.nonzero(cells)
        middles = np.stack([xs + 0.5, ys + 0.5], axis=1) * cell
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        turned = middles @ np.array([[cos, -sin], [sin, cos]])
        x0, y0, x1, y1 = bounds(turned)
        x, y = np.array([[cos, -sin], [sin, cos]]) @ ((x0 + x1) / 2, (y0 + y1) / 2)
        return Suspect(symbology, float(x), float(y), x1 - x0 + cell, y1 - y0 + cell, float(angle))

    def _angle(self, cells: Cells) -> float:
        """Which way the strokes' steepest gradient points: across the bars."""
        across, down, mixed = (
            float(grid[cells].mean()) for grid in (self.across, self.down, self.mixed)
        )
        return float(np.degrees(np.arctan2(2 * mixed, across - down)) / 2)


def _weighed(product: NDArray[Any]) -> Grid:
    cells = shrunk(product, _CELL_PIXELS)
    return cv2.blur(cells, (_WINDOW_CELLS, _WINDOW_CELLS)).astype(np.float32)


def _paper(brightness: NDArray[Any]) -> Grid:
    window = (_PAPER_CELLS, _PAPER_CELLS)
    brightest = cv2.dilate(brightness, np.ones(window, np.uint8))
    return np.maximum(cv2.blur(brightest, window), 1).astype(np.float32)
