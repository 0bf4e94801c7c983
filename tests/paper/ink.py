"""Ink that people and offices put on paper: signatures and round red seals."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

import hoso.barcode
from hoso.imaging.page import Pixels

DPI = 300
SEAL_MM = 36.0
_SIGNATURE_MM = 50.0
_PIXELS_PER_MM = DPI / 25.4
_SEAL_RED = (52, 36, 205)  # blue, green, red
_PEN_BLUE = (150, 52, 28)
_STAMP_VIOLET = (140, 40, 90)
_HAND = str(Path(__file__).parent / "fonts" / "PaperHand-Regular.ttf")
_FONT = str(files(hoso.barcode) / "fonts" / "LiberationSerif-Bold.ttf")

# How much of the paper ink covers, 0 to 1.
Cover = NDArray[np.floating[Any]]
Window = tuple[slice, slice]


def pixels(millimetres: float) -> int:
    """Millimetres on paper in pixels of a clean page."""
    return round(millimetres * _PIXELS_PER_MM)


def signature(page: Pixels, x_mm: float, y_mm: float, rng: np.random.Generator) -> None:
    """Sign `page` around a point, in blue, as no one signs twice."""
    path = _scrawl(rng) + _SIGNATURE_MM / 2
    width = 0.28 + 0.25 * np.abs(np.sin(np.linspace(0, float(rng.uniform(9, 16)), len(path))))
    cover = np.zeros((pixels(_SIGNATURE_MM),) * 2, np.uint8)
    points = np.round(path * _PIXELS_PER_MM * 8).astype(int)
    for start, end, thick in zip(points[:-1], points[1:], width[1:], strict=True):
        cv2.line(cover, start, end, 255, max(1, pixels(thick)), cv2.LINE_AA, shift=3)
    left, top = pixels(x_mm - _SIGNATURE_MM / 2), pixels(y_mm - _SIGNATURE_MM / 2)
    _print(page, cover.astype(np.float32) / 255 * 0.9, _PEN_BLUE, left, top)


def write(
    page: Pixels,
    at_mm: tuple[float, float],
    text: str,
    *,
    height_mm: float,
    colour: tuple[int, int, int] = _PEN_BLUE,
    cover: float = 0.85,
) -> None:
    """Write by hand in place: middle of `text` at (x, y); `cover` as in `Cover`, pencil is 0.3."""
    font = ImageFont.truetype(_HAND, pixels(height_mm))
    left, top, right, bottom = (round(side) for side in font.getbbox(text))
    strip = Image.new("L", (right - left + 8, bottom - top + 8))
    ImageDraw.Draw(strip).text((4 - left, 4 - top), text, 255, font)
    drawn = np.asarray(strip, dtype=np.float32) / 255 * cover
    x, y = pixels(at_mm[0]) - strip.width // 2, pixels(at_mm[1]) - strip.height // 2
    _print(page, drawn, colour, x, y)


def box_stamp(page: Pixels, at_mm: tuple[float, float], text: str) -> None:
    """An office's small stamp in violet, in place: `text` in a frame around (x, y)."""
    strip = np.asarray(_straight(text, (pixels(44), pixels(9)), room=pixels(40))).copy()
    cv2.rectangle(strip, (4, 4), (strip.shape[1] - 5, strip.shape[0] - 5), 255, pixels(0.4))
    x, y = pixels(at_mm[0]) - strip.shape[1] // 2, pixels(at_mm[1]) - strip.shape[0] // 2
    _print(page, strip.astype(np.float32) / 255 * 0.75, _STAMP_VIOLET, x, y)


def tick(page: Pixels, at_mm: tuple[float, float]) -> None:
    """A ballpoint's tick of 6 mm, in place."""
    x, y = (pixels(side) for side in at_mm)
    stroke = np.array(((-2.4, -0.6), (-0.6, 2.0), (3.4, -3.6))) * _PIXELS_PER_MM + (x, y)
    places, thick = stroke.astype(np.int32), pixels(0.4)
    cv2.polylines(page, [places], isClosed=False, color=_PEN_BLUE, thickness=thick)


def _scrawl(rng: np.random.Generator) -> NDArray[np.float64]:
    """Loops that shrink from left to right, then a stroke back under them; millimetres."""
    turns = float(rng.uniform(3.2, 5.5))
    t = np.linspace(0, 1, round(turns * 8))
    swing = 2 * np.pi * turns * t + float(rng.uniform(0, 2 * np.pi))
    tall = (6.5 - 4.8 * t**0.6) * (1 + 0.35 * rng.standard_normal(len(t)))
    slant = float(rng.uniform(0.2, 0.6))
    up = tall * np.sin(swing)
    across = -11 + 21 * t + 1.9 * np.cos(swing) + slant * up
    flourish = np.array([[16, -2], [4, 4.5], [-9, 6], [-4, 4], [17, float(rng.uniform(-1, 3))]])
    return _smooth(np.concatenate([np.stack([across, -up], axis=1), flourish]))


