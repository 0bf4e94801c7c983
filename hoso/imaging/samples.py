"""The samples of a picture in a PDF, decoded; what a renderer must see to is left to it.

Each kind of compression has its quickest way. Deflated rows are those of a PNG in all but the
header: put into one, libpng decodes every depth, palette and predictor (75 to 170 ms for A4 in
colour at 300 dpi where pikepdf takes 230 to 340).
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

Samples = NDArray[np.uint8]

_UNREADABLE = (
    cv2.error,
    pikepdf.PikepdfError,
    NotImplementedError,
    OSError,
    SyntaxError,
    struct.error,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)

_COMPONENTS: Final = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}
_ROW_FILTERS: Final = {
    "/FlateDecode",
    "/LZWDecode",
    "/RunLengthDecode",
    "/ASCII85Decode",
    "/ASCIIHexDecode",
}
_FIRST_PNG_PREDICTOR: Final = 10
_PNG_GREY, _PNG_RGB, _PNG_PALETTE = 0, 2, 3
_REDUCED: Final = {
    (1, 1): cv2.IMREAD_GRAYSCALE,
    (1, 2): cv2.IMREAD_REDUCED_GRAYSCALE_2,
    (1, 4): cv2.IMREAD_REDUCED_GRAYSCALE_4,
    (1, 8): cv2.IMREAD_REDUCED_GRAYSCALE_8,
    (3, 1): cv2.IMREAD_COLOR,
    (3, 2): cv2.IMREAD_REDUCED_COLOR_2,
    (3, 4): cv2.IMREAD_REDUCED_COLOR_4,
    (3, 8): cv2.IMREAD_REDUCED_COLOR_8,
}


@dataclass(frozen=True, slots=True)
class _Colours:
    """What a sample stands for: `components` of grey or RGB, or an entry of the palette (RGB)."""

    components: int
    palette: bytes | None = None

    @property
    def shown(self) -> int:
        """How many channels the decoded picture needs."""
        if self.palette is None:
            return self.components
        entries = np.frombuffer(self.palette, np.uint8).reshape(-1, 3)
        return 1 if (entries == entries[:, :1]).all() else 3


_Decoder = Callable[[pikepdf.Stream, _Colours, int], Samples | None]


def samples_of(picture: pikepdf.Stream, *, shrink: int = 1) -> Samples | None:
    """H×W grey or H×W×3 BGR, 1/`shrink` (1, 2, 4, 8) of the size; None: a renderer is needed.

    That is so for masks, inks, and whatever is damaged.
    """
    decode = None if _is_masked(picture) else _decoder(picture)
    try:
        colours = _colours(picture.get("/ColorSpace"))
        samples = decode(picture, colours, shrink) if decode and colours else None
    except _UNREADABLE:
        return None
    return samples


def _is_masked(picture: pikepdf.Stream) -> bool:
    usual = picture.get("/ImageMask") in {None, False} and picture.get("/SMaskInData") in {None, 0}
    return not usual or "/SMask" in picture or "/Mask" in picture


def _decoder(picture: pikepdf.Stream) -> _Decoder | None:
    named = picture.get("/Filter", pikepdf.Array())
    match [str(one) for one in (named if isinstance(named, pikepdf.Array) else [named])]:
        case ["/DCTDecode"] if "/DecodeParms" not in picture and "/Decode" not in picture:
            return _jpeg
        case ["/JPXDecode"] if "/Decode" not in picture:
            return _jpeg2000
        case ["/CCITTFaxDecode"] if "/Decode" not in picture:
            return _fax
        case filters if _ROW_FILTERS.issuperset(filters):
            return _rows
    return None


def _colours(space: Any) -> _Colours | None:
    """None for inks and whatever else needs a renderer."""
    if isinstance(space, pikepdf.Array) and space[0] == "/Indexed":
        base = _components(space[1])
        table = space[3]
        entries = table.read_bytes() if isinstance(table, pikepdf.Stream) else bytes(table)
        if base is None:
            return None
        return _Colours(1, bytes(np.repeat(np.frombuffer(entries, np.uint8), 3 // base)))
    components = _components(space)
    return _Colours(components) if components else None


def _components(space: Any) -> int | None:
    """How many components a grey or RGB colour space has; None for all others."""
    if isinstance(space, pikepdf.Array) and space[0] == "/ICCBased":
        components = int(space[1].N)
        return components if components in _COMPONENTS.values() else None
    return _COMPONENTS.get(str(space[0] if isinstance(space, pikepdf.Array) else space))


def _jpeg(picture: pikepdf.Stream, colours: _Colours, shrink: int) -> Samples | None:
    """The scanner's JPEG; libjpeg itself gives a half, which is quicker than the whole."""
    # The PDF's own turn counts, not the one a camera wrote into the JPEG.
    flags = _REDUCED[colours.shown, shrink] | cv2.IMREAD_IGNORE_ORIENTATION
    return _decoded(picture.read_raw_bytes(), flags)


