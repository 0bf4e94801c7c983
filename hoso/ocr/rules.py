"""Ruled lines of tables and forms: found, and taken off the picture before it is read.

Left in, every rule beside a word is read as a letter of it, such as `|` or `_`.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from hoso.imaging.page import Pixels

_SHORTEST_MM = 9.0
_THICKEST_MM = 1.2
# Undersides of letters are long and level too, but have letters on them: beside a rule, less
# than a third of its length bears ink, also where a table is densely filled.
_MOST_BESIDE = 0.35
_SPECK = 3  # pixels by which a scanned rule may break
_LARGEST_CELL = 0.4  # of the page


@dataclass(frozen=True, slots=True)
class Rules:
    """Masks of the rules (1 where they are), H×W: level and upright ones."""

    level: Pixels
    upright: Pixels

    @property
    def mask(self) -> Pixels:
        """All of them, with the soft edge that scanning gives them."""
        return np.asarray(cv2.dilate(self.level | self.upright, np.ones((3, 3), np.uint8)))


def find_rules(ink: Pixels, dpi: float) -> Rules:
    """The rules in `ink` (1 where there is ink, H×W) of a straightened page."""
    upright = _level_rules(np.ascontiguousarray(ink.T), dpi)
    return Rules(_level_rules(ink, dpi), np.ascontiguousarray(upright.T))


def _level_rules(ink: Pixels, dpi: float) -> Pixels:
    """Long, thin, level runs of ink with little ink above and below."""
    length, thickness = (max(3, round(mm / 25.4 * dpi)) for mm in (_SHORTEST_MM, _THICKEST_MM))
    unbroken = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _SPECK), np.uint8))
    runs = cv2.morphologyEx(unbroken, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    rules = np.zeros_like(ink)
    if not runs.any():
        return rules
    count, labels, blobs, _ = cv2.connectedComponentsWithStats(runs)
    for label in range(1, count):
        x, y, width, height, _ = (int(number) for number in blobs[label])
        # A page scanned a little askew has rules that climb by some pixels over their length.
        if height <= thickness + 0.01 * width and _stands_alone(ink, x, y, width, height):
            here = (slice(y, y + height), slice(x, x + width))
            rules[here] |= labels[here] == label
    return rules


def _stands_alone(ink: Pixels, x: int, y: int, width: int, height: int) -> bool:
    band = 3
    above = ink[max(0, y - band - 1) : max(0, y - 1), x : x + width]
    below = ink[y + height + 1 : y + height + 1 + band, x : x + width]
    return all(_bearing(side) < _MOST_BESIDE for side in (above, below))


def _bearing(side: Pixels) -> float:
    """The share of columns with ink."""
    return float(side.any(axis=0).mean()) if side.size else 0.0


def cell_around(rules: Rules, x: float, y: float) -> tuple[float, float, float, float] | None:
    """The cell (x0, y0, x1, y1 in pixels) in which a point lies; None outside of tables.

    A frame around most of the page is no cell.
    """
    high, wide = rules.level.shape
    row, column = min(high - 1, max(0, int(y))), min(wide - 1, max(0, int(x)))
    across = np.flatnonzero(rules.upright[max(0, row - 2) : row + 3].any(axis=0))
    down = np.flatnonzero(rules.level[:, max(0, column - 2) : column + 3].any(axis=1))
    left, right = across[across < column], across[across > column]
    above, below = down[down < row], down[down > row]
    if not (left.size and right.size and above.size and below.size):
        return None
    x0, x1, y0, y1 = (int(side) for side in (left[-1], right[0], above[-1], below[0]))
    if (x1 - x0) * (y1 - y0) > _LARGEST_CELL * wide * high:
        return None
    return float(x0), float(y0), float(x1), float(y1)
