"""The picture that the engine gets: grey, without seals, upright and straight, small enough."""

from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.look import LOOK_DPI, small
from hoso.imaging.page import PageImage, Pixels

# 10–13 pt print reads as well at 150 dpi as at 300, in 60 % of the time; at 100 dpi it suffers.
READING_DPI = 150.0
_SEAL_DPI = 50.0
_SEAL_MM = (22.0, 60.0)
_RED_LEAD = 45  # levels by which red exceeds the other two in a seal's ink, also when faded
_STEEPEST = 5
_CLEARLY = 1.03
_QUARTERS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def grey(image: PageImage) -> Pixels:
    """The picture in grey, with red ink removed where it forms a round seal.

    Only there: a filter over the whole page would erase titles printed in red.
    """
    if image.pixels.ndim == 2:  # noqa: PLR2004 - rows and columns: it is grey already
        return image.pixels
    plain = cv2.cvtColor(image.pixels, cv2.COLOR_BGR2GRAY)
    for rows, columns in _seals(image):
        # In the brightest channel red ink is nearly white while black print stays black.
        plain[rows, columns] = image.pixels[rows, columns].max(axis=2)
    return np.asarray(plain, dtype=np.uint8)


def _seals(image: PageImage) -> list[tuple[slice, slice]]:
    """Where round red blobs of a seal's size lie."""
    step = _SEAL_DPI / image.dpi
    page = cv2.resize(image.pixels, None, fx=step, fy=step, interpolation=cv2.INTER_AREA)
    blue, green, red = cv2.split(page)
    reddish = np.asarray(cv2.subtract(red, cv2.max(blue, green)) > _RED_LEAD, dtype=np.uint8)
    joined = cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    _, _, blobs, _ = cv2.connectedComponentsWithStats(joined)
    margin = 4
    return [
        (
            slice(int(max(0, y - margin) / step), int((y + height + margin) / step)),
            slice(int(max(0, x - margin) / step), int((x + width + margin) / step)),
        )
        for x, y, width, height, _ in blobs[1:]
        if _is_round_seal(width, height)
    ]


def _is_round_seal(width: int, height: int) -> bool:
    least, most = (mm / 25.4 * _SEAL_DPI for mm in _SEAL_MM)
    roundish = 0.6 < width / height < 1.7  # noqa: PLR2004 - a seal half off the page still counts
    return least < width < most and least < height < most and roundish


def ink_map(
    pixels: Pixels, dpi: float, *, without: list[tuple[float, float, float, float]]
) -> NDArray[np.float32]:
    """Where ink is, as 0 and 1 at 75 dpi; the boxes `without` (x0, y0, x1, y1 px) are left out.

    Codes are left out because their bars look like text standing on end.
    """
    page = small(PageImage(pixels, dpi), LOOK_DPI)
    step = page.shape[1] / pixels.shape[1]
    darker = cv2.subtract(cv2.medianBlur(page, 31), page)
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
    """Degrees counter-clockwise by which the page must turn to lie straight (±5, to about 0.1)."""
    energy = partial(line_energy, ink)
    angle: float = max(range(-_STEEPEST, _STEEPEST + 1), key=energy)
    for step in (0.5, 0.25, 0.125):
        angle = max((angle, angle - step, angle + step), key=energy)
    # On a page without lines some angle wins by chance.
    return angle if energy(angle) > _CLEARLY * energy(0.0) else 0.0


def turned(pixels: Pixels, turn: int) -> Pixels:
    """Turned clockwise by a number of quarters (degrees)."""
    return np.asarray(cv2.rotate(pixels, _QUARTERS[turn])) if turn else pixels


def straightened(pixels: Pixels, skew: float) -> Pixels:
    """Turned counter-clockwise by `skew` degrees about the middle; edges are drawn out."""
    if not skew:
        return pixels
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1)
    straight = cv2.warpAffine(pixels, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(straight, dtype=np.uint8)


def capped(pixels: Pixels, dpi: float) -> tuple[Pixels, float]:
    """No larger than READING_DPI needs: the pixels and the factor they shrank by (at most 1)."""
    factor = READING_DPI / dpi
    if factor > 0.9:  # noqa: PLR2004 - a slightly larger picture costs less than resampling
        return pixels, 1.0
    less = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(less, dtype=np.uint8), factor
