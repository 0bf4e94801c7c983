"""The picture of a scanned page taken out of its PDF as the scanner wrote it, without rendering.

Handing out the scanner's own JPEG takes 20 ms where rendering takes 200, and loses nothing.
"""

import math
from typing import Any, Final

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

from hoso.imaging.content import Placed
from hoso.imaging.geometry import POINTS_PER_INCH, Box, Picture

# A page half as sharp again as wished is still worth its full decode; from here on half will do.
_HALVE_FROM = 1.8
_UNEQUAL = 1.02
_AXIS_SLACK = 0.002

# What pikepdf hands out faithfully. JBIG2 needs a program that is not everywhere and JPEG 2000
# a decoder that may differ from the viewer's; Poppler renders both.
_PLAIN_FILTERS: Final = {
    "/FlateDecode",
    "/LZWDecode",
    "/RunLengthDecode",
    "/CCITTFaxDecode",
    "/ASCII85Decode",
    "/ASCIIHexDecode",
}
_COMPONENTS: Final = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}


def take_out(placed: Placed, *, dpi: float | None) -> Picture | None:
    """The scanned picture as it lies on the page; None: it must be rendered.

    With a wished `dpi` a picture much sharper than that is handed out at a half, a quarter or
    an eighth of its size.
    """
    if not _is_plain(placed.picture) or not _is_upright(placed.matrix):
        return None
    decode = _jpeg if _filters(placed.picture) == ["/DCTDecode"] else _other
    pixels = decode(placed.picture, _shrink(placed, dpi))
    if pixels is None:
        return None
    return Picture(_square(_turned(pixels, placed.matrix), placed.box), placed.box)


def _is_plain(picture: pikepdf.Stream) -> bool:
    """Whether its samples are its colours: no mask, no inversion, no exotic ink or packing."""
    masked = "/SMask" in picture or "/Mask" in picture or bool(picture.get("/ImageMask", False))
    mapped = [float(bound) for bound in picture.get("/Decode", ())]
    if masked or mapped not in ([], [0.0, 1.0], [0.0, 1.0] * 3):
        return False
    return _is_plain_jpeg(picture) or _is_plain_raster(picture)


def _is_plain_jpeg(picture: pikepdf.Stream) -> bool:
    # CMYK is not: whether Adobe's inversion applies is for a renderer to know.
    plain = _components(picture.get("/ColorSpace")) is not None
    return plain and _filters(picture) == ["/DCTDecode"] and "/DecodeParms" not in picture


def _is_plain_raster(picture: pikepdf.Stream) -> bool:
    colours = picture.get("/ColorSpace")
    if isinstance(colours, pikepdf.Array) and colours[0] == "/Indexed":
        colours = colours[1]
    return _components(colours) is not None and set(_filters(picture)) <= _PLAIN_FILTERS


def _filters(picture: pikepdf.Stream) -> list[str]:
    named = picture.get("/Filter", pikepdf.Array())
    return [str(one) for one in (named if isinstance(named, pikepdf.Array) else [named])]


def _is_upright(matrix: pikepdf.Matrix) -> bool:
    """Whether the picture lies along the page's edges (also turned by quarters or mirrored)."""
    a, b, c, d, _, _ = matrix.shorthand
    slack = _AXIS_SLACK * max(map(abs, (a, b, c, d)))
    return max(abs(b), abs(c)) <= slack or max(abs(a), abs(d)) <= slack


def _components(colours: Any) -> int | None:
    """How many plain components a grey or RGB colour space has; None for all others."""
    if isinstance(colours, pikepdf.Array) and colours[0] == "/ICCBased":
        components = int(colours[1].N)
        return components if components in _COMPONENTS.values() else None
    family = colours[0] if isinstance(colours, pikepdf.Array) else colours
    return _COMPONENTS.get(str(family))


def _shrink(placed: Placed, dpi: float | None) -> int:
    """By how much the picture may be reduced and still serve the wish: 1, 2, 4 or 8."""
    if dpi is None:
        return 1
    picture, box = placed.picture, placed.box
    area = int(picture.Width) * int(picture.Height) / (box.width * box.height)
    spare = POINTS_PER_INCH * math.sqrt(area) / dpi
    return next((by for by in (8, 4, 2) if spare >= by / 2 * _HALVE_FROM), 1)


_JPEG_FLAGS: Final = {
    (1, 1): cv2.IMREAD_GRAYSCALE,
    (1, 2): cv2.IMREAD_REDUCED_GRAYSCALE_2,
    (1, 4): cv2.IMREAD_REDUCED_GRAYSCALE_4,
    (1, 8): cv2.IMREAD_REDUCED_GRAYSCALE_8,
    (3, 1): cv2.IMREAD_COLOR,
    (3, 2): cv2.IMREAD_REDUCED_COLOR_2,
    (3, 4): cv2.IMREAD_REDUCED_COLOR_4,
    (3, 8): cv2.IMREAD_REDUCED_COLOR_8,
}


def _jpeg(picture: pikepdf.Stream, shrink: int) -> NDArray[np.uint8] | None:
    """The scanner's JPEG; libjpeg itself gives a half, which is quicker than the whole."""
    components = _components(picture.get("/ColorSpace"))
    # The PDF's own turn counts, not the one a camera wrote into the JPEG.
    flags = _JPEG_FLAGS[components or 3, shrink] | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        pixels = cv2.imdecode(np.frombuffer(picture.read_raw_bytes(), np.uint8), flags)
    except cv2.error:
        return None
    return None if pixels is None else np.asarray(pixels, np.uint8)


def _other(picture: pikepdf.Stream, shrink: int) -> NDArray[np.uint8] | None:
    """Any other plain picture, through Pillow."""
    try:
        image = pikepdf.PdfImage(picture).as_pil_image()
        pixels = _as_grey_or_bgr(image)
    except (pikepdf.PikepdfError, NotImplementedError, ValueError, OSError, SyntaxError):
        return None
    if shrink == 1:
        return pixels
    size = (math.ceil(pixels.shape[1] / shrink), math.ceil(pixels.shape[0] / shrink))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _as_grey_or_bgr(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode in {"1", "L"}:
        return np.asarray(image.convert("L"), np.uint8)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), np.uint8)[:, :, ::-1])


def _turned(pixels: NDArray[np.uint8], matrix: pikepdf.Matrix) -> NDArray[np.uint8]:
    """The picture so that its up is the page's up, whatever the matrix does to it."""
    a, b, c, d, _, _ = matrix.shorthand
    if abs(a) < abs(b):  # its columns run along the page's rows
        pixels = pixels.swapaxes(0, 1)
        right, up = -c, -b
    else:
        right, up = a, d
    pixels = pixels if right > 0 else pixels[:, ::-1]
    pixels = pixels if up > 0 else pixels[::-1]
    return np.ascontiguousarray(pixels)


def _square(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """Fax pictures have 204 dots across and 98 down: stretched until both are the same."""
    height, width = pixels.shape[:2]
    across, down = width / box.width, height / box.height
    if max(across, down) <= _UNEQUAL * min(across, down):
        return pixels
    finest = max(across, down)
    size = (round(box.width * finest), round(box.height * finest))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)
