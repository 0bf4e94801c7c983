"""Finding Code 128 and QR on a page: a plain look at all of it, harder looks where it pays.

A ladder, because no reading finds everything: zxing-cpp over the page, then, only at spots that
look like a code and gave none, the spot straightened, enlarged, smoothed, and zbar's opinion.
Only the two symbologies that we print are asked for: others give phantom values.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar

from hoso.barcode.code import Symbology
from hoso.barcode.suspects import Grey, Suspect, suspects
from hoso.text import fold, nfc

Box = tuple[float, float, float, float]

_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode])
_ZBAR_SYMBOLS = (pyzbar.ZBarSymbol.CODE128, pyzbar.ZBarSymbol.QRCODE)
_ZBAR_NAMES: dict[str, Symbology] = {"CODE128": "Code128", "QRCODE": "QRCode"}

# zbar counts the scan lines that agree on a bar code. One or two may be a chance reading of
# noise, with check digit 103 to 1 against it.
_ZBAR_LEAST_LINES = 4

# Bars of fewer pixels are mistaken now and then in a way that Code 128's own check digit (103 to 1)
# lets through: 6 of 200 stamps at 150 dpi were read as another dossier's code.
_SURE_MODULE_PIXELS = 2.2
_SYMBOL_MODULES = 11  # a character's; start, check and stop make the symbol seem a little wider

_MARGIN_MM = 9.0  # round a spot: quiet zones, and what the window of the evidence cuts off
_LEAST_TILT = 2.0  # degrees that both readers bear without trouble


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A symbol: what it says, where it stands and which rung of the ladder read it.

    `box` is x0, y0, x1, y1 in the page's pixels. The text may be anybody's: it is not for logs.
    """

    symbology: Symbology
    text: str
    box: Box
    rung: str


def read_codes(pixels: NDArray[Any], dpi: float) -> list[FoundCode]:
    """Every Code 128 and QR on the page, from top to bottom; the same symbol once.

    `pixels` is H×W or H×W×3 (blue, green, red), 8 bits; `dpi` the page's dots per inch.
    """
    grey = _grey(pixels)
    seen = [replace(code, rung="page") for code in _zxing(grey)]
    found = [code for code in seen if _is_sure(code) or _is_confirmed(code, grey, dpi)]
    for suspect in suspects(grey, dpi):
        if not any(_holds(code.box, suspect, _MARGIN_MM * dpi / 25.4) for code in found):
            found += _climb(_Patch.cut(grey, suspect, dpi))
    return sorted(_once(found), key=lambda code: (code.box[1], code.box[0]))


@dataclass(frozen=True, slots=True)
class _Patch:
    """A spot cut out and set upright; `back` (2×3) takes its points to the page's."""

    grey: Grey
    back: NDArray[np.float64]

    @classmethod
    def cut(cls, grey: Grey, suspect: Suspect, dpi: float) -> "_Patch":
        tilt = suspect.tilt if abs(suspect.tilt) >= _LEAST_TILT else 0.0
        margin = 2 * _MARGIN_MM * dpi / 25.4
        width, height = suspect.x1 - suspect.x0 + margin, suspect.y1 - suspect.y0 + margin
        middle = ((suspect.x0 + suspect.x1) / 2, (suspect.y0 + suspect.y1) / 2)
        turn = cv2.getRotationMatrix2D(middle, tilt, 1.0)
        turn[:, 2] += np.array([width / 2 - middle[0], height / 2 - middle[1]])
        size = (round(width), round(height))
        upright = cv2.warpAffine(grey, turn, size, flags=cv2.INTER_CUBIC, borderValue=(255.0,))
        return cls(upright.astype(np.uint8), cv2.invertAffineTransform(turn).astype(np.float64))

    def on_page(self, box: Box, scale: float) -> Box:
        """A box in this patch (enlarged by `scale`), as the page's box round it."""
        x0, y0, x1, y1 = (side / scale for side in box)
        corners = np.array([(x, y, 1.0) for x in (x0, x1) for y in (y0, y1)]) @ self.back.T
        return _bounds(corners)


def _is_sure(code: FoundCode) -> bool:
    """Whether one reading is enough: QR corrects errors, and wide bars are not mistaken."""
    if code.symbology != "Code128":
        return True
    (x0, y0, x1, y1), symbols = code.box, len(code.text)
    return max(x1 - x0, y1 - y0) / (_SYMBOL_MODULES * symbols) >= _SURE_MODULE_PIXELS


def _is_confirmed(code: FoundCode, grey: Grey, dpi: float) -> bool:
    """Whether another look at the same spot reads the same text."""
    x0, y0, x1, y1 = (round(side) for side in code.box)
    patch = _Patch.cut(grey, Suspect(x0, y0, x1, y1, tilt=0.0), dpi)
    looks = (look.look(patch) for look in _SECOND_LOOKS)
    return any(code.text == other.text for found in looks for other in found)


Reader = Callable[[Grey], list[FoundCode]]
Filter = Callable[[Grey], Grey]


