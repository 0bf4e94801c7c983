"""Which way up a page lies: level lines by their ink, all else by reading some lines each way."""

from collections.abc import Mapping
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels
from hoso.imaging.skew import line_energy
from hoso.ocr.lines import Layout, crops

# Energy of columns over energy of rows: at most 0.76 on upright pages, at least 1.45 on sideways
# ones, measured; between the two thresholds nobody can say from the ink alone.
_UPRIGHT_BELOW, _SIDEWAYS_ABOVE = 0.9, 1.2
# Upright pages read with a mean confidence of 80–95 %, upside-down ones with at most 47.
READS_WELL = 0.65
# By how much one way up must read better than the other to be believed.
_CLEARLY = 0.10
_LEGIBLE = 0.50
_SAMPLED = 5
_TALLEST = 3.0  # of a line, in letters


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


def sample(layout: Layout) -> list[Pixels]:
    """Some lines that tell much: the longest, but neither titles nor what is taller than print."""
    lines = list(crops(layout))
    usual = [it for it in lines if it.shape[0] < _TALLEST * layout.letter_height]
    return sorted(usual or lines, key=lambda it: -it.shape[1])[:_SAMPLED]


def on_its_head(pixels: Pixels) -> Pixels:
    """A picture turned by 180 degrees."""
    return np.ascontiguousarray(pixels[::-1, ::-1])


def upright_turn(sureness: Mapping[int, float]) -> int | None:
    """The turn (degrees) to stand a page upright, from how sure an engine is at each (0-1).

    None when none of them reads like text, or two alike.
    """
    second, best = sorted(sureness, key=sureness.__getitem__)[-2:]
    if sureness[best] < _LEGIBLE or sureness[best] - sureness[second] < _CLEARLY:
        return None
    return best
