"""The two readers, zxing-cpp and zbar: a picture in, what they read out. Nothing else knows them.

Only the two symbologies that we print are asked for: others give phantom values. The text of a QR
is decoded here, from its bytes: both libraries guess where no character set is named.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from hoso.barcode.code import Symbology
from hoso.barcode.zbar import CODE128, QR, zbar_symbols

Grey = NDArray[np.uint8]
Box = tuple[float, float, float, float]
Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]

_CODE128, _QR = zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode
_ZXING_FORMATS: dict[Symbology | None, zxingcpp.BarcodeFormats] = {
    None: zxingcpp.BarcodeFormats([_CODE128, _QR]),
    "Code128": zxingcpp.BarcodeFormats([_CODE128]),
    "QRCode": zxingcpp.BarcodeFormats([_QR]),
}
# zbar counts the scan lines that agree on a bar code. One or two may be a chance reading of
# noise, with check digit 103 to 1 against it.
_ZBAR_LEAST_LINES = 4


@dataclass(frozen=True, slots=True)
class Sighting:
    """A symbol as a reader saw it; `text` is None where it stands but could not be made out.

    `corners` go round it, in the picture's pixels.
    """

    symbology: Symbology
    text: str | None
    corners: Corners

    @property
    def box(self) -> Box:
        """The upright box round it: x0, y0, x1, y1."""
        return bounds(np.array(self.corners))

    @property
    def length(self) -> float:
        """Its longer side."""
        ring = np.array([*self.corners, self.corners[0]])
        return float(np.hypot(*np.diff(ring, axis=0).T).max())

    def moved(self, matrix: NDArray[np.float64]) -> "Sighting":
        """The same on another picture; `matrix` (2×3) takes this one's points there."""
        return replace(
            self, corners=_corners(np.array(self.corners) @ matrix[:, :2].T + matrix[:, 2])
        )


def upright(symbology: Symbology, text: str | None, box: Box) -> Sighting:
    """A sighting that is its own box."""
    x0, y0, x1, y1 = box
    return Sighting(symbology, text, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def _corners(points: NDArray[np.float64]) -> Corners:
    first, second, third, fourth = ((float(x), float(y)) for x, y in points)
    return first, second, third, fourth


def zxing(grey: Grey, only: Symbology | None = None, *, every_size: bool = False) -> list[Sighting]:
    """What zxing-cpp sees in an H×W picture, in any direction; `every_size` also shrinks it."""
    # Inverting costs a fifth of the time and found nothing more (light to hard), shrinking a third.
    seen = zxingcpp.read_barcodes(
        grey,
        formats=_ZXING_FORMATS[only],
        try_invert=False,
        try_downscale=every_size,
        return_errors=True,
    )
    return [_from_zxing(code) for code in seen]


def _from_zxing(code: Any) -> Sighting:
    symbology: Symbology = "Code128" if code.format == _CODE128 else "QRCode"
    corners = code.position
    points = (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
    ring = _corners(np.array([(point.x, point.y) for point in points]))
    return Sighting(symbology, _zxing_text(code) if code.valid else None, ring)


def _zxing_text(code: Any) -> str:
    """UTF-8 where the bytes are that; else what zxing-cpp makes of them."""
    decoded = utf8(code.bytes) if code.format == _QR else None
    return str(code.text) if decoded is None else decoded


def zbar(grey: Grey, only: Symbology) -> list[Sighting]:
    """What zbar sees in an H×W picture; doubtful readings are left out."""
    least = _ZBAR_LEAST_LINES if only == "Code128" else 0
    seen = zbar_symbols(grey, CODE128 if only == "Code128" else QR)
    texts = ((utf8(symbol.data), symbol) for symbol in seen if symbol.lines >= least)
    return [upright(only, text, symbol.box) for text, symbol in texts if text is not None]


def utf8(data: bytes) -> str | None:
    """The bytes as UTF-8, None when they are not."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def bounds(points: NDArray[np.float64]) -> Box:
    """The box round n×2 points."""
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)
