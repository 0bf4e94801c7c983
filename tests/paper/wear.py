"""What happens to the sheet itself: backs that shine through, folds, holes, rings of coffee.

Every function takes a page at `ink.DPI`, H×W×3 BGR, and gives a new one of the same shape.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels
from tests.paper.ink import overlap, pixels

# What is left of the light, 0 to 1, per pixel.
Shade = NDArray[np.floating[Any]]

_HOLE_MM, _HOLE_APART_MM, _HOLE_INSET_MM = 6.0, 80.0, 12.0  # ISO 838
_LAMP_BEHIND_HOLE = 70
_COFFEE = np.array((96, 140, 178), np.float32) / 255


def bleed_through(page: Pixels, back: Pixels, strength: float = 0.12) -> Pixels:
    """The mirrored print of `back`, softened by the paper, faintly on `page`."""
    mirrored = cv2.GaussianBlur(cv2.flip(_fitted(back, page), 1), (0, 0), 3.0)
    shade = 1 - strength * (1 - mirrored.astype(np.float32) / 255)
    return _times(page, shade)


def _fitted(back: Pixels, page: Pixels) -> Pixels:
    if back.shape == page.shape:
        return back
    return np.asarray(cv2.resize(back, (page.shape[1], page.shape[0])), dtype=np.uint8)


def fold(page: Pixels, at: float, *, upright: bool = False) -> Pixels:
    """A crease across the page at a share `at` of its height (or width, when `upright`).

    One side falls into shadow, the other catches light, toner has cracked off the ridge.
    """
    length = page.shape[1 if upright else 0]
    away = (np.arange(length, dtype=np.float32) - at * length) / pixels(1)
    shadow = 1 - 0.16 * np.exp(-np.abs(away) / 6) * (away > 0) - 0.10 * np.exp(-((away / 0.5) ** 2))
    ridge = 90 * np.exp(-((away / 0.22) ** 2))
    shape = (1, -1, 1) if upright else (-1, 1, 1)
    worn = page.astype(np.float32) * shadow.reshape(shape) + ridge.reshape(shape)
    return np.asarray(np.clip(worn, 0, 255), dtype=np.uint8)


def punch_holes(page: Pixels) -> Pixels:
    """Two filing holes at the left edge, dark where the scanner's lid shows."""
    punched = page.copy()
    middle = page.shape[0] // 2
    for y in (middle - pixels(_HOLE_APART_MM / 2), middle + pixels(_HOLE_APART_MM / 2)):
        center, radius = (pixels(_HOLE_INSET_MM), y), pixels(_HOLE_MM / 2)
        cv2.circle(punched, center, radius, (_LAMP_BEHIND_HOLE,) * 3, -1, cv2.LINE_AA)
        cv2.ellipse(punched, center, (radius, radius), 0, 180, 330, (25,) * 3, 3, cv2.LINE_AA)
    return punched


def stain_ring(page: Pixels, x_mm: float, y_mm: float, rng: np.random.Generator) -> Pixels:
    """The ring that a cup of about 75 mm left around a point."""
    side = pixels(96)
    ys, xs = np.mgrid[:side, :side].astype(np.float32) - side / 2
    angle = np.arctan2(ys, xs)
    reach = np.hypot(xs, ys) / pixels(1)
    wobble = 37 + 0.5 * np.sin(3 * angle + rng.uniform(0, 6)) + 0.3 * np.sin(7 * angle)
    rim = np.exp(-(((reach - wobble) / 1.1) ** 2))
    wet = 0.55 + 0.45 * np.sin(angle + rng.uniform(0, 6))
    inside = 0.10 / (1 + np.exp(np.clip(reach - wobble, -20, 20) * 2))
    brown = (rim * wet * 0.75 + inside)[..., None] * (1 - _COFFEE)
    left, top = pixels(x_mm) - side // 2, pixels(y_mm) - side // 2
    there, here = overlap(page.shape[:2], brown.shape[:2], left, top)
    stained = page.copy()
    stained[there] = _times(page[there], 1 - brown[here])
    return stained


def _times(page: Pixels, shade: Shade) -> Pixels:
    return np.round(page.astype(np.float32) * shade).astype(np.uint8)
