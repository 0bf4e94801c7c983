"""What can be measured on a page's picture in a few milliseconds, without reading it.

Grey pictures are H×W at `MEASURE_DPI` (coarser where the scan is), all lengths on paper are in
millimetres, brightness is in levels from 0 to 255.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import PageImage, Pixels
from hoso.imaging.skew import INK_DPI

MM_PER_INCH: Final = 25.4
MEASURE_DPI: Final = 150.0

_CELLS: Final = (24, 32)
_FRAME: Final = 3  # cells at the border that may show a desk or the scanner's lid
_BAND: Final = 64
_BANDS: Final = 8
_SEAM: Final = 4
_STROKE: Final = np.ones((7, 7), np.uint8)  # 1.2 mm: wider than an edge, narrower than a word
_FAINTEST_STEP: Final = 5.0
_LEAST_EDGES: Final = 400
_AT_EDGE_MM: Final = 2.0
_LETTER_MM: Final = (0.6, 12.0)
_CORNER_MM: Final = 8.0
_SEAL_DPI: Final = 50.0
_SEAL_MM: Final = (22.0, 60.0)
_RED_LEAD: Final = 45
_BLACK_BELOW: Final = 0.55


@dataclass(frozen=True, slots=True)
class Light:
    """`brightness` of the paper in levels; `unevenness`: what its darkest part lacks, 0–1."""

    brightness: float
    unevenness: float


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of letters: `width_mm` over which paper turns into ink, `contrast` in levels."""

    width_mm: float
    contrast: float


def light_of(grey: Pixels) -> Light:
    """How brightly and evenly the sheet was lit; print and the border are looked past."""
    paper = cv2.medianBlur(np.ascontiguousarray(grey[::4, ::4]), 5)
    cells = cv2.resize(paper, _CELLS, interpolation=cv2.INTER_AREA)
    inner = cells[_FRAME:-_FRAME, _FRAME:-_FRAME]
    darkest, usual, brightest = np.percentile(inner, (5, 60, 95))
    return Light(float(usual), 1 - float(darkest) / max(1.0, float(brightest)))


def edges_of(grey: Pixels, dpi: float) -> Edges | None:
    """The edges of the letters in the bands that hold most of them; None on a page without.

    A width of 0.4 mm is a sharp scan. It grows alike with blur and with coarse pixels, and tells
    how well Tesseract will read nearly alone; noise of 70 levels and JPEG 4 hardly change either.
    """
    if min(grey.shape) < _BAND:
        return None
    bands, count = _fullest_bands(grey)
    across = cv2.convertScaleAbs(cv2.Sobel(bands, cv2.CV_16S, 1, 0), alpha=0.125)
    down = cv2.convertScaleAbs(cv2.Sobel(bands, cv2.CV_16S, 0, 1), alpha=0.125)
    steps = _within(np.asarray(cv2.add(across, down), np.uint8), count)
    swing = cv2.subtract(cv2.dilate(bands, _STROKE), cv2.erode(bands, _STROKE))
    swings = _within(np.asarray(swing, np.uint8), count)
    least = max(_FAINTEST_STEP, float(np.percentile(steps[::5], 98)) / 2)
    steep = np.nonzero(steps > least)[0]
    if len(steep) < _LEAST_EDGES:
        return None
    contrast, step = swings[steep].astype(float), steps[steep].astype(float)
    width = float(np.median(contrast / step)) / dpi * MM_PER_INCH
    return Edges(width, float(np.median(contrast)))


def _fullest_bands(grey: Pixels) -> tuple[Pixels, int]:
    """The horizontal bands with most edges, one below the other, and how many they are."""
    count = grey.shape[0] // _BAND
    bands = grey[: count * _BAND].reshape(count, _BAND, -1)
    swings = np.abs(np.diff(bands[:, ::4, ::2].astype(np.int16), axis=2))
    edges = np.count_nonzero(swings > 4 * _FAINTEST_STEP, axis=(1, 2))
    fullest = np.sort(np.argsort(edges)[-_BANDS:])
    return np.ascontiguousarray(bands[fullest].reshape(-1, grey.shape[1])), len(fullest)


def _within(bands: Pixels, count: int) -> NDArray[np.uint8]:
    """All pixels but those near the seams between bands, in one row."""
    return bands.reshape(count, _BAND, -1)[:, _SEAM:-_SEAM, _SEAM:-_SEAM].ravel()


def letters_at_edge(ink: NDArray[np.float32]) -> int:
    """How many letters touch the edge of the picture that most of them touch (`skew.ink_map`)."""
    return max(_letters_at_top(np.rot90(ink, quarter)) for quarter in range(4))


def _letters_at_top(ink: NDArray[np.float32]) -> int:
    """Runs of ink of a letter's width; longer ones are the sheet's edge, a shadow, a frame."""
    mm = INK_DPI / MM_PER_INCH
    corner = round(_CORNER_MM * mm)
    touched = np.max(ink[1 : round(_AT_EDGE_MM * mm), corner:-corner], axis=0) > 0
    changes = np.flatnonzero(np.diff(touched.astype(np.int8), prepend=0, append=0))
    widths = np.asarray(changes[1::2] - changes[::2], float) / mm
    least, most = _LETTER_MM
    return int(np.count_nonzero((widths >= least) & (widths <= most)))


def ink_under_seal(image: PageImage) -> float:
    """The share of black within the red round seal that covers most of it, 0–1; 0 in grey."""
    if image.pixels.ndim == 2:  # noqa: PLR2004 - rows and columns: grey
        return 0.0
    # Taking every sixth pixel is enough for a thing of 22 mm and costs 1 ms instead of 12.
    step = max(1, int(image.dpi / _SEAL_DPI))
    sample = np.ascontiguousarray(image.pixels[::step, ::step])
    blue, green, red = cv2.split(sample)
    reddish = np.asarray(cv2.subtract(red, cv2.max(blue, green)) > _RED_LEAD, np.uint8)
    joined = cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, _STROKE)
    # Red ink is nearly white in the brightest channel, and what is black under it stays black.
    brightest = np.asarray(cv2.max(red, cv2.max(blue, green)), np.uint8)
    _, _, blobs, _ = cv2.connectedComponentsWithStats(joined)
    mm = image.dpi / step / MM_PER_INCH
    boxes = [[int(side) for side in blob[:4]] for blob in blobs[1:]]
    seals = [(x, y, w, h) for x, y, w, h in boxes if _is_round_seal(w / mm, h / mm)]
    return max((_black_in_disc(brightest, *seal) for seal in seals), default=0.0)


def _is_round_seal(width_mm: float, height_mm: float) -> bool:
    least, most = _SEAL_MM
    roundish = 0.7 < width_mm / height_mm < 1.4  # noqa: PLR2004 - a seal is a circle, more or less
    return roundish and least < width_mm < most and least < height_mm < most


def _black_in_disc(levels: Pixels, x: int, y: int, width: int, height: int) -> float:
    disc = np.zeros((height, width), np.uint8)
    cv2.ellipse(disc, (width // 2, height // 2), (width // 2, height // 2), 0, 0, 360, 1, -1)
    inside = levels[y : y + height, x : x + width][disc > 0]
    # Against the paper between the letters, as bright as it is just there.
    return float(np.mean(inside < _BLACK_BELOW * np.percentile(inside, 90)))
