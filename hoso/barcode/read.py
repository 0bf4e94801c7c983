"""Finding Code 128 and QR on a page."""
from dataclasses import dataclass
from typing import Any
from numpy.typing import NDArray
import zxingcpp
@dataclass
class FoundCode:
    symbology: str
    text: str
def read_codes(pixels: NDArray[Any], dpi: float) -> list[FoundCode]:
    return [FoundCode("Code128" if "128" in str(b.format) else "QRCode", b.text) for b in zxingcpp.read_barcodes(pixels)]
