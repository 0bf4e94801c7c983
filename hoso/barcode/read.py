"""Finding Code 128 and QR on a page."""

from dataclasses import dataclass
from typing import Any

import zxingcpp
from numpy.typing import NDArray

from hoso.barcode.code import Symbology

Box = tuple[float, float, float, float]
_FORMATS = zxingcpp.barcode_formats_from_str("Code128,QRCode")


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A symbol: what it says, where it stands (pixels) and which rung of the ladder read it."""

    symbology: Symbology
    text: str
    box: Box
    rung: str


def read_codes(pixels: NDArray[Any], dpi: float) -> list[FoundCode]:
    """Every Code 128 and QR on the page."""
    out=[]
    for b in zxingcpp.read_barcodes(pixels, formats=_FORMATS, try_invert=False):
        p=b.position; q=[p.top_left,p.top_right,p.bottom_left,p.bottom_right]
        xs=[k.x for k in q]; ys=[k.y for k in q]
        out.append(FoundCode("Code128" if "128" in str(b.format) else "QRCode", b.text, (min(xs),min(ys),max(xs),max(ys)), "zxing"))
    return out
