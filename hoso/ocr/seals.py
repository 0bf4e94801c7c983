"""Seals over print: taken off the picture, so that the words beneath can be read.

A seal covers a third of the signature and often the line above (Decree 30/2020). In colour its
red tells it from black print; in grey only its shape and its paler ink do.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import PageImage, Pixels

_LOOK_DPI = 50.0
_MM = _LOOK_DPI / 25.4
_RED_MM = (22.0, 60.0)
_RED_LEAD = 45  # levels by which red exceeds the other two in a seal's ink, also when faded
_RADIUS_MM = (14.0, 21.0)  # seals of offices are 32 to 42 mm wide (Circular 41/2024)
_VOTES = 38  # of points on a circle, as OpenCV counts them; stains get as many, and lose as little
_MOST_SEALS = 4
_RING, _RING_LEAD = 0.85, 12
# Shares of the blackest ink: what is paler than the first is paper, what is darker than the second
# stays black. On badly worn grey scans the order-free error falls from 3.9 to 2.5 %; half as much
# lets strokes of letters go, a third leaves the seal.
_PALER, _DARKER = 0.4, 0.9

_Spot = tuple[slice, slice]
"""Rows and columns of a picture."""


def without_red_seals(image: PageImage) -> Pixels:
    """The picture in grey, with red ink removed where it forms a round seal.

    Only there: a filter over the whole page would erase titles printed in red.
    """
    if image.pixels.ndim == 2:  # noqa: PLR2004 - rows and columns: it is grey already
        return image.pixels
    plain = cv2.cvtColor(image.pixels, cv2.COLOR_BGR2GRAY)
    for spot in _red_seals(image):
        # In the brightest channel red ink is nearly white while black print stays black.
        plain[spot] = image.pixels[spot].max(axis=2)
    return np.asarray(plain, dtype=np.uint8)


def without_grey_seals(pixels: Pixels, dpi: float) -> Pixels:
    """The grey picture with paler ink removed where round seals are."""
    spots = _round_shapes(pixels, dpi)
    if not spots:
        return pixels
    clean = pixels.copy()
    for spot in spots:
        clean[spot] = _without_paler_ink(pixels[spot])
    return clean


def _red_seals(image: PageImage) -> list[_Spot]:
    step = _LOOK_DPI / image.dpi
    page = cv2.resize(image.pixels, None, fx=step, fy=step, interpolation=cv2.INTER_AREA)
    blue, green, red = cv2.split(page)
    reddish = np.asarray(cv2.subtract(red, cv2.max(blue, green)) > _RED_LEAD, dtype=np.uint8)
    joined = cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    _, _, blobs, _ = cv2.connectedComponentsWithStats(joined)
    return [
        _spot(x, y, x + width, y + height, step)
        for x, y, width, height, _ in blobs[1:].tolist()
        if _is_round(width, height)
    ]


def _is_round(width: int, height: int) -> bool:
    least, most = (mm * _MM for mm in _RED_MM)
    roundish = 0.6 < width / height < 1.7  # noqa: PLR2004 - a seal half off the page still counts
    return least < width < most and least < height < most and roundish


def _round_shapes(pixels: Pixels, dpi: float) -> list[_Spot]:
    step = _LOOK_DPI / dpi
    page = cv2.resize(pixels, None, fx=step, fy=step, interpolation=cv2.INTER_AREA)
    least, most = (round(mm * _MM) for mm in _RADIUS_MM)
    circles = cv2.HoughCircles(
        cv2.GaussianBlur(page, (3, 3), 0),
        cv2.HOUGH_GRADIENT,
        dp=1.5,
        minDist=20,
        param1=80,
        param2=_VOTES,
        minRadius=least,
        maxRadius=most,
    )
    if circles is None:
        return []
    ink = page < cv2.medianBlur(page, 25).astype(np.int16) - _RING_LEAD
    found = np.asarray(circles).reshape(-1, 3)[:_MOST_SEALS].tolist()
    return [_spot(x - r, y - r, x + r, y + r, step) for x, y, r in found if _is_ring(ink, x, y, r)]


def _is_ring(ink: NDArray[np.bool_], x: float, y: float, radius: float) -> bool:
    """Whether ink follows the circle most of the way round; lines of print only cross it."""
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    met = np.zeros(len(angles), np.bool_)
    for away in (-1.5, -0.5, 0.5, 1.5):
        columns = (x + (radius + away) * np.cos(angles)).round().astype(int)
        rows = (y + (radius + away) * np.sin(angles)).round().astype(int)
        inside = (rows >= 0) & (rows < ink.shape[0]) & (columns >= 0) & (columns < ink.shape[1])
        met[inside] |= ink[rows[inside], columns[inside]]
    return float(met.mean()) > _RING


def _spot(x0: float, y0: float, x1: float, y1: float, step: float) -> _Spot:
    """The box, a little widened, in the picture from which the small one was made."""
    margin = 4
    rows, columns = (
        slice(max(0, round((low - margin) / step)), max(1, round((high + margin) / step)))
        for low, high in ((y0, y1), (x0, x1))
    )
    return rows, columns


def _without_paler_ink(pixels: Pixels) -> Pixels:
    paper = float(np.percentile(pixels, 85))
    darker = np.clip(paper - pixels.astype(np.float32), 0, None)
    blackest = max(1.0, float(np.percentile(darker, 99)))
    kept = np.clip((darker / blackest - _PALER) / (_DARKER - _PALER), 0, 1)
    return np.asarray((paper - kept * blackest).clip(0, 255), np.uint8)
