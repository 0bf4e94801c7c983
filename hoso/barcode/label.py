"""The dossier's code as a stamp, to be placed in a free margin of an archived page."""

from datetime import UTC, datetime, time

from hoso.barcode.code import DossierCode
from hoso.barcode.draw import draw_code128
from hoso.barcode.typeset import TEMPLATES_DIR, as_input, typeset_pdf

# Margins are narrow: the least bars and height that office scanners read.
_STAMP_MODULE_MM = 0.25
_STAMP_HEIGHT_MM = 10.0


def stamp_pdf(code: DossierCode) -> bytes:
    """A one-page PDF/A of the stamp's own size: 66 mm × 14.2 mm for a code of 21 characters.

    Code 128 with its quiet zones, the code in text beneath, all vectors.
    """
    drawing = draw_code128(str(code), module_mm=_STAMP_MODULE_MM, height_mm=_STAMP_HEIGHT_MM)
    day = datetime.combine(code.received_on, time(), tzinfo=UTC)
    data = {"code": str(code), "barcode": as_input(drawing)}
    return typeset_pdf(TEMPLATES_DIR / "stamp.typ", data, at=day)
