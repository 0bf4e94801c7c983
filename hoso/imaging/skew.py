"""How far a page lies askew, from where its ink is."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.look import small
from hoso.imaging.page import PageImage, Pixels

INK_DPI: Final = 75.0
STEEPEST_SKEW: Final = 15.0
_COARSE, _FINE = 0.5, 0.1
# The background is the median over some 10 mm, taken from a picture half as large.
_BACKGROUND_PIXELS: Final = 15
_LEAST_EDGES: Final = 60
_ENOUGH_EDGES: Final = 10_000  # a page of print has 20,000; all of them make it no more exact
# How far the best angle must stand out from the usual one. Measured: pages of print 1.85 and
# more, also hard scans; a seal or a few words 1.0 to 1.3, signatures up to 1.7.
_CLEARLY: Final = 1.75


def ink_map(
    pixels: Pixels, dpi: float, *, without: list[tuple[float, float, float, float]]
) -> NDArray[np.float32]:
    """Where ink is, as 0 and 1 at 75 dpi; the boxes `without` (x0, y0, x1, y1 px) are left out.

    Codes are left out because their bars look like text standing on end.
    """
    page = small(PageImage(pixels, dpi), INK_DPI)
    step = page.shape[1] / pixels.shape[1]
    height, width = page.shape
    half = cv2.resize(page, (-(-width // 2), -(-height // 2)), interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.medianBlur(half, _BACKGROUND_PIXELS), (width, height))
    darker = cv2.subtract(paper, page)
    _, ink = cv2.threshold(darker, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for box in without:
        x0, y0, x1, y1 = (int(side * step) for side in box)
        ink[max(0, y0 - 8) : y1 + 8, max(0, x0 - 8) : x1 + 8] = 0
    return ink.astype(np.float32)


def line_energy(ink: NDArray[np.float32], angle: float = 0.0) -> float:
    """How sharply rows of ink and rows of paper alternate once turned by `angle` degrees."""
    if angle:
        height, width = ink.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        ink = np.asarray(cv2.warpAffine(ink, turn, (width, height)), dtype=np.float32)
    steps = np.diff(ink.sum(axis=1))
    return float((steps * steps).sum())


def measure_skew(ink: NDArray[np.float32]) -> float:
    """Degrees counter-clockwise by which a page of level lines must turn to lie straight.

    Within ±15°, to 0.1° on print, in 5 ms; 0 where there are no lines to go by.
    """
    angle, clearness = _steepest_steps(ink)
    return angle if clearness >= _CLEARLY else 0.0


def measure_skew_either_way(ink: NDArray[np.float32]) -> float:
    """The same for a page that may lie on its side."""
    level, upright = _steepest_steps(ink), _steepest_steps(np.ascontiguousarray(np.rot90(ink)))
    angle, clearness = max(level, upright, key=lambda found: found[1])
    return angle if clearness >= _CLEARLY else 0.0


def _steepest_steps(ink: NDArray[np.float32]) -> tuple[float, float]:
    """The angle at which the undersides of letters fall into the fewest rows, and how clearly.

    Only the pixels with ink above and paper below are turned, which takes a tenth of the time
    of turning the picture and is the sharper, because letters stand on a common line.
    """
    rows, columns = np.nonzero((ink[:-1] > 0) & (ink[1:] == 0))
    if len(rows) < _LEAST_EDGES:
        return 0.0, 0.0
    thinned = slice(None, None, 1 + len(rows) // _ENOUGH_EDGES)
    rows, columns = rows[thinned], columns[thinned]
    energies: dict[float, float] = {}

    def energy(angle: float) -> float:
        if angle not in energies:
            energies[angle] = _row_energy(rows, columns, angle)
        return energies[angle]

    steps = round(STEEPEST_SKEW / _COARSE) + 1  # one beyond, so that the steepest has two sides
    coarse = [_COARSE * step for step in range(-steps, steps + 1)]
    about = max(coarse, key=energy)
    if about in {coarse[0], coarse[-1]}:
        return 0.0, 0.0
    usual = float(np.median([energies[angle] for angle in coarse]))
    fine = [about + _FINE * step for step in range(-5, 6)]
    best = max(fine, key=energy)
    return _summit(best, energy), energy(best) / usual


def _row_energy(rows: NDArray[np.intp], columns: NDArray[np.intp], angle: float) -> float:
    """The sum of squares of how many points lie in each row after a turn by `angle` degrees."""
    turn = np.radians(angle)
    turned = np.cos(turn) * rows - np.sin(turn) * columns
    counts = np.bincount((turned - turned.min()).astype(np.int64)).astype(np.float64)
    # Points fall on whole rows at 0° and between them at others: smoothing makes both alike.
    smooth = np.convolve(counts, (0.25, 0.5, 0.25))
    return float(smooth @ smooth)


def _summit(angle: float, energy: Callable[[float], float]) -> float:
    """The top of the parabola through the energies at `angle` and beside it."""
    left, here, right = (energy(angle + step) for step in (-_FINE, 0.0, _FINE))
    bend = left - 2 * here + right
    return angle if bend >= 0 else angle + _FINE * (left - right) / (2 * bend)
