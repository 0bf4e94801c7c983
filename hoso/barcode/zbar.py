"""zbar through pyzbar's own functions, asked for a QR's bytes rather than for its guess at them.

`pyzbar.decode` hands out text in the character set that zbar guessed, Shift-JIS or Big5 for a
third of Vietnamese names, and raises on a QR that continues another one (it has no name for what
zbar says of those).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_void_p, string_at
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyzbar import wrapper

CODE128, QR = wrapper.ZBarSymbol.CODE128.value, wrapper.ZBarSymbol.QRCODE.value
_EVERY = 0
_BINARY = 4  # ZBAR_CFG_BINARY, since zbar 0.23.1; pyzbar's list of settings is older
_GREY = int.from_bytes(b"Y800", "little")


@dataclass(frozen=True, slots=True)
class ZbarSymbol:
    """A symbol as zbar gives it; `lines` is how many scan lines agreed on a bar code."""

    data: bytes
    lines: int
    box: tuple[float, float, float, float]


def zbar_symbols(grey: NDArray[np.uint8], symbology: int) -> list[ZbarSymbol]:
    """The symbols of one kind (`CODE128` or `QR`) in an H×W picture."""
    pixels = np.ascontiguousarray(grey, dtype=np.uint8)
    with _scanner(symbology) as scanner, _image(pixels) as image:
        wrapper.zbar_scan_image(scanner, image)
        return list(_found(image, symbology))


@contextmanager
def _scanner(symbology: int) -> Iterator[Any]:
    scanner = wrapper.zbar_image_scanner_create()
    try:
        for kind, setting, value in (
            (_EVERY, wrapper.ZBarConfig.CFG_ENABLE, 0),
            (symbology, wrapper.ZBarConfig.CFG_ENABLE, 1),
            (symbology, _BINARY, int(symbology == QR)),
        ):
            wrapper.zbar_image_scanner_set_config(scanner, kind, setting, value)
        yield scanner
    finally:
        wrapper.zbar_image_scanner_destroy(scanner)


@contextmanager
def _image(pixels: NDArray[np.uint8]) -> Iterator[Any]:
    image = wrapper.zbar_image_create()
    try:
        wrapper.zbar_image_set_format(image, _GREY)
        wrapper.zbar_image_set_size(image, pixels.shape[1], pixels.shape[0])
        wrapper.zbar_image_set_data(image, c_void_p(pixels.ctypes.data), pixels.size, None)
        yield image
    finally:
        wrapper.zbar_image_destroy(image)


def _found(image: Any, symbology: int) -> Iterator[ZbarSymbol]:
    symbol = wrapper.zbar_image_first_symbol(image)
    while symbol:
        if symbol.contents.type == symbology:
            length = wrapper.zbar_symbol_get_data_length(symbol)
            data = string_at(wrapper.zbar_symbol_get_data(symbol), length)
            yield ZbarSymbol(data, wrapper.zbar_symbol_get_quality(symbol), _box(symbol))
        symbol = wrapper.zbar_symbol_next(symbol)


def _box(symbol: Any) -> tuple[float, float, float, float]:
    corners = range(wrapper.zbar_symbol_get_loc_size(symbol))
    xs = [wrapper.zbar_symbol_get_loc_x(symbol, corner) for corner in corners] or [0]
    ys = [wrapper.zbar_symbol_get_loc_y(symbol, corner) for corner in corners] or [0]
    return min(xs), min(ys), max(xs), max(ys)