def _decoded(file: bytes, flags: int) -> Samples | None:
    samples = cv2.imdecode(np.frombuffer(file, np.uint8), flags)
    return None if samples is None else np.asarray(samples, np.uint8)


def _jpeg2000(picture: pikepdf.Stream, colours: _Colours, shrink: int) -> Samples | None:
    """OpenJPEG reads a half in a third of the time, and PDFium takes longer still."""
    image = Image.open(BytesIO(picture.read_raw_bytes()), formats=["JPEG2000"])
    image.reduce = shrink.bit_length() - 1  # type: ignore[method-assign,assignment] # as Pillow says
    if image.mode != ("L" if colours.shown == 1 else "RGB"):
        return None
    samples = np.asarray(image, np.uint8)
    return np.ascontiguousarray(samples[:, :, ::-1]) if colours.shown > 1 else samples


def _fax(picture: pikepdf.Stream, colours: _Colours, shrink: int) -> Samples | None:
    if colours.palette or colours.components != 1:
        return None
    image = pikepdf.PdfImage(picture).as_pil_image()
    return _reduced(np.asarray(image.convert("L")), shrink)


def _rows(picture: pikepdf.Stream, colours: _Colours, shrink: int) -> Samples | None:
    """Rows of samples, deflated or not, as a PNG."""
    inverted = _is_inverted(picture, colours)
    png = _as_png(picture, colours)
    if inverted is None or png is None:
        return None
    samples = _decoded(png, _REDUCED[colours.shown, 1])
    if samples is None:
        return None
    return _reduced(~samples if inverted else samples, shrink)


def _is_inverted(picture: pikepdf.Stream, colours: _Colours) -> bool | None:
    """Whether 0 is white; None for a /Decode that does anything else."""
    mapped = [float(bound) for bound in picture.get("/Decode", ())]
    most = 1.0 if colours.palette is None else 2.0 ** int(picture.BitsPerComponent) - 1
    if mapped in ([], [0.0, most] * colours.components):
        return False
    return True if mapped == [1.0, 0.0] * colours.components and not colours.palette else None


def _as_png(picture: pikepdf.Stream, colours: _Colours) -> bytes | None:
    """The rows with a PNG's header; None where there are too few."""
    deflated = _deflated(picture, colours)
    if deflated is None:
        return None
    kind = {1: _PNG_GREY, 3: _PNG_RGB}[colours.components]
    bits = int(picture.BitsPerComponent)
    chunks = [(b"IDAT", deflated), (b"IEND", b"")]
    if colours.palette is not None:
        kind = _PNG_PALETTE
        chunks.insert(0, (b"PLTE", colours.palette[: 3 << bits]))
    size = (int(picture.Width), int(picture.Height))
    chunks.insert(0, (b"IHDR", struct.pack(">IIBBBBB", *size, bits, kind, 0, 0, 0)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return b"".join(
        (struct.pack(">I", len(body)), name, body, struct.pack(">I", zlib.crc32(name + body)))
    )


def _deflated(picture: pikepdf.Stream, colours: _Colours) -> bytes | None:
    """The rows as PNG wants them: each after the number of its filter, all deflated."""
    if _is_deflated_as_in_png(picture, colours):
        return picture.read_raw_bytes()
    bits = colours.components * int(picture.Width) * int(picture.BitsPerComponent)
    height, width = int(picture.Height), -(-bits // 8)
    rows = np.frombuffer(picture.read_bytes(), np.uint8)
    if rows.size < height * width:
        return None
    unfiltered = np.zeros((height, 1 + width), np.uint8)
    unfiltered[:, 1:] = rows[: height * width].reshape(height, width)
    return zlib.compress(unfiltered.tobytes(), level=0)


def _is_deflated_as_in_png(picture: pikepdf.Stream, colours: _Colours) -> bool:
    parms = picture.get("/DecodeParms")
    if picture.get("/Filter") != "/FlateDecode" or not isinstance(parms, pikepdf.Dictionary):
        return False
    expected = (colours.components, int(picture.BitsPerComponent), int(picture.Width))
    stated = (parms.get("/Colors", 1), parms.get("/BitsPerComponent", 8), parms.get("/Columns", 1))
    return int(parms.get("/Predictor", 1)) >= _FIRST_PNG_PREDICTOR and stated == expected


def _reduced(samples: Samples, shrink: int) -> Samples:
    if shrink == 1:
        return samples
    size = (-(-samples.shape[1] // shrink), -(-samples.shape[0] // shrink))
    return np.asarray(cv2.resize(samples, size, interpolation=cv2.INTER_AREA), np.uint8)
