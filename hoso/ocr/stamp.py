"""The dossier's code stamped on a page: in a free margin, else on a strip added below."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
from pikepdf import Name

from hoso.imaging.geometry import POINTS_PER_INCH, turn_of, visible_box
from hoso.imaging.page import Pixels
from hoso.ocr.geometry import (
    Matrix,
    as_shown,
    bounds,
    chain,
    operands,
    shift,
    turned_size,
    undo,
    upwards,
)
from hoso.ocr.margin import EDGE_MM, INK_DPI, Zone, find_free_zone, ink_of

_POINTS_PER_MM = POINTS_PER_INCH / 25.4
_STAMP = "/HosoStamp"
_EDGE = EDGE_MM * _POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is stamped: a PDF of one page, itself fit for PDF/A, as large as the stamp."""

    pdf_bytes: bytes


def put_stamp(pdf: pikepdf.Pdf, page: pikepdf.Page, stamp: Stamp) -> Zone | None:
    """Draw the stamp on `page` where it covers nothing, and say where (None: on a new strip).

    The page must show itself upright at its /Rotate.
    """
    with pikepdf.open(BytesIO(stamp.pdf_bytes)) as drawn:
        form = pdf.copy_foreign(drawn.pages[0].as_form_xobject())
        box = visible_box(drawn.pages[0])
    zone = find_free_zone(
        ink_of(_picture_of(page)), _millimetres(box.width), _millimetres(box.height)
    )
    if zone:
        place = _place(page, zone, box.width, box.height)
    else:
        place = _place_on_new_strip(page, box.width, box.height)
    name = page.add_resource(form, Name.XObject, Name(_STAMP))
    drawing = f"q {operands(place @ shift(-box.x0, -box.y0))} cm {name} Do Q"
    page.contents_add(drawing.encode())
    return zone


def _millimetres(points: float) -> float:
    return points / _POINTS_PER_MM


def _picture_of(page: pikepdf.Page) -> Pixels:
    """The page as it will be seen, H×W×3 at INK_DPI."""
    held = BytesIO()
    with pikepdf.new() as alone:
        alone.pages.append(page)
        alone.save(held)
    with pypdfium2.PdfDocument(held.getvalue()) as document:
        bitmap = document[0].render(scale=INK_DPI / POINTS_PER_INCH, may_draw_forms=False)
        return np.array(bitmap.to_numpy()[:, :, :3])


def _place(page: pikepdf.Page, zone: Zone, width: float, height: float) -> Matrix:
    """From the stamp's space (y up from its lower left corner) to the page's user space."""
    x, y = zone.x_mm * _POINTS_PER_MM, zone.y_mm * _POINTS_PER_MM
    box = visible_box(page)
    to_user = undo(as_shown(box, turn_of(page)))
    _, tall = turned_size(turn_of(page), box.width, box.height)
    if zone.turned:  # on its side, read from below upwards
        on_its_side = np.array([[0.0, -1.0, x + height], [1.0, 0.0, tall - y - width], [0, 0, 1]])
        return chain(to_user, upwards(tall), on_its_side)
    return chain(to_user, upwards(tall), shift(x, tall - y - height))


def _place_on_new_strip(page: pikepdf.Page, width: float, height: float) -> Matrix:
    """Make the page longer below by the stamp's height (and wider where the stamp is)."""
    box, turn = visible_box(page), turn_of(page)
    wide, tall = turned_size(turn, box.width, box.height)
    to_user = undo(as_shown(box, turn))
    wider, taller = max(wide, width + 2 * _EDGE), tall + height + 2 * _EDGE
    x, y, across, up = bounds(to_user, 0, 0, wider, taller)
    page.mediabox = pikepdf.Array([round(side, 4) for side in (x, y, x + across, y + up)])
    place = Zone(_millimetres(wider - _EDGE - width), _millimetres(tall + _EDGE))
    return _place(page, place, width, height)
