"""One page of a PDF as pixels, with the way back from pixels to the page's points."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
from numpy.typing import NDArray

from hoso.errors import FileDamaged
from hoso.imaging.content import PageContent, content_of
from hoso.imaging.geometry import POINTS_PER_INCH, turn_of, unit_of, visible_box
from hoso.imaging.page import PageImage
from hoso.imaging.paper import guessed_dpi, is_credible
from hoso.imaging.pdf import opened
from hoso.imaging.rendering import render
from hoso.imaging.scan import take_out

RENDER_DPI = 300.0


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """A page's picture before its /Rotate: the picture's up is the page's up in user space.

    `to_points`: 3×3, from pixels (x to the right, y down, a pixel's middle at one half) to
    user space (points, y up; the boxes' offsets included). `rotate`: the page's own /Rotate,
    0, 90, 180 or 270 degrees clockwise, which a viewer applies on top. `has_text`: what is
    read on the page is drawn as text, not scanned. `is_mixed`: some of it is text, and pictures
    may bear more. `has_hidden_text`: an invisible text layer lies on it. `width_points` and
    `height_points` measure the visible box, before /Rotate.
    """

    image: PageImage
    to_points: NDArray[np.float64]
    rotate: int
    has_text: bool
    width_points: float
    height_points: float
    has_hidden_text: bool = False
    is_mixed: bool = False


def count_pages(pdf: Path) -> int:
    """How many pages the PDF has. Refuses with FileEncrypted or FileDamaged."""
    return len(opened(pdf).pages)


def load_page(
    pdf: Path, number: int, *, dpi: float | None = None, with_text: bool = True
) -> LoadedPage:
    """Page `number` (from 1) of a file that `files.inspect` has let in.

    A page that is one plain scanned picture is taken out as the scanner wrote it; any other
    is rendered, at 300 dpi or at what its pictures have. `dpi` is a wish: no more than needed is
    decoded, but a scan is never enlarged. Without text a mixed page shows only what has to be
    recognised. Refuses with FileDamaged, also for a number the file does not have.
    """
    page = _page(pdf, number)
    content, shown, rotate = content_of(page), visible_box(page), turn_of(page)
    per_inch = _points_per_inch(content, unit_of(page))
    wish = dpi / per_inch if dpi else None
    picture = take_out(content.scan, wish=wish) if content.scan else None
    if picture is None:
        finest = content.finest or RENDER_DPI / per_inch
        dots = min(wish or finest, finest)
        picture = render(
            pdf, number, shown=shown, rotate=rotate, dots_per_point=dots, with_text=with_text
        )
        if content.scan and _is_jpeg(content.scan.picture) and np.ptp(picture.pixels) == 0:
            raise FileDamaged(name=pdf.name)  # nobody could decode it: it must not pass for blank
    return LoadedPage(
        image=PageImage(picture.pixels, picture.dots_per_point * per_inch),
        to_points=picture.to_points,
        rotate=rotate,
        has_text=content.has_text,
        width_points=shown.width,
        height_points=shown.height,
        has_hidden_text=content.has_hidden_text,
        is_mixed=content.is_mixed,
    )


def _is_jpeg(picture: pikepdf.Stream) -> bool:
    return "/DCTDecode" in str(picture.get("/Filter"))


def _points_per_inch(content: PageContent, unit: float) -> float:
    """How many points of the page are an inch of the paper that was scanned.

    Telephones write a pixel a point: an A4 sheet then claims to be a poster of 72 dpi.
    """
    claimed = POINTS_PER_INCH / unit
    if content.largest is None or content.has_text:
        return claimed
    placed = content.largest
    width, height = int(placed.picture.Width), int(placed.picture.Height)
    dpi = placed.dots_per_point * claimed
    if is_credible(width, height, (dpi, dpi)):
        return claimed
    return guessed_dpi(width, height) / placed.dots_per_point


def _page(pdf: Path, number: int) -> pikepdf.Page:
    try:
        return opened(pdf).pages.p(number)
    except (IndexError, pikepdf.PdfError) as error:
        raise FileDamaged(name=pdf.name) from error
