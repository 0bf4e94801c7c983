"""Three ways a clean paper reaches the archive: well scanned, carelessly, and badly.

First the sheet ages (`wear`, `ink`), then a scanner takes it in (`optics`). `scan` does a whole
paper; `light`, `medium` and `hard` do one page; the pieces are there to be used alone.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from hoso.imaging.page import Pixels
from tests.paper import ink, optics, wear
from tests.paper.render import Paper
from tests.paper.stack import ScanPage

# The law on seals asks for a third of the signature, on its left, to be covered.
_SEAL_LEFT_OF_SIGNATURE_MM = 10.0
_HARD_DPI = (150, 200)


class Quality(Enum):
    """How badly a paper was treated."""

    LIGHT = "light"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class SealAt:
    """Where which seal goes: millimetres from the page's top left corner to its middle."""

    ring: tuple[str, str]
    x_mm: float
    y_mm: float


def scan(paper: Paper, quality: Quality, seed: int = 0) -> list[ScanPage]:
    """The paper's pages as a scanner gives them at that quality, sealed from MEDIUM on."""
    return [
        _PRESETS[quality](page, seed * 1000 + number, seal_on(paper, number))
        for number, page in enumerate(paper.pages)
    ]


def light(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """300 dpi, at most 1° askew, JPEG 75. Not sealed: `seal` is there for the same call."""
    del seal
    rng = np.random.default_rng([1, seed])
    scanned = optics.skew(page, float(rng.uniform(-1, 1)))
    return _as_scanned(scanned, ink.DPI, 75)


def medium(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """200 dpi, 2 to 3° askew, sealed, unevenly lit, noisy, JPEG 75."""
    rng = np.random.default_rng([2, seed])
    scanned = optics.downscale(stamped(page, seal, rng), ink.DPI, 200)
    scanned = optics.skew(scanned, _either_way(rng, 2, 3))
    scanned = optics.noise(optics.uneven_light(scanned, rng), rng, sigma=7)
    return _as_scanned(scanned, 200, 75)


def hard(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """150 or 200 dpi, mostly grey, on a sheet that was sealed twice, folded and stained."""
    rng = np.random.default_rng([3, seed])
    dpi = _HARD_DPI[int(rng.integers(2))]
    scanned = optics.downscale(mistreated(page, rng, seal), ink.DPI, dpi)
    scanned = optics.skew(scanned, _either_way(rng, 1, 3))
    scanned = optics.grey(scanned) if rng.random() < 0.75 else scanned
    scanned = optics.blur(optics.uneven_light(scanned, rng, depth=0.3), 0.6 * dpi / 150)
    return _as_scanned(optics.noise(scanned, rng, sigma=8), dpi, 60)


def mistreated(page: Pixels, rng: np.random.Generator, seal: SealAt | None) -> Pixels:
    """The sheet after years in a drawer: two seals, a printed back, a cup, folds, holes."""
    sheet = stamped(page, seal, rng)
    sheet = stamped(sheet, _second_seal(rng, seal), rng)
    sheet = wear.bleed_through(sheet, np.rot90(page, 2).copy(), strength=0.16)
    sheet = wear.stain_ring(sheet, float(rng.uniform(30, 180)), float(rng.uniform(60, 240)), rng)
    sheet = wear.fold(sheet, float(rng.uniform(0.46, 0.54)))
    if rng.random() < 0.5:
        sheet = wear.fold(sheet, float(rng.uniform(0.45, 0.55)), upright=True)
    return wear.punch_holes(sheet) if rng.random() < 0.5 else sheet


def stamped(page: Pixels, seal: SealAt | None, rng: np.random.Generator) -> Pixels:
    """The page with its seal, a hand's width of inaccuracy aside; unchanged without one."""
    if seal is None:
        return page
    x_mm, y_mm = seal.x_mm + rng.normal(0, 1.5), seal.y_mm + rng.normal(0, 1.5)
    return ink.seal(page, float(x_mm), float(y_mm), seal.ring, rng)


def seal_on(paper: Paper, page: int) -> SealAt | None:
    """The seal that belongs on this page (from 0), left over its signature."""
    spot = paper.seal_spot
    if paper.seal is None or spot is None or spot.page != page:
        return None
    return SealAt(paper.seal, spot.x_mm - _SEAL_LEFT_OF_SIGNATURE_MM, spot.y_mm)


def blank_back(seed: int, bleed_of: Pixels | None = None, dpi: float = 200) -> ScanPage:
    """An empty A4 back; `bleed_of` is the front (at `ink.DPI`) that shines through it."""
    rng = np.random.default_rng([4, seed])
    shape = (ink.pixels(297), ink.pixels(210), 3) if bleed_of is None else bleed_of.shape
    sheet = np.full(shape, 252, np.uint8)
    if bleed_of is not None:
        sheet = wear.bleed_through(sheet, bleed_of, strength=0.08)
    scanned = optics.skew(optics.downscale(sheet, ink.DPI, dpi), float(rng.uniform(-1, 1)))
    return _as_scanned(optics.noise(scanned, rng, sigma=2), dpi, 70)


def _as_scanned(pixels: Pixels, dpi: float, quality: int) -> ScanPage:
    return ScanPage(optics.through_jpeg(pixels, quality), dpi, quality)


def _either_way(rng: np.random.Generator, least: float, most: float) -> float:
    return float(rng.uniform(least, most) * rng.choice((-1, 1)))


def _second_seal(rng: np.random.Generator, first: SealAt | None) -> SealAt:
    """A certifying office's seal, struck carelessly over the text."""
    ring = first.ring if first else ("ỦY BAN NHÂN DÂN XÃ QUẢNG YÊN", "TỈNH THANH HÓA")
    return SealAt(ring, float(rng.uniform(50, 160)), float(rng.uniform(90, 200)))


_PRESETS = {Quality.LIGHT: light, Quality.MEDIUM: medium, Quality.HARD: hard}
