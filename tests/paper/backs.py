"""Backs of papers: blank ones that look used, and nearly blank ones that must not be lost.

A back is blank when nobody put anything on it that a reader could want: what shines through,
holes, stains, shadows, rules and watermarks are none. One word, one tick in pencil is something.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hoso.imaging.page import Pixels
from tests.paper import ink, optics, wear
from tests.paper.people import Sex, dice, draw_name
from tests.paper.stack import ScanPage

# A white sheet or one that already shows something, what is on the front, chance.
Treatment = Callable[[Pixels, Pixels, np.random.Generator], Pixels]

_PENCIL, _BLACK = (95, 92, 90), (35, 30, 30)


@dataclass(frozen=True)
class KnownBack:
    """A scanned back: what is on it, and whether that is nothing."""

    kind: str
    seed: int
    blank: bool
    scan: ScanPage


def scan_back(kind: str, seed: int, front: Pixels) -> KnownBack:
    """The back of `front` (a clean page at `ink.DPI`) as a feeder scans it at 200 or 300 dpi."""
    rng = np.random.default_rng([12, seed, *kind.encode()])
    sheet = np.full_like(front, int(rng.integers(246, 256)))
    sheet = (BLANK | NEARLY_BLANK)[kind](sheet, front, rng)
    return KnownBack(kind, seed, kind in BLANK, _fed(sheet, rng))


def _fed(sheet: Pixels, rng: np.random.Generator) -> ScanPage:
    """Colour or grey, up to 1.5° askew, sometimes unevenly lit, a little noise."""
    dpi = int(rng.choice((200, 300)))
    scanned = optics.skew(optics.downscale(sheet, ink.DPI, dpi), float(rng.uniform(-1.5, 1.5)))
    scanned = optics.uneven_light(scanned, rng, depth=0.2) if rng.random() < 0.4 else scanned
    scanned = optics.grey(scanned) if rng.random() < 0.5 else scanned
    scanned = optics.noise(scanned, rng, sigma=float(rng.uniform(1, 5)))
    return ScanPage(optics.through_jpeg(scanned, 70), dpi, 70)


def plain(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Nothing at all."""
    del front, rng
    return sheet


def bleed_weak(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Office paper of 80 g: the front hardly shines through."""
    return wear.bleed_through(sheet, front, strength=float(rng.uniform(0.04, 0.09)))


def bleed_strong(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Thin paper: one could nearly read the front."""
    return wear.bleed_through(sheet, front, strength=float(rng.uniform(0.14, 0.26)))


def punched(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Filing holes, and a little of the front."""
    return wear.punch_holes(bleed_weak(sheet, front, rng))


def stained(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """The ring of a cup."""
    x, y = _anywhere(sheet, rng)
    return wear.stain_ring(bleed_weak(sheet, front, rng), x, y, rng)


def shadowed(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Dark edges."""
    return wear.edge_shadows(bleed_weak(sheet, front, rng), rng)


def stapled(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """A staple was pulled out."""
    return wear.staple_marks(bleed_weak(sheet, front, rng), rng)


def coloured(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Yellowed or tinted paper."""
    return wear.coloured(bleed_weak(sheet, front, rng), rng)


def ruled(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """A page of an exercise book that nobody wrote on."""
    return bleed_weak(wear.ruled(sheet, rng), front, rng)


def watermarked(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Secured paper."""
    return bleed_weak(wear.watermarked(sheet, rng), front, rng)


def folded(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Folded twice for an envelope."""
    first = wear.fold(bleed_weak(sheet, front, rng), float(rng.uniform(0.3, 0.36)))
    return wear.fold(first, float(rng.uniform(0.63, 0.69)))


def long_kept(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """All of it: thin yellow paper, punched, stapled, folded, with dark edges."""
    aged = wear.coloured(bleed_strong(sheet, front, rng), rng)
    aged = wear.staple_marks(wear.punch_holes(aged), rng)
    return wear.edge_shadows(wear.fold(aged, float(rng.uniform(0.45, 0.55))), rng)


def two_words(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Two words in ballpoint."""
    noted = bleed_weak(sheet, front, rng)
    text = str(rng.choice(("Đã nộp", "Bản chính", "Đã trả", "Xem lại", "Lưu hồ sơ")))
    ink.write(noted, _anywhere(sheet, rng), text, height_mm=float(rng.uniform(6, 9)))
    return noted


def page_number(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Only a number in the middle of an edge."""
    noted, number = bleed_weak(sheet, front, rng), str(rng.integers(2, 60))
    width, height = _size_mm(sheet)
    y = float(rng.choice((12, height - 12)))
    ink.write(noted, (width / 2, y), number, height_mm=5, colour=_BLACK, cover=0.95)
    return noted


def small_signature(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """Somebody signed on the back."""
    noted = bleed_weak(sheet, front, rng)
    ink.signature(noted, *_anywhere(sheet, rng), rng)
    return noted


def pencil_note(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """A name in faint pencil."""
    noted = bleed_weak(sheet, front, rng)
    name = draw_name(dice("pencil", int(rng.integers(10**6))), Sex.FEMALE)
    at, cover = _anywhere(sheet, rng), float(rng.uniform(0.3, 0.5))
    ink.write(noted, at, name, height_mm=7, colour=_PENCIL, cover=cover)
    return noted


def small_stamp(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """An office's stamp of 44 × 9 mm."""
    noted = bleed_weak(sheet, front, rng)
    text = str(rng.choice(("ĐÃ ĐỐI CHIẾU BẢN CHÍNH", "CÔNG VĂN ĐẾN", "ĐÃ THU LỆ PHÍ")))
    ink.box_stamp(noted, _anywhere(sheet, rng), text)
    return noted


def single_tick(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """One tick of 6 mm."""
    noted = bleed_weak(sheet, front, rng)
    ink.tick(noted, _anywhere(sheet, rng))
    return noted


def line_at_the_edge(sheet: Pixels, front: Pixels, rng: np.random.Generator) -> Pixels:
    """A line by hand within a finger's breadth of the top or bottom."""
    noted, (width, height) = bleed_weak(sheet, front, rng), _size_mm(sheet)
    y = float(rng.choice((8, height - 8)))
    text = f"Người nhận: {draw_name(dice('edge', int(rng.integers(10**6))), Sex.MALE)}"
    ink.write(noted, (width / 2, y), text, height_mm=7)
    return noted


BLANK: dict[str, Treatment] = {
    treatment.__name__: treatment
    for treatment in (
        plain, bleed_weak, bleed_strong, punched, stained, shadowed, stapled, coloured, ruled,
        watermarked, folded, long_kept,
    )
}  # fmt: skip
NEARLY_BLANK: dict[str, Treatment] = {
    treatment.__name__: treatment
    for treatment in (
        two_words, page_number, small_signature, pencil_note, small_stamp, single_tick,
        line_at_the_edge,
    )
}  # fmt: skip


def _size_mm(sheet: Pixels) -> tuple[float, float]:
    height, width = (side / ink.pixels(1000) * 1000 for side in sheet.shape[:2])
    return width, height


def _anywhere(sheet: Pixels, rng: np.random.Generator) -> tuple[float, float]:
    """A place where a whole note fits, millimetres."""
    width, height = _size_mm(sheet)
    return float(rng.uniform(35, width - 35)), float(rng.uniform(25, height - 25))
