"""A page's picture on its way to the engine, and the way back from its pixels to the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from hoso.imaging.geometry import Box
from hoso.imaging.page import PageImage, Pixels
from hoso.imaging.pages import LoadedPage
from hoso.imaging.skew import ink_map, measure_skew
from hoso.ocr import clean, geometry, seals
from hoso.ocr.lines import Layout, PixelBox, find_lines


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the engine gets to see: a grey picture, upright and straight, and what is on it.

    `turn` and `skew` as in `PageReading`; `to_view` leads from the picture's pixels to the
    page as seen, in points.
    """

    layout: Layout
    dpi: float
    turn: int
    skew: float
    to_view: geometry.Matrix

    def view(self, box: PixelBox) -> PixelBox:
        """A box (x0, y0, x1, y1) of the picture as it lies on the page as seen."""
        x0, y0, x1, y1 = box
        x, y, width, height = geometry.bounds(self.to_view, x0, y0, x1 - x0, y1 - y0)
        return x, y, x + width, y + height


def in_grey(page: LoadedPage) -> LoadedPage:
    """The page without its colours, once they are of no more use: they hold most of the memory."""
    grey = seals.without_red_seals(page.image)
    return replace(page, image=PageImage(grey, page.image.dpi))


def upright(page: LoadedPage, turn: int, skew: float, *, width: int) -> Pixels:
    """The picture of a page in grey as its reading says it stands, turned and straightened.

    It is reduced to `width` pixels first, unless it has fewer: that takes a tenth of the time.
    """
    turned = clean.turned(page.image.pixels, (page.rotate + turn) % 360)
    factor = min(1.0, width / turned.shape[1])
    size = (round(turned.shape[1] * factor), max(1, round(turned.shape[0] * factor)))
    less = cv2.resize(turned, size, interpolation=cv2.INTER_AREA)
    return clean.straightened(np.asarray(less, np.uint8), skew)


class Scan:
    """A page's picture in grey, its ink, and the page's box."""

    def __init__(self, page: LoadedPage, box: Box, code_boxes: Sequence[PixelBox]) -> None:
        self.page, self.box, self.code_boxes = page, box, code_boxes
        self.dpi = page.image.dpi
        self.pixels = seals.without_red_seals(page.image)
        ink = ink_map(self.pixels, self.dpi, without=list(code_boxes))
        self.ink = np.ascontiguousarray(np.rot90(ink, -page.rotate // 90))

    def sheet(self, turn: int, *, straighten: bool = True) -> Sheet:
        """The picture at its own /Rotate plus `turn`, straightened."""
        skew = self._skew(turn) if straighten else 0.0
        total = (self.page.rotate + turn) % 360
        pixels, factor = clean.capped(clean.turned(self._without_codes(), total), self.dpi)
        straight = clean.straightened(seals.without_grey_seals(pixels, self.dpi * factor), skew)
        to_view = self._to_view(total, skew, factor)
        return Sheet(
            find_lines(straight, self.dpi * factor), self.dpi * factor, turn, skew, to_view
        )

    def _skew(self, turn: int) -> float:
        return measure_skew(np.ascontiguousarray(np.rot90(self.ink, -turn // 90)))

    def _without_codes(self) -> Pixels:
        """Codes painted over: their bars look like letters in rows."""
        if not self.code_boxes:
            return self.pixels
        bare = self.pixels.copy()
        for box in self.code_boxes:
            x0, y0, x1, y1 = (max(0, round(side)) for side in box)
            bare[y0:y1, x0:x1] = int(np.percentile(bare[y0:y1, x0:x1], 95))
        return bare

    def _to_view(self, total: int, skew: float, factor: float) -> geometry.Matrix:
        """From the sheet's pixels to the archived page as seen: undo, place, do again."""
        image, box = self.page.image, self.box
        wide, high = (
            side * factor for side in geometry.turned_size(total, image.width, image.height)
        )
        done = geometry.chain(
            geometry.straightening(skew, wide, high),
            geometry.scale(factor),
            geometry.quarter_turn(total, image.width, image.height),
        )
        view = geometry.turned_size(total, box.width, box.height)
        return geometry.chain(
            geometry.straightening(skew, *view),
            geometry.as_shown(box, total),
            self.page.to_points,
            geometry.undo(done),
        )
