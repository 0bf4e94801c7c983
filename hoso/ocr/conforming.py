"""Pages made fit for PDF/A: left as they are where they can be, else replaced by their picture."""

import zlib
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from pikepdf import Dictionary, Name

from hoso.imaging.page import Pixels
from hoso.imaging.pages import load_page
from hoso.ocr.geometry import operands, shift
from hoso.ocr.pdfa import is_fit, make_fit

_PICTURE_DPI = 300.0
# Drawn pages are small without loss; photographs are not, and were JPEG before.
_JPEG_QUALITY = 90
_MUCH_SMALLER = 3
_PICTURE = Name("/HosoPicture")
_KEPT = {
    "/Type",
    "/Parent",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/UserUnit",
    "/Resources",
    "/Contents",
    "/Group",
}


def strip_extras(page: pikepdf.Page) -> None:
    """Take off all that is not the page's own picture: actions, notes, private data, thumbnails."""
    for key in set(page.obj.keys()) - _KEPT:
        del page.obj[key]


def conforms(page: pikepdf.Page) -> bool:
    """Whether the page alone, with the usual repairs, is PDF/A-2b: fonts embedded and so on."""
    with pikepdf.new() as alone:
        alone.pages.append(page)
        make_fit(alone)
        return is_fit(alone)


def replace_by_picture(page: pikepdf.Page, pdf: pikepdf.Pdf, source: Path, number: int) -> None:
    """Show the page's picture instead of its content; what is seen stays the same.

    `page` lies in `pdf`; it is a copy of page `number` (from 1) of `source`.
    """
    loaded = load_page(source, number, dpi=_PICTURE_DPI)
    pixels: Pixels = loaded.image.pixels
    height, width = pixels.shape[:2]
    unit_square = np.diag([width, -height, 1.0])
    place = loaded.to_points @ shift(0, height) @ unit_square
    page.obj.Resources = Dictionary(XObject=Dictionary({str(_PICTURE): _image(pdf, pixels)}))
    page.obj.Contents = pdf.make_stream(f"q {operands(place)} cm {_PICTURE} Do Q".encode())


def _image(pdf: pikepdf.Pdf, pixels: Pixels) -> pikepdf.Object:
    """The pixels (grey, or blue, green, red) without loss, or as JPEG where that saves much."""
    coloured = pixels.ndim == 3  # noqa: PLR2004 - rows, columns, colours
    samples = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB) if coloured else pixels
    packed, how = zlib.compress(samples.tobytes()), Name.FlateDecode
    jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()
    if _MUCH_SMALLER * len(jpeg) < len(packed):
        packed, how = jpeg, Name.DCTDecode
    image = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image)
    image.write(packed, filter=how)
    image[Name.Width], image[Name.Height] = pixels.shape[1], pixels.shape[0]
    image[Name.ColorSpace] = Name.DeviceRGB if coloured else Name.DeviceGray
    image[Name.BitsPerComponent] = 8
    return image
