"""How large the paper behind a picture is: as its file says where that can be, else guessed."""

import math
from itertools import product
from typing import Final

# No scanner is set to less; 72 and 96 are what phones and screens write for "unknown". A fax
# has 204 dots across and 98 down.
_LEAST_DPI: Final = 100.0
_LEAST_DPI_OF_A_SIDE: Final = 90.0
# The finest that office scanners offer; what claims more was laid on too small a page.
_MOST_DPI: Final = 1250.0
_A0_INCHES: Final = 47.0

_A4: Final = (8.27, 11.69)
# What is laid on office scanners, and how these are set, the usual before the unusual.
_SHEETS: Final = (_A4, (5.83, 8.27), (8.5, 11.0), (2.125, 3.37))
_SETTINGS: Final = (300.0, 200.0, 150.0, 400.0, 600.0, 240.0, 100.0)
# Scanners round to whole bytes or blocks of pixels; the nearest two, Letter at 100 dpi and A5 at
# 150, are 3 % apart.
_EXACT: Final = 0.006


def is_credible(width: int, height: int, dpi: tuple[float, float]) -> bool:
    """Whether a picture of so many pixels can have been scanned at `dpi` (across, down)."""
    if not all(math.isfinite(side) for side in dpi):
        return False
    if max(dpi) < _LEAST_DPI or min(dpi) < _LEAST_DPI_OF_A_SIDE or max(dpi) > _MOST_DPI:
        return False
    return max(width / dpi[0], height / dpi[1]) <= _A0_INCHES


def guessed_dpi(width: int, height: int) -> float:
    """The resolution of a picture whose file does not say.

    Pixels that are just a known sheet at a scanner's setting are taken for that; any other
    picture fills an A4 sheet.
    """
    short, long = sorted((width, height))
    for (narrow, tall), dpi in product(_SHEETS, _SETTINGS):
        if _is_about(short, narrow * dpi) and _is_about(long, tall * dpi):
            return dpi
    return max(short / _A4[0], long / _A4[1])


def _is_about(pixels: int, expected: float) -> bool:
    return abs(pixels - expected) <= _EXACT * expected
