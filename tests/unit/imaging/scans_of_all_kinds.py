"""One page as scanners, copiers, faxes and telephones put it into a PDF: the same paper each time.

Made here, byte by byte where no library writes it. Each kind says whether its picture can be
taken out as it is (else it is drawn by a renderer).
"""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from tests.unit.imaging.papers import a_drawn_page, a_picture

PAPER = a_picture()
GREY = PAPER.convert("L")
BLACK_AND_WHITE = GREY.point(lambda level: 255 * (level > 128)).convert("1")
WIDTH, HEIGHT = PAPER.size
ACROSS, UP = WIDTH * 0.72, HEIGHT * 0.72  # points, at 100 dpi
FULL_PAGE = f"q {ACROSS} 0 0 {UP} 0 0 cm /Im0 Do Q\n".encode()


@dataclass(frozen=True)
class Kind:
    """How a page is stored: `put` lays it on an A4 page of a PDF, at 100 dpi."""

    put: Callable[[pikepdf.Pdf, pikepdf.Page], None]
    is_taken_out: bool
    has_colour: bool = True
    drawn_dpi: float = 100

    def write(self, path: Path) -> Path:
        a_drawn_page(path, content=b"", media=(0, 0, ACROSS, UP))
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            self.put(pdf, pdf.pages[0])
            pdf.save(path)
        return path


def _stored(pdf: pikepdf.Pdf, data: bytes, space: Any, filters: Any = None, **more: Any) -> Any:
    stream = pdf.make_stream(
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=WIDTH,
        Height=HEIGHT,
        BitsPerComponent=8,
        ColorSpace=space,
    )
    for key, value in more.items():
        stream[f"/{key}"] = value
    if filters is not None:
        stream.write(data, filter=filters, decode_parms=more.get("DecodeParms"))
    return stream


