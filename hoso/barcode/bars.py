"""A spot of upright bars as one line: all that its rows say, averaged along the bars.

A bar code says the same on every row. Forty rows of a noisy scan, laid over each other where they
fit best, are one clean line; the small steps between them even sharpen it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Line = NDArray[np.float32]

HALF = 0.5  # darker is ink
FINER = 4  # samples a pixel in a line
_BAND_ROWS = 5
_MOST_SHIFT = 4 * FINER  # from one band to the next: up to 38° off upright
_LEAST_LIKENESS = 0.6
_PALEST_INK = 0.15  # of the paper's brightness
_FLAT_PIXELS = 12  # what is wider than this is shading, not bars


@dataclass(frozen=True, slots=True)
class BarLine:
    """`darkness` (0 paper, 1 ink) across the bars, `FINER` samples a pixel, and where it was seen.

    `top` and `bottom` are the rows between which the bars stand.
    """

    darkness: Line
    top: int
    bottom: int

    @property
    def bars(self) -> int:
        """How many there are."""
        return int(np.count_nonzero(np.diff(self.darkness > HALF))) // 2


def bar_line(upright: NDArray[np.uint8]) -> BarLine | None:
    """The bars through the middle of `upright` (H×W, bars within 2° of vertical).

    None where rows are unlike each other, or too pale to tell ink from paper.
    """
    bands = _bands(upright)
    if not len(bands):
        return None
    flat = bands - cv2.blur(bands, (2 * _FLAT_PIXELS * FINER + 1, 1))
    flat /= np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6
    first, shifts = _alike(flat)
    moved = [np.roll(band, shift) for band, shift in zip(bands[first:], shifts, strict=False)]
    darkness = _darkness(np.mean(moved, axis=0, dtype=np.float32))
    if darkness is None:
        return None
    return BarLine(darkness, first * _BAND_ROWS, (first + len(shifts)) * _BAND_ROWS)


def _bands(upright: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Means of every few rows, each enlarged along."""
    count, width = upright.shape[0] // _BAND_ROWS, upright.shape[1]
    rows = upright[: count * _BAND_ROWS].reshape(count, _BAND_ROWS, width)
    means = np.asarray(rows.mean(axis=1, dtype=np.float32))
    if not count:
        return means
    size = (width * FINER, count)
    return np.asarray(cv2.resize(means, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _alike(flat: NDArray[np.float32]) -> tuple[int, list[int]]:
    """The first of the bands that look like the middle one, and how far each is to be moved."""
    middle = len(flat) // 2
    model, shifts, first = flat[middle].copy(), [0], middle
    for bands, before in ((flat[middle + 1 :], False), (flat[:middle][::-1], True)):
        shift = 0
        for band in bands:
            shift, likeness = _best_shift(band, model, shift)
            if likeness < _LEAST_LIKENESS * np.linalg.norm(model):
                break
            model += np.roll(band, shift)
            if before:
                shifts.insert(0, shift)
                first -= 1
            else:
                shifts.append(shift)
    return first, shifts


def _best_shift(band: Line, model: Line, about: int) -> tuple[int, float]:
    """Where the band fits the model best, `_MOST_SHIFT` round `about`, and how well."""
    padded = np.pad(np.roll(band, about), _MOST_SHIFT, mode="wrap")
    fits = sliding_window_view(padded, len(model)) @ model
    best = int(fits.argmax())
    return about + _MOST_SHIFT - best, float(fits[best])


def _darkness(line: Line) -> Line | None:
    window = (len(line) // 8 | 1, 1)  # of a symbol with its margins: wider than any bar
    paper = cv2.blur(cv2.dilate(line[None], np.ones(window[::-1], np.uint8)), window)[0]
    dark = 1 - line / np.maximum(paper, 1)
    ink = float(np.percentile(dark, 95))
    return None if ink < _PALEST_INK else (dark / ink).astype(np.float32)
