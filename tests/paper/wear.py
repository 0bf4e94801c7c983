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


def little_toner(page: Pixels, rng: np.random.Generator) -> Pixels:
    """Print at 30 to 55 % of its strength, weaker in upright bands where the drum is empty."""
    bands = rng.uniform(0.75, 1.0, 12).astype(np.float32)[None]
    across = cv2.resize(bands, (page.shape[1], 1), interpolation=cv2.INTER_CUBIC)
    left = rng.uniform(0.30, 0.55) * across[..., None]
    grain = rng.uniform(0.8, 1.2, (*page.shape[:2], 1)).astype(np.float32)
    pale = 255 - (255 - page.astype(np.float32)) * left * grain
    return np.asarray(np.clip(pale + 0.5, 0, 255), dtype=np.uint8)


def staple_marks(page: Pixels, rng: np.random.Generator) -> Pixels:
    """Two prongs' holes with a rim of rust in the top left corner, and the crease beside them."""
    marked = page.copy()
    x, y = (pixels(float(rng.uniform(6, 14))) for _ in range(2))
    for dx, dy in ((0, 0), (pixels(9), -pixels(4))):
        cv2.circle(marked, (x + dx, y + dy), pixels(0.7), (120, 165, 200), -1, cv2.LINE_AA)
        cv2.circle(marked, (x + dx, y + dy), pixels(0.3), (60, 60, 60), -1, cv2.LINE_AA)
    cv2.line(marked, (0, y + pixels(24)), (x + pixels(30), 0), (225, 225, 225), 3, cv2.LINE_AA)
    return marked


def edge_shadows(page: Pixels, rng: np.random.Generator) -> Pixels:
    """Dark towards one to four edges, where the sheet did not lie flat on the glass."""
    height, width = page.shape[:2]
    shade = np.ones((height, width), np.float32)
    for away in (np.arange(height)[:, None], np.arange(width)[None]):
        for distance in (away, away[::-1, ::-1]):
            depth = rng.uniform(0.2, 0.75) * (rng.random() < 0.6)
            reach = pixels(float(rng.uniform(1.0, 5.0)))
            shade *= (1 - depth * np.exp(-distance / reach)).astype(np.float32)
    return _times(page, shade[..., None])


def coloured(page: Pixels, rng: np.random.Generator) -> Pixels:
    """On tinted paper: old and yellow, or a form's pink, green or blue."""
    tints = ((205, 232, 245), (228, 220, 250), (222, 245, 226), (248, 236, 218))
    return _times(page, np.array(tints[int(rng.integers(4))], np.float32) / 255)


def ruled(page: Pixels, rng: np.random.Generator) -> Pixels:
    """Exercise-book paper: pale blue rules every 8 mm, a red one at the margin."""
    lined = page.copy()
    for y in range(pixels(float(rng.uniform(8, 20))), page.shape[0], pixels(8)):
        cv2.line(lined, (0, y), (page.shape[1], y), (232, 214, 190), 2)
    cv2.line(lined, (pixels(22), 0), (pixels(22), page.shape[0]), (170, 170, 230), 3)
    return lined


def watermarked(page: Pixels, rng: np.random.Generator) -> Pixels:
    """The pale rosette of secured paper, made of turned ellipses."""
    marked = page.copy()
    center = page.shape[1] // 2, page.shape[0] // 2
    level = int(rng.integers(214, 236))
    for angle in range(0, 180, 9):
        axes = pixels(70), pixels(24)
        cv2.ellipse(marked, center, axes, angle, 0, 360, (level, level + 6, 250), 3, cv2.LINE_AA)
    return marked


def _times(page: Pixels, shade: Shade) -> Pixels:
    return np.round(page.astype(np.float32) * shade).astype(np.uint8)
