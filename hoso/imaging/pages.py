"""One page of a PDF as pixels, with the way back from pixels to the page's points."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
from numpy.typing import NDArray

from hoso.errors import FileDamaged
from hoso.imaging.content import content_of
from hoso.imaging.geometry import turn_of, visible_box
from hoso.imaging.page import PageImage
from hoso.imaging.pdf import opened
from hoso.imaging.rendering import render
from hoso.imaging.scan import take_out


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """A page's picture before its /Rotate: the picture's up is the page's up in user space.

    `to_points`: 3×3, from pixels (x to the right, y down, a pixel's middle at one half) to
    user space (points, y up; the boxes' offsets included). `rotate`: the page's own /Rotate,
    0, 90, 180 or 270 degrees clockwise, which a viewer applies on top. `has_text`: what is
    read on the page is drawn as text, not scanned. `has_hidden_text`: an invisible text layer
    lies on it. `width_points` and `height_points` measure the visible box, before /Rotate.
    """

    image: PageImage
    to_points: NDArray[np.float64]
    rotate: int
    has_text: bool
    width_points: float
    height_points: float
    has_hidden_text: bool = False


def count_pages(pdf: Path) -> int:
    """How many pages the PDF has. Refuses with FileEncrypted or FileDamaged."""
    return len(opened(pdf).pages)


def load_page(pdf: Path, number: int, *, dpi: float | None = None) -> LoadedPage:
    """Page `number` (from 1) of a file that `files.inspect` has let in.

    A page that is one plain scanned picture is taken out as the scanner wrote it; any other
    is rendered at 300 dpi. `dpi` is a wish: no more than needed is decoded, but a scan is
    never enlarged. Refuses with FileDamaged, also for a number the file does not have.
    """
    page = _page(pdf, number)
    content, shown, rotate = content_of(page), visible_box(page), turn_of(page)
    taken = take_out(content.scan, dpi=dpi) if content.scan else None
    picture = taken or render(pdf, number, shown=shown, rotate=rotate, dpi=dpi)
    return LoadedPage(
        image=PageImage(picture.pixels, picture.dpi),
        to_points=picture.to_points,
        rotate=rotate,
        has_text=content.has_text,
        width_points=shown.width,
        height_points=shown.height,
        has_hidden_text=content.has_hidden_text,
    )


def _page(pdf: Path, number: int) -> pikepdf.Page:
    try:
        return opened(pdf).pages.p(number)
    except (IndexError, pikepdf.PdfError) as error:
        raise FileDamaged(name=pdf.name) from error
