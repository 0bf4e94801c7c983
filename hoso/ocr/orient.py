"""Which way up a page lies: sideways by its ink, upside-down by reading a few lines both ways."""

from collections.abc import Callable
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels
from hoso.ocr.clean import line_energy, turned

# Energy of columns over energy of rows: at most 0.76 on upright pages, at least 1.45 on sideways
# ones, measured; between the two thresholds nobody can say from the ink alone.
_UPRIGHT_BELOW, _SIDEWAYS_ABOVE = 0.9, 1.2
# Upright pages read with a mean confidence of 80–95 %, upside-down ones with at most 47.
READS_WELL = 0.65
# By how much one way up must read better than the other to be believed.
_CLEARLY = 0.10
_LEGIBLE = 0.50
_STRIP_INCHES = 0.6  # about three lines of print

Confidence = Callable[[Pixels], float]
"""How sure an engine is of a strip of lines, 0–1."""


class Lines(Enum):
    """How the lines of text run over the picture."""

    LEVEL = "level"
    SIDEWAYS = "sideways"
    UNCLEAR = "unclear"


def run_of_lines(ink: NDArray[np.float32]) -> Lines:
    """How the lines run, from an ink map in which codes are masked."""
    across, down = _sharpest(ink), _sharpest(np.ascontiguousarray(ink.T))
    if down > _SIDEWAYS_ABOVE * across:
        return Lines.SIDEWAYS
    return Lines.LEVEL if down < _UPRIGHT_BELOW * across else Lines.UNCLEAR


def _sharpest(ink: NDArray[np.float32]) -> float:
    return max(line_energy(ink, angle) for angle in (-2.0, -1.0, 0.0, 1.0, 2.0))


def is_upside_down(pixels: Pixels, dpi: float, confidence: Confidence) -> bool | None:
    """Whether level lines stand on their heads; None when neither way reads like text."""
    strip = _densest_strip(pixels, round(_STRIP_INCHES * dpi))
    upright, flipped = confidence(strip), confidence(turned(strip, 180))
    if max(upright, flipped) < _LEGIBLE or abs(flipped - upright) < _CLEARLY:
        return None
    return flipped > upright


def _densest_strip(pixels: Pixels, rows: int) -> Pixels:
    """The band of that many rows with the most ink."""
    darkness = 255.0 - pixels.mean(axis=1)
    darkness = np.clip(darkness - np.median(darkness), 0, None)
    window = np.convolve(darkness, np.ones(min(rows, len(darkness))), mode="valid")
    top = int(window.argmax())
    return np.ascontiguousarray(pixels[top : top + rows])