def _one(
    data: bytes, space: Any, filters: Any = None, *, taken: bool, grey: bool = False, **more: Any
) -> Kind:
    def put(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        made = space(pdf) if callable(space) else space
        facts = {key: value(pdf) if callable(value) else value for key, value in more.items()}
        page.obj.Resources.XObject = Dictionary(Im0=_stored(pdf, data, made, filters, **facts))
        page.Contents = pdf.make_stream(FULL_PAGE)

    return Kind(put, taken, not grey)


def _saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    held = io.BytesIO()
    picture.save(held, form, **options)
    return held.getvalue()


def _packed(samples: np.ndarray, bits: int) -> bytes:
    """Rows of samples of 1, 2 or 4 bits, each row beginning with a whole byte."""
    planes = np.unpackbits(samples[:, :, np.newaxis].astype(np.uint8), axis=2)[:, :, 8 - bits :]
    return np.packbits(planes.reshape(samples.shape[0], -1), axis=1).tobytes()


def _icc(components: int, alternate: Name) -> Callable[[pikepdf.Pdf], Any]:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    def made(pdf: pikepdf.Pdf) -> Any:
        return Array([Name.ICCBased, pdf.make_stream(profile, N=components, Alternate=alternate)])

    return made


def _palette(colours: Image.Image) -> Callable[[pikepdf.Pdf], Any]:
    table = bytes(colours.getpalette() or [])

    def made(pdf: pikepdf.Pdf) -> Any:
        return Array([Name.Indexed, Name.DeviceRGB, len(table) // 3 - 1, pikepdf.String(table)])

    return made


def _ink(space: Name, names: Any, function: str) -> Callable[[pikepdf.Pdf], Any]:
    def made(pdf: pikepdf.Pdf) -> Any:
        count = len(names) if isinstance(names, Array) else 1
        tint = pdf.make_stream(
            function.encode(), FunctionType=4, Domain=[0, 1] * count, Range=[0, 1] * 3
        )
        return Array([space, names, Name.DeviceRGB, tint])

    return made


def _lab() -> tuple[bytes, Array]:
    levels = np.asarray(GREY)
    samples = np.stack([levels, np.full_like(levels, 128), np.full_like(levels, 128)], axis=2)
    white = Dictionary(WhitePoint=[0.9505, 1, 1.089], Range=[-128, 127, -128, 127])
    return samples.tobytes(), Array([Name.Lab, white])


def _fax(compression: str, black_bit: int, **parms: Any) -> Kind:
    written = BLACK_AND_WHITE
    held = _saved(written, "TIFF", compression=compression, tiffinfo={278: HEIGHT, 262: 0})
    with Image.open(io.BytesIO(held)) as tiff:
        at, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]  # type: ignore[attr-defined]
    parms |= {"Columns": WIDTH, "Rows": HEIGHT, "BlackIs1": bool(black_bit)}
    more = {"Decode": Array([1, 0])} if black_bit else {}
    return _one(
        held[at : at + length],
        Name.DeviceGray,
        Name.CCITTFaxDecode,
        taken=not black_bit,
        grey=True,
        BitsPerComponent=1,
        DecodeParms=Dictionary(**parms),
        **more,
    )


def _group4() -> bytes:
    held = _saved(BLACK_AND_WHITE, "TIFF", compression="group4", tiffinfo={278: HEIGHT, 262: 0})
    with Image.open(io.BytesIO(held)) as tiff:
        at, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]  # type: ignore[attr-defined]
    return held[at : at + length]


def _segment(number: int, kind: int, page: int, body: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, page, len(body)) + body


def _jbig2(*, with_globals: bool) -> Kind:
    """Black and white as JBIG2 of one generic region, which may hold a fax's own coding."""
    page = struct.pack(">IIIIBH", WIDTH, HEIGHT, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", WIDTH, HEIGHT, 0, 0, 0, 1) + _group4()
    first = 1 if with_globals else 0
    data = _segment(first, 48, 1, page) + _segment(first + 1, 38, 1, region)
    note = struct.pack(">I", 0x20000000) + b"made\0for a test\0\0"

    def parms(pdf: pikepdf.Pdf) -> Dictionary:
        return Dictionary(JBIG2Globals=pdf.make_stream(_segment(0, 62, 0, note)))

    more = {"DecodeParms": parms} if with_globals else {}
    return _one(
        data,
        Name.DeviceGray,
        Name.JBIG2Decode,
        taken=False,
        grey=True,
        BitsPerComponent=1,
        **more,
    )


def _strips(count: int) -> Kind:
    """Bands from top to bottom, as copiers with little memory write them."""

    def put(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Resources.XObject, content = Dictionary(), b""
        for index, top in enumerate(range(0, HEIGHT, -(-HEIGHT // count))):
            band = PAPER.crop((0, top, WIDTH, min(HEIGHT, top + -(-HEIGHT // count))))
            jpeg = _saved(band, "JPEG", quality=90)
            stream = _stored(pdf, jpeg, Name.DeviceRGB, Name.DCTDecode, Height=band.height)
            page.obj.Resources.XObject[f"/Im{index}"] = stream
            high, low = (UP * (1 - edge / HEIGHT) for edge in (top, top + band.height))
            content += f"q {ACROSS} 0 0 {high - low:.4f} 0 {low:.4f} cm /Im{index} Do Q\n".encode()
        page.Contents = pdf.make_stream(content)

    return Kind(put, is_taken_out=False)


def _background_and_mask() -> Kind:
    """What "high compression" makes: a coarse colour picture, sharp black laid through a mask."""

    def put(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        coarse = PAPER.resize((WIDTH // 4, HEIGHT // 4))
        jpeg = _saved(coarse, "JPEG", quality=60)
        back = _stored(pdf, jpeg, Name.DeviceRGB, Name.DCTDecode)
        back.Width, back.Height = coarse.size
        parms = Dictionary(K=-1, Columns=WIDTH, Rows=HEIGHT)
        mask = _stored(
            pdf, _group4(), Name.DeviceGray, Name.CCITTFaxDecode, DecodeParms=parms,
            ImageMask=True, BitsPerComponent=1,
        )  # fmt: skip
        del mask["/ColorSpace"]
        page.obj.Resources.XObject = Dictionary(Im0=back, Im1=mask)
        page.Contents = pdf.make_stream(FULL_PAGE + FULL_PAGE.replace(b"Im0", b"Im1"))

    return Kind(put, is_taken_out=False, has_colour=False)


def _inline() -> Kind:
    def put(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        rows = zlib.compress(GREY.tobytes()).hex().encode() + b">"
        head = f"/W {WIDTH} /H {HEIGHT} /BPC 8 /CS /G /F [/AHx /Fl]".encode()
        inline = b"BI " + head + b" ID " + rows + b" EI"
        page.Contents = pdf.make_stream(FULL_PAGE.replace(b"/Im0 Do", inline))

    return Kind(put, is_taken_out=False, has_colour=False, drawn_dpi=300)


def _turned_by_the_tree() -> Kind:
    """/Rotate 90 comes from the page tree, the picture lies sideways to make up for it."""

    def put(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        picture = _stored(pdf, _saved(PAPER, "JPEG", quality=90), Name.DeviceRGB, Name.DCTDecode)
        page.obj.Resources.XObject = Dictionary(Im0=picture)
        page.obj.MediaBox = Array([0, 0, UP, ACROSS])
        page.Contents = pdf.make_stream(f"q 0 {ACROSS} {-UP} 0 {UP} 0 cm /Im0 Do Q".encode())
        del page.obj["/Rotate"]
        pdf.Root.Pages.Rotate = 90

    return Kind(put, is_taken_out=True)


def _predicted(picture: Image.Image, components: int) -> tuple[bytes, Dictionary]:
    """The very rows of a PNG, filters and all."""
    png, rows = _saved(picture, "PNG"), b""
    at = 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        rows += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    bits = 1 if picture.mode == "1" else 8
    parms = Dictionary(Predictor=15, Colors=components, BitsPerComponent=bits, Columns=WIDTH)
    return rows, parms


def _tiff_predicted() -> bytes:
    samples = np.asarray(PAPER).astype(np.int16)
    apart = np.diff(samples, axis=1, prepend=np.zeros((HEIGHT, 1, 3), np.int16))
    return zlib.compress((apart & 255).astype(np.uint8).tobytes())


_RGB, _GREY, _CMYK = Name.DeviceRGB, Name.DeviceGray, Name.DeviceCMYK
_DCT, _FLATE = Name.DCTDecode, Name.FlateDecode
_JPEG = _saved(PAPER, "JPEG", quality=90)
_16_BITS = (np.asarray(GREY).astype(np.uint16) * 257).astype(">u2").tobytes()
_FEW_COLOURS = PAPER.quantize(16)
_INVERTED_GREY = np.asarray(GREY) ^ 255
_PNG_ROWS, _PNG_PARMS = _predicted(PAPER, 3)
_BIT_ROWS, _BIT_PARMS = _predicted(BLACK_AND_WHITE, 1)
_JP2 = _saved(PAPER, "JPEG2000", irreversible=False)
_LAB, _LAB_SPACE = _lab()


def _white_mask(pdf: pikepdf.Pdf) -> Any:
    return _stored(pdf, b"\xff" * WIDTH * HEIGHT, Name.DeviceGray)


KINDS: dict[str, Kind] = {
    "jpeg": _one(_JPEG, _RGB, _DCT, taken=True),
    "jpeg, progressive": _one(
        _saved(PAPER, "JPEG", progressive=True, quality=90), _RGB, _DCT, taken=True
    ),
    "jpeg, grey": _one(_saved(GREY, "JPEG", quality=90), _GREY, _DCT, taken=True, grey=True),
    "jpeg, ICC": _one(_JPEG, _icc(3, _RGB), _DCT, taken=True),
    "jpeg, CMYK as Adobe writes it": _one(
        _saved(PAPER.convert("CMYK"), "JPEG", quality=90), _CMYK, _DCT, taken=False,
        Decode=Array([1, 0] * 4),
    ),
    "jpeg, deflated again": _one(
        zlib.compress(_JPEG), _RGB, Array([_FLATE, _DCT]), taken=False
    ),
    "jpeg, behind a soft mask": _one(_JPEG, _RGB, _DCT, taken=False, SMask=_white_mask),
    "fax, group 4": _fax("group4", 0, K=-1),
    "fax, group 4, black is 1": _fax("group4", 1, K=-1),
    "fax, group 3": _fax("group3", 0, K=0, EndOfLine=True),
    "JBIG2": _jbig2(with_globals=False),
    "JBIG2 with globals": _jbig2(with_globals=True),
    "JPEG 2000": _one(_JP2, _RGB, Name.JPXDecode, taken=True),
    "raw": _one(PAPER.tobytes(), _RGB, taken=True),
    "deflated": _one(zlib.compress(PAPER.tobytes()), _RGB, _FLATE, taken=True),
    "deflated, a PNG's rows": _one(_PNG_ROWS, _RGB, _FLATE, taken=True, DecodeParms=_PNG_PARMS),
    "deflated, a TIFF's rows": _one(
        _tiff_predicted(), _RGB, _FLATE, taken=True,
        DecodeParms=Dictionary(Predictor=2, Colors=3, BitsPerComponent=8, Columns=WIDTH),
    ),
    "deflated, black and white": _one(
        _BIT_ROWS, _GREY, _FLATE, taken=True, grey=True, DecodeParms=_BIT_PARMS,
        BitsPerComponent=1,
    ),
    "hexadecimal, deflated": _one(
        zlib.compress(PAPER.tobytes()).hex().encode() + b">",
        _RGB, Array([Name.ASCIIHexDecode, _FLATE]), taken=True,
    ),
    "2 bits": _one(_packed(np.asarray(GREY) >> 6, 2), _GREY, taken=True, grey=True,
                   BitsPerComponent=2),
    "4 bits": _one(_packed(np.asarray(GREY) >> 4, 4), _GREY, taken=True, grey=True,
                   BitsPerComponent=4),
    "16 bits": _one(_16_BITS, _GREY, taken=True, grey=True, BitsPerComponent=16),
    "inverted": _one(_INVERTED_GREY.tobytes(), _GREY, taken=True, grey=True, Decode=Array([1, 0])),
    "palette": _one(_FEW_COLOURS.tobytes(), _palette(_FEW_COLOURS), taken=True),
    "palette, 4 bits": _one(
        _packed(np.asarray(_FEW_COLOURS), 4), _palette(_FEW_COLOURS), taken=True,
        BitsPerComponent=4,
    ),
    "CalGray": _one(
        GREY.tobytes(), Array([Name.CalGray, Dictionary(WhitePoint=[1, 1, 1])]),
        taken=True, grey=True,
    ),
    "Lab": _one(_LAB, _LAB_SPACE, taken=False, grey=True),
    "CMYK": _one(PAPER.convert("CMYK").tobytes(), _CMYK, taken=False),
    "one ink": _one(
        _INVERTED_GREY.tobytes(),
        _ink(Name.Separation, Name("/Black"), "{1 exch sub dup dup}"),
        taken=False, grey=True,
    ),
    "two inks": _one(
        np.stack([_INVERTED_GREY, _INVERTED_GREY * 0], axis=2).tobytes(),
        _ink(Name.DeviceN, Array([Name("/Black"), Name("/Spot")]), "{pop 1 exch sub dup dup}"),
        taken=False, grey=True,
    ),
    "strips": _strips(9),
    "background and mask": _background_and_mask(),
    "inline": _inline(),
    "turned by the page tree": _turned_by_the_tree(),
}  # fmt: skip