def _smooth(knots: NDArray[np.float64], steps: int = 24) -> NDArray[np.float64]:
    """A Catmull-Rom curve through the knots."""
    padded = np.concatenate([knots[:1], knots, knots[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        cubic = (3 * b - a - 3 * c + d) * t**3 + (2 * a - 5 * b + 4 * c - d) * t**2
        pieces.append(0.5 * (cubic + (c - a) * t + 2 * b))
    return np.concatenate(pieces)


def seal(
    page: Pixels, x_mm: float, y_mm: float, ring: tuple[str, str], rng: np.random.Generator
) -> Pixels:
    """`page` with a 36 mm seal around a point: uneven ink, slightly turned, text shows through."""
    cover = _worn(seal_cover(ring), rng)
    turn = cv2.getRotationMatrix2D(
        (cover.shape[1] / 2, cover.shape[0] / 2), float(rng.uniform(-9, 9)), 1.0
    )
    cover = np.asarray(cv2.warpAffine(cover, turn, cover.shape[::-1]))
    sealed = page.copy()
    half = cover.shape[0] // 2
    _print(sealed, cover, _SEAL_RED, pixels(x_mm) - half, pixels(y_mm) - half)
    return sealed


@lru_cache(maxsize=32)
def seal_cover(ring: tuple[str, str]) -> Cover:
    """How much ink the seal's rubber carries, 0 to 1, square; `ring` reads top, then bottom."""
    side = pixels(SEAL_MM) // 2 * 2
    middle, radius = (side // 2, side // 2), side / 2
    cover = np.zeros((side, side), np.uint8)
    for share, thick_mm in ((0.97, 0.8), (0.90, 0.25), (0.60, 0.35)):
        cv2.circle(cover, middle, int(radius * share), 255, pixels(thick_mm), cv2.LINE_AA)
    _emblem(cover, radius)
    return np.maximum(cover, _ring_text(ring, side)).astype(np.float32) / 255


def _emblem(cover: Pixels, radius: float) -> None:
    """A star in a wreath of ears, as simple as rubber gives it."""
    middle = radius
    angles = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2 == 0, 0.27, 0.105) * radius
    star = np.stack([middle + reach * np.sin(angles), middle - reach * np.cos(angles)], axis=1)
    cv2.fillPoly(cover, [np.round(star).astype(np.int32)], 255, cv2.LINE_AA)
    for angle in np.linspace(np.radians(-150), np.radians(150), 26):
        sway = angle + np.pi
        base = (middle + 0.38 * radius * np.sin(sway), middle - 0.38 * radius * np.cos(sway))
        tip_angle = sway + 0.16 * np.sign(angle)
        tip = (
            middle + 0.50 * radius * np.sin(tip_angle),
            middle - 0.50 * radius * np.cos(tip_angle),
        )
        cv2.line(cover, _point(base), _point(tip), 255, pixels(0.45), cv2.LINE_AA)


def _point(place: tuple[float, float]) -> tuple[int, int]:
    return round(place[0]), round(place[1])


def _ring_text(ring: tuple[str, str], side: int) -> Pixels:
    """Both texts set straight on a strip, then bent into the ring."""
    outer, inner = 0.885 * side / 2, 0.625 * side / 2
    height, length = round(outer - inner), round(2 * np.pi * (outer + inner) / 2)
    top = np.asarray(_straight(ring[0], (length, height), room=round(length * 0.60)))
    bottom = np.asarray(_straight(ring[1], (length, height), room=round(length * 0.30)).rotate(180))
    # The angle starts at three o'clock and grows downwards: twelve is three quarters round.
    both = np.maximum(np.roll(top, length // 4, axis=1), np.roll(bottom, -length // 4, axis=1))
    # warpPolar reads a picture with the angle downwards and the radius to the right.
    polar = np.zeros((length, round(outer)), np.uint8)
    polar[:, round(outer) - height :] = np.rot90(both, -1)
    bent = cv2.warpPolar(
        polar,
        (side, side),
        (side / 2, side / 2),
        outer,
        cv2.WARP_INVERSE_MAP | cv2.WARP_FILL_OUTLIERS | cv2.INTER_LINEAR,
    )
    return np.asarray(bent, dtype=np.uint8)


def _straight(text: str, shape: tuple[int, int], *, room: int) -> Image.Image:
    """A strip with `text` in its middle, as large as its height and `room` allow."""
    strip = Image.new("L", shape)
    size = round(strip.height * 0.78)
    font = ImageFont.truetype(_FONT, size)
    while font.getlength(text) > room:
        size -= 1
        font = ImageFont.truetype(_FONT, size)
    middle = (strip.width / 2, strip.height * 0.54)
    ImageDraw.Draw(strip).text(middle, text, 255, font, anchor="mm")
    return strip


def _worn(cover: Cover, rng: np.random.Generator) -> Cover:
    """Ink that took unevenly: cloudy, dry on one side, soft at the edges."""
    clouds = cv2.resize(
        rng.uniform(0.35, 1.15, (9, 9)).astype(np.float32),
        cover.shape[::-1],
        interpolation=cv2.INTER_CUBIC,
    )
    grain = rng.uniform(0.75, 1.0, cover.shape).astype(np.float32)
    soft = cv2.GaussianBlur(cover, (0, 0), 1.1)
    return np.asarray(np.clip(soft * clouds * grain, 0, 0.88), dtype=np.float32)


def _print(page: Pixels, cover: Cover, ink: tuple[int, int, int], left: int, top: int) -> None:
    """Lay ink on paper in place, as a glaze: what is dark below stays dark."""
    there, here = overlap(page.shape[:2], cover.shape, left, top)
    share = cover[here][..., None]
    below = page[there].astype(np.float32)
    glazed = below * np.array(ink, np.float32) / 255
    page[there] = np.round(below * (1 - share) + glazed * share).astype(np.uint8)


def overlap(
    canvas: tuple[int, ...], patch: tuple[int, ...], left: int, top: int
) -> tuple[Window, Window]:
    """Where a patch lies on a canvas, and which part of the patch that is; both may be empty."""
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = max(y0, min(canvas[0], top + patch[0])), max(x0, min(canvas[1], left + patch[1]))
    there = (slice(y0, y1), slice(x0, x1))
    return there, (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
