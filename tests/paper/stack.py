"""The files a scanner sends: a JPEG a page in PDF, or a TIFF of many pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import img2pdf
import pikepdf
from PIL import Image

from hoso.imaging.page import PageImage, Pixels
from tests.paper.optics import jpeg


@dataclass(frozen=True)
class ScanPage:
    """A page as it left the scanner: H×W grey or H×W×3 BGR pixels at `dpi`, JPEG quality 1–100.

    `bilevel` pages are grey with 0 and 255 only; scanners send them as CCITT G4, not as JPEG.
    """

    pixels: Pixels
    dpi: float
    quality: int = 75
    bilevel: bool = False

    @property
    def image(self) -> PageImage:
        """The page as readers of paper take it."""
        return PageImage(self.pixels, self.dpi)


def write_pdf(pages: Sequence[ScanPage], path: Path) -> None:
    """One JPEG a page (G4 if bilevel), each page as large as its pixels at its resolution."""
    pictures = [_as_fax(page) if page.bilevel else _as_jpeg(page) for page in pages]
    made = img2pdf.convert(pictures, nodate=True, producer="", engine=img2pdf.Engine.pikepdf)
    # An id from the contents and no date: the same pages give the same bytes, and the same hash.
    with pikepdf.open(BytesIO(made)) as pdf:
        del pdf.trailer.ID
        pdf.save(path, deterministic_id=True)


def write_tiff(pages: Sequence[ScanPage], path: Path, compression: str = "tiff_lzw") -> None:
    """All pages in one TIFF; `compression` as Pillow names it (`group4` makes them bilevel)."""
    pictures = [_as_picture(page) for page in pages]
    if compression == "group4":
        pictures = [
            picture.convert("L").point(_black_or_white).convert("1") for picture in pictures
        ]
    # Pillow gives later pages the first one's resolution unless each carries its own.
    for picture, page in zip(pictures, pages, strict=True):
        picture.encoderinfo = {"compression": compression, "dpi": (page.dpi, page.dpi)}
    dpi = (pages[0].dpi, pages[0].dpi)
    pictures[0].save(
        path, "TIFF", save_all=True, append_images=pictures[1:], compression=compression, dpi=dpi
    )


def write_jpeg(page: ScanPage, path: Path, *, claimed_dpi: int | None = None) -> None:
    """One picture as phones send it: without its resolution, or with one that is not true."""
    tag = {} if claimed_dpi is None else {"dpi": (claimed_dpi, claimed_dpi)}
    _as_picture(page).save(path, "JPEG", quality=page.quality, **tag)


def _as_fax(page: ScanPage) -> bytes:
    """CCITT G4 in a TIFF of its own."""
    file, dpi = BytesIO(), (page.dpi, page.dpi)
    _as_picture(page).convert("1").save(file, "TIFF", compression="group4", dpi=dpi)
    return file.getvalue()


def _as_jpeg(page: ScanPage) -> bytes:
    """JPEG with its resolution in the header, which is where img2pdf finds the page's size."""
    encoded = bytearray(jpeg(page.pixels, page.quality))
    dpi = round(page.dpi)
    # OpenCV begins with a JFIF header of unit "none", 1×1: bytes 13 to 17.
    encoded[13:18] = bytes([1]) + dpi.to_bytes(2, "big") * 2
    return bytes(encoded)


def _as_picture(page: ScanPage) -> Image.Image:
    pixels = page.pixels if page.pixels.ndim == 2 else page.pixels[:, :, ::-1]
    return Image.fromarray(pixels)


def _black_or_white(level: int) -> int:
    return 255 if level > 150 else 0
