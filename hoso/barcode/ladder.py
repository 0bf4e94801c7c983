"""Reading one spot of a page by every means, the likeliest first.

A bar code is first weighed as a whole (`soft`), which reads our own codes down to bars of a pixel;
the rest is for what others print, and for symbols that are torn, creased or written over.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.barcode.bars import bar_line
from hoso.barcode.code import Foreign, Symbology, interpret
from hoso.barcode.engines import Grey, Sighting, upright, zbar, zxing
from hoso.barcode.soft import read_softly
from hoso.barcode.suspects import Suspect

# Bars of fewer pixels are mistaken now and then in a way that Code 128's own check digit (103 to 1)
# lets through: 6 of 200 stamps at 150 dpi were read as another dossier's code.
_SURE_MODULE_PIXELS = 2.2
_CHARACTER_MODULES = 11  # start, check and stop make the symbol seem a little wider

_MARGIN_MM = 9.0  # round a spot: quiet zones, and what the window of the evidence cuts off
_ENLARGED_DPI = 450.0
_LEAST_ENLARGED = 1.2  # times; less is not worth a rung
_BLUR_PIXELS, _SHARPENING = 3.5, 2.5  # of an enlarged patch
_LEAST_BAR_MM, _LEAST_BARS = 4.0, 15  # the shortest label has 22


@dataclass(frozen=True, slots=True)
class Climb:
    """What a spot says, the rung that read it; or that a symbol seems to stand there unread."""

    read: Sequence[Sighting] = ()
    rung: str = ""
    unread: bool = False


def climb(grey: Grey, spot: Suspect, dpi: float, *, heard: Collection[str] = ()) -> Climb:
    """Read a spot; the first rung that is sure has the word, fine bars take two that agree.

    `heard` are the texts that a plain look read here and was not sure of.
    """
    patch = _Patch.cut(grey, spot, dpi)
    texts, torn = set(heard), False
    for rung in _LADDERS[spot.symbology]:
        seen = rung.look(patch)
        read = [code for code in seen if code.text is not None]
        if read and all(rung.is_sure(code) or code.text in texts for code in read):
            return Climb(read, rung.name)
        texts |= {code.text for code in read if code.text is not None}
        torn = torn or len(read) < len(seen)
    return Climb(unread=torn or bool(texts) or (spot.symbology == "Code128" and _holds_bars(patch)))


def is_sure(code: Sighting) -> bool:
    """Whether one reading is enough: QR corrects errors, and wide bars are not mistaken."""
    if code.text is None:
        return False
    modules = _CHARACTER_MODULES * len(code.text)
    return code.symbology != "Code128" or code.length / modules >= _SURE_MODULE_PIXELS


@dataclass(frozen=True, slots=True)
class _Patch:
    """A spot cut out, its bars upright; `back` (2×3) takes its points to the page's."""

    grey: Grey
    dpi: float
    back: NDArray[np.float64]

    @classmethod
    def cut(cls, grey: Grey, spot: Suspect, dpi: float) -> "_Patch":
        margin = 2 * _MARGIN_MM * dpi / 25.4
        width, height = spot.width + margin, spot.height + margin
        turn = cv2.getRotationMatrix2D((spot.x, spot.y), spot.angle, 1.0)
        turn[:, 2] += np.array([width / 2 - spot.x, height / 2 - spot.y])
        size = (round(width), round(height))
        set_up = cv2.warpAffine(grey, turn, size, flags=cv2.INTER_CUBIC, borderValue=(255.0,))
        return cls(set_up.astype(np.uint8), dpi, cv2.invertAffineTransform(turn).astype(float))

    def enlarged(self) -> "_Patch":
        scale = _ENLARGED_DPI / self.dpi
        larger = cv2.resize(self.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        back = self.back @ np.diag([1 / scale, 1 / scale, 1.0])
        return _Patch(larger.astype(np.uint8), _ENLARGED_DPI, back)


Reader = Callable[[Grey], Sequence[Sighting]]
Filter = Callable[[Grey], Grey]


@dataclass(frozen=True, slots=True)
class _Rung:
    """One way to look at a patch."""

    name: str
    read: Reader
    enlarged: bool = False
    always_sure: bool = False

    def look(self, patch: _Patch) -> list[Sighting]:
        """What it sees, on the page's pixels."""
        if self.enlarged:
            if patch.dpi * _LEAST_ENLARGED > _ENLARGED_DPI:
                return []
            patch = patch.enlarged()
        return [code.moved(patch.back) for code in self.read(patch.grey)]

    def is_sure(self, code: Sighting) -> bool:
        return self.always_sure or is_sure(code)


def _softly(grey: Grey) -> list[Sighting]:
    """One of our own codes; what else so soft a reading gives is not believed."""
    line = bar_line(grey)
    read = read_softly(line.darkness) if line else None
    if line is None or read is None or isinstance(interpret("Code128", read.text), Foreign):
        return []
    return [upright("Code128", read.text, (read.begins, line.top, read.ends, line.bottom))]


def _as_it_is(grey: Grey) -> Grey:
    return grey


def _zxing(only: Symbology, prepare: Filter = _as_it_is) -> Reader:
    return lambda grey: zxing(prepare(grey), only)


def _zxing_in_every_size(only: Symbology) -> Reader:
    return lambda grey: zxing(grey, only, every_size=True)


def _zbar(only: Symbology, prepare: Filter = _as_it_is) -> Reader:
    return lambda grey: zbar(prepare(grey), only)


def _smoothed(grey: Grey) -> Grey:
    return cv2.GaussianBlur(grey, (0, 0), 0.7).astype(np.uint8)


def _holds_bars(patch: _Patch) -> bool:
    """Whether there are many bars, and rows say the same for as long as print never does."""
    line = bar_line(patch.grey)
    if line is None or line.bars < _LEAST_BARS:
        return False
    return (line.bottom - line.top) * 25.4 / patch.dpi >= _LEAST_BAR_MM


def _sharpened(grey: Grey) -> Grey:
    """An enlarged patch as if it had been in focus."""
    # Dense QR codes of 17 mm, badly scanned at 150 dpi: 14 of 24 are read without this, 20 with.
    soft = cv2.GaussianBlur(grey, (0, 0), _BLUR_PIXELS)
    return cv2.addWeighted(grey, 1 + _SHARPENING, soft, -_SHARPENING, 0).astype(np.uint8)


def _ladder(symbology: Symbology) -> Sequence[_Rung]:
    """In the order of what they cost for what they find."""
    return (
        _Rung("upright", _zxing(symbology)),
        _Rung("smooth", _zxing(symbology, _smoothed)),
        _Rung("sharpened", _zxing(symbology, _sharpened), enlarged=True),
        _Rung("enlarged", _zxing_in_every_size(symbology), enlarged=True),
        _Rung("zbar", _zbar(symbology)),
        _Rung("zbar sharpened", _zbar(symbology, _sharpened), enlarged=True),
    )


_LADDERS: dict[Symbology, Sequence[_Rung]] = {
    "Code128": (_Rung("weighed", _softly, always_sure=True), *_ladder("Code128")),
    "QRCode": _ladder("QRCode"),
}
