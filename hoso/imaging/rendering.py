"""Pages drawn by PDFium: for all that is not one plain scanned picture.

PDFium and not Poppler: at 150 dpi an A4 page takes 60 against 150 ms when it comes in strips,
30 against 100 as CCITT or JBIG2, 110 against 210 as a plain JPEG. It may not be used by two
threads at once; pages are loaded in child processes.
"""

import math
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw

from hoso.errors import FileDamaged
from hoso.imaging.geometry import Box, Picture

# A2 at 300 dpi. A drawn page has no resolution of its own, so a poster need not fill the memory.
MOST_RENDERED_PIXELS = 36_000_000
_DEEPEST_FORM = 8
# PDFium rounds pixels up and stretches the page to fill them: a hair less keeps the columns of a
# picture of 827 from being smeared over 828.
_HAIR = 1e-5


def render(
    pdf: Path,
    number: int,
    *,
    shown: Box,
    rotate: int,
    dots_per_point: float,
    with_text: bool = True,
) -> Picture:
    """Draw page `number` (from 1), form fields and notes included, all text left out on request.

    `shown` is the page's visible box and `rotate` its /Rotate, which is undone: the picture's
    up is the page's up in user space. Refuses with FileDamaged what PDFium cannot draw.
    """
    scale = min(dots_per_point, math.sqrt(MOST_RENDERED_PIXELS / shown.area)) * (1 - _HAIR)
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            document.init_forms()
            page = document[number - 1]
            if not with_text:
                _hide_text(page)
            drawn = page.render(scale=scale, rotation=-rotate % 360)
            pixels = np.ascontiguousarray(drawn.to_numpy()[:, :, :3])
    except pypdfium2.PdfiumError as error:
        raise FileDamaged(name=pdf.name) from error
    return Picture(_without_needless_colour(pixels), shown)


def _without_needless_colour(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    blue, green, red = cv2.split(pixels)
    plain = np.array_equal(blue, green) and np.array_equal(green, red)
    return np.asarray(blue, np.uint8) if plain else pixels


def _hide_text(page: pypdfium2.PdfPage) -> None:
    for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=_DEEPEST_FORM):
        raw.FPDFTextObj_SetTextRenderMode(text, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
