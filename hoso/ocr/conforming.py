"""Pages made fit for PDF/A: left as they are where they can be, else replaced by their picture."""

from pathlib import Path

import cv2
import numpy as np
import pikepdf
from pikepdf import Dictionary, Name

from hoso.imaging.page import Pixels
from hoso.imaging.pages import load_page
from hoso.ocr.geometry import operands, shift
from hoso.ocr.pdfa import is_fit, make_fit

# Enough for print and small enough to keep: such pages were drawn, not scanned.
_PICTURE_DPI = 200.0
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
    """The pixels (grey, or blue, green, red) as a losslessly compressed image."""
    coloured = pixels.ndim == 3  # noqa: PLR2004 - rows, columns, colours
    samples = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB) if coloured else pixels
    image = pdf.make_stream(samples.tobytes())
    image.stream_dict.Type, image.stream_dict.Subtype = Name.XObject, Name.Image
    image[Name.Width], image[Name.Height] = pixels.shape[1], pixels.shape[0]
    image[Name.ColorSpace] = Name.DeviceRGB if coloured else Name.DeviceGray
    image[Name.BitsPerComponent] = 8
    return image