@dataclass(frozen=True, slots=True)
class _Rung:
    """One way to look at a spot: enlarged by `scale`, filtered, then read."""

    name: str
    read: Reader
    scale: float = 1.0
    filtered: Filter | None = None

    def look(self, patch: _Patch) -> list[FoundCode]:
        grey = patch.grey
        if self.scale != 1:
            grey = cv2.resize(
                grey, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_CUBIC
            ).astype(np.uint8)
        codes = self.read(self.filtered(grey) if self.filtered else grey)
        return [
            replace(code, box=patch.on_page(code.box, self.scale), rung=self.name) for code in codes
        ]


def _climb(patch: _Patch) -> list[FoundCode]:
    """The first rung that reads anything here has the word; fine bars take two that agree."""
    read: set[str] = set()
    for rung in _LADDER:
        found = rung.look(patch)
        if found and all(_is_sure(code) or code.text in read for code in found):
            return found
        read |= {code.text for code in found}
    return []


def _zxing(grey: Grey) -> list[FoundCode]:
    # Downscaling and inverting cost a third of the time and found nothing more (light to hard).
    read = zxingcpp.read_barcodes(grey, formats=_FORMATS, try_invert=False, try_downscale=False)
    return [_from_zxing(code) for code in read]


def _zxing_downscaling(grey: Grey) -> list[FoundCode]:
    read = zxingcpp.read_barcodes(grey, formats=_FORMATS, try_invert=False)
    return [_from_zxing(code) for code in read]


def _from_zxing(code: Any) -> FoundCode:
    corners = code.position
    points = (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
    linear = code.format == zxingcpp.BarcodeFormat.Code128
    box = _bounds(np.array([(point.x, point.y) for point in points], dtype=np.float64))
    return FoundCode("Code128" if linear else "QRCode", code.text, box, "")


def _zbar(grey: Grey) -> list[FoundCode]:
    try:
        read = pyzbar.decode(grey, symbols=_ZBAR_SYMBOLS)
    except ValueError:
        return []  # pyzbar's answer to a QR that continues another one; we print none
    codes = (_from_zbar(code) for code in read if code.type in _ZBAR_NAMES)
    return [code for code in codes if code is not None]


def _from_zbar(code: Any) -> FoundCode | None:
    symbology = _ZBAR_NAMES[code.type]
    text = code.data.decode("utf-8", "replace")
    doubtful = code.quality < _ZBAR_LEAST_LINES if symbology == "Code128" else _is_garbled(text)
    if doubtful:
        return None
    x, y, width, height = code.rect
    return FoundCode(symbology, text, (x, y, x + width, y + height), "")


def _is_garbled(text: str) -> bool:
    """Whether zbar guessed the character set wrong, as it does where none is named.

    UTF-8 read as anything else always leaves a character that Vietnamese does not have: no
    continuation byte is one of its letters in any set that zbar tries.
    """
    return not fold(text).isascii() or any(
        not letter.isascii() and not letter.isalpha() for letter in nfc(text)
    )


def _smoothed(grey: Grey) -> Grey:
    return cv2.GaussianBlur(grey, (0, 0), 0.7).astype(np.uint8)


# In the order of what they cost for what they find.
_LADDER = (
    _Rung("upright", _zxing),
    _Rung("smooth", _zxing, filtered=_smoothed),
    _Rung("upright×1.5", _zxing, 1.5),
    _Rung("upright×2", _zxing_downscaling, 2.0),
    _Rung("zbar", _zbar),
    _Rung("zbar×2", _zbar, 2.0),
)


_SECOND_LOOKS = (
    _Rung("twice", _zxing_downscaling, 2.0),
    _Rung("thrice", _zxing, 3.0, _smoothed),
    _Rung("zbar×2", _zbar, 2.0),
)


def _grey(pixels: NDArray[Any]) -> Grey:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)  # noqa: PLR2004  # rows and columns only
    return np.ascontiguousarray(grey, dtype=np.uint8)


def _bounds(points: NDArray[np.float64]) -> Box:
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _holds(box: Box, suspect: Suspect, margin: float) -> bool:
    """Whether the suspect's middle lies in or just beside a symbol that was read."""
    x, y = (suspect.x0 + suspect.x1) / 2, (suspect.y0 + suspect.y1) / 2
    return box[0] - margin < x < box[2] + margin and box[1] - margin < y < box[3] + margin


def _once(codes: Iterable[FoundCode]) -> list[FoundCode]:
    """One of each symbol: the same text in touching boxes is the same ink, seen twice."""
    kept: list[FoundCode] = []
    for code in codes:
        if not any(_is_same(code, other) for other in kept):
            kept.append(code)
    return kept


def _is_same(one: FoundCode, other: FoundCode) -> bool:
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = one.box, other.box
    touching = ax0 <= bx1 and bx0 <= ax1 and ay0 <= by1 and by0 <= ay1
    return touching and (one.symbology, one.text) == (other.symbology, other.text)
