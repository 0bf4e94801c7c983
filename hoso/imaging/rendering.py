"""Pages drawn by Poppler, one at a time: for all that is not one plain scanned picture."""

import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pdf2image import convert_from_path
from pdf2image.exceptions import PDFPageCountError, PDFSyntaxError
from PIL import Image

from hoso.errors import FileDamaged
from hoso.imaging.geometry import POINTS_PER_INCH, Box, Picture

RENDER_DPI = 300.0
# A2 at 300 dpi. A drawn page has no resolution of its own, so a poster need not fill the memory.
MOST_RENDERED_PIXELS = 36_000_000


def render(pdf: Path, number: int, *, shown: Box, rotate: int, dpi: float | None) -> Picture:
    """Draw page `number` (from 1) at the wished resolution, else at 300 dpi.

    `shown` is the page's visible box and `rotate` its /Rotate, which is undone: the picture's
    up is the page's up in user space. Refuses with FileDamaged what Poppler cannot draw.
    """
    room = POINTS_PER_INCH * math.sqrt(MOST_RENDERED_PIXELS / (shown.width * shown.height))
    whole_dpi = max(1, math.floor(min(dpi or RENDER_DPI, room)))
    drawn = _draw(pdf, number, whole_dpi)
    upright = np.rot90(np.asarray(drawn.convert("RGB"), np.uint8), rotate // 90)
    pixels = _without_needless_colour(np.ascontiguousarray(upright[:, :, ::-1]))
    return Picture(pixels, _grid(pixels, shown, rotate, POINTS_PER_INCH / whole_dpi))


def _draw(pdf: Path, number: int, dpi: int) -> Image.Image:
    try:
        drawn = convert_from_path(
            pdf, dpi=dpi, first_page=number, last_page=number, use_cropbox=True
        )
    except (PDFPageCountError, PDFSyntaxError, OSError) as error:
        raise FileDamaged(name=pdf.name) from error
    if len(drawn) != 1:
        raise FileDamaged(name=pdf.name)
    return drawn[0]


def _without_needless_colour(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    blue, green, red = cv2.split(pixels)
    plain = np.array_equal(blue, green) and np.array_equal(green, red)
    return np.asarray(blue, np.uint8) if plain else pixels


def _grid(pixels: NDArray[np.uint8], shown: Box, rotate: int, points: float) -> Box:
    """The box that the pixels fill, each `points` wide.

    Poppler starts at the upper left of what a viewer shows and rounds up to whole pixels; the
    surplus at its right and bottom lies elsewhere once the turn is undone.
    """
    height, width = (points * side for side in pixels.shape[:2])
    x0 = shown.x0 if rotate in {0, 90} else shown.x1 - width
    y0 = shown.y1 - height if rotate in {0, 270} else shown.y0
    return Box(x0, y0, x0 + width, y0 + height)
