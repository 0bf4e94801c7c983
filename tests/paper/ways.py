"""More ways in which a paper arrives: copied, photographed, printed with the last toner, faxed.

All are called as the presets of `degrade` are, and `WAYS` names them together with those. The
last two mix what the others do one by one; they are kept for final figures (see `sets`).
"""

from collections.abc import Callable

import cv2
import numpy as np

from hoso.imaging.page import Pixels
from tests.paper import ink, optics, wear
from tests.paper.degrade import SealAt, hard, light, medium, stamped
from tests.paper.stack import ScanPage

_A4_INCHES = (210 / 25.4, 297 / 25.4)
_PHOTO_DPI = 220  # of a 12-megapixel camera a hand's breadth too far away
_DESK = (58, 74, 92)
_WARM, _COLD = (0.80, 0.93, 1.0), (1.0, 0.99, 0.95)  # blue, green, red


def photocopy(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """Black or white at 200 or 300 dpi, CCITT G4; strokes thick or thin, specks, a dark edge."""
    rng = np.random.default_rng([6, seed])
    dpi = int(rng.choice((200, 300)))
    sheet = optics.skew(stamped(page, seal, rng), float(rng.uniform(-1.5, 1.5)))
    copied = _copied(optics.grey(optics.downscale(sheet, ink.DPI, dpi)), rng, dpi)
    return ScanPage(optics.edge_shadow(copied, rng, dpi), dpi, bilevel=True)


def photo(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """A phone's picture: in perspective, on a desk, by lamplight under the hand's shadow."""
    rng = np.random.default_rng([7, seed])
    seen = _placed(stamped(page, seal, rng), rng, tilt=0.035)
    seen = optics.tinted(optics.soft_shadow(seen, rng, depth=0.45), _WARM)
    seen = optics.noise(optics.blur(seen, float(rng.uniform(0.5, 1.0))), rng, sigma=5)
    return _untagged(seen, quality=int(rng.integers(65, 85)))


def faint(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """Printed with the last toner: pale, paler in bands, 200 or 300 dpi, grey or colour."""
    rng = np.random.default_rng([8, seed])
    dpi = int(rng.choice((200, 300)))
    sheet = stamped(wear.little_toner(page, rng), seal, rng)
    scanned = optics.skew(optics.downscale(sheet, ink.DPI, dpi), float(rng.uniform(-1.5, 1.5)))
    scanned = optics.grey(scanned) if rng.random() < 0.5 else scanned
    return _scanned(optics.noise(scanned, rng, sigma=4), dpi, 75)


def fax(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """Fine mode, 200 dpi, black or white, with lines lost on the wire."""
    rng = np.random.default_rng([9, seed])
    sheet = optics.skew(stamped(page, seal, rng), float(rng.uniform(-1, 1)))
    sent = _copied(optics.grey(optics.downscale(sheet, ink.DPI, 200)), rng, 200)
    (lost,) = np.nonzero(rng.random(sent.shape[0] - 1) < 0.006)  # one row in 160
    sent[lost + 1] = sent[lost]
    return ScanPage(sent, 200, bilevel=True)


def old_copy(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """A folded photocopy that was certified with a fresh seal and scanned in grey at 240 dpi."""
    rng = np.random.default_rng([10, seed])
    copied = _copied(optics.grey(page), rng, ink.DPI)
    sheet = wear.fold(np.repeat(copied[..., None], 3, axis=2), float(rng.uniform(0.3, 0.7)))
    sheet = wear.bleed_through(stamped(sheet, seal, rng), np.flipud(page).copy(), strength=0.10)
    scanned = optics.skew(optics.downscale(sheet, ink.DPI, 240), float(rng.uniform(-2.2, 2.2)))
    scanned = optics.noise(optics.blur(optics.grey(scanned), 0.7), rng, sigma=6)
    return _scanned(scanned, 240, 55)


def document_camera(page: Pixels, seed: int, seal: SealAt | None = None) -> ScanPage:
    """The counter's camera on its stand: cold light with a glare, a little soft, square on."""
    rng = np.random.default_rng([11, seed])
    seen = _placed(stamped(page, seal, rng), rng, tilt=0.01)
    seen = optics.glare(optics.tinted(optics.uneven_light(seen, rng, depth=0.2), _COLD), rng)
    seen = optics.noise(optics.blur(seen, 1.1), rng, sigma=3)
    return _untagged(seen, quality=60)


Way = Callable[[Pixels, int, SealAt | None], ScanPage]
WAYS: dict[str, Way] = {
    way.__name__: way
    for way in (light, medium, hard, photocopy, photo, faint, fax, old_copy, document_camera)
}


def _copied(page: Pixels, rng: np.random.Generator, dpi: int) -> Pixels:
    """A grey page through a copier: strokes swell or shrink, dust prints, 0 and 255 only.

    The threshold on a slightly blurred page decides on the strokes: 120 thins them by about half
    a pixel a side, 190 thickens them by as much.
    """
    soft = optics.blur(page, 0.6 * dpi / 200).astype(np.float32)
    uneven = rng.standard_normal(page.shape, dtype=np.float32) * 14
    copied = np.where(soft + uneven > rng.uniform(120, 190), 255, 0).astype(np.uint8)
    return optics.specks(copied, rng, dpi)


def _placed(sheet: Pixels, rng: np.random.Generator, tilt: float) -> Pixels:
    """The sheet on a desk at `_PHOTO_DPI`, each corner off by up to `tilt` of the sheet's size."""
    sheet = optics.downscale(sheet, ink.DPI, _PHOTO_DPI)
    height, width = sheet.shape[:2]
    room = 1 + 2 * tilt + 0.02
    canvas = round(width * room), round(height * room)
    flat = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    margin = (np.array(canvas) - (width, height)) / 2
    seen = flat + margin + rng.uniform(-tilt, tilt, (4, 2)) * (width, height)
    turn = cv2.getPerspectiveTransform(flat, seen.astype(np.float32))
    return np.asarray(cv2.warpPerspective(sheet, turn, canvas, borderValue=_DESK), dtype=np.uint8)


def _scanned(pixels: Pixels, dpi: float, quality: int) -> ScanPage:
    return ScanPage(optics.through_jpeg(pixels, quality), dpi, quality)


def _untagged(pixels: Pixels, quality: int) -> ScanPage:
    """A picture that does not know its resolution: what it is if it fills an A4 sheet."""
    short, long = sorted(pixels.shape[:2])
    dpi = max(short / _A4_INCHES[0], long / _A4_INCHES[1])
    return _scanned(pixels, dpi, quality)
