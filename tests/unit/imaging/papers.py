"""Small papers made for the tests of imaging: pictures, PDFs, and PDFs with boxes and turns."""

import io
from pathlib import Path
from typing import Any

import img2pdf
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

A4 = (595.0, 842.0)
A4_AT_100_DPI = (827, 1169)
FONT = Path(__file__).parents[3] / "hoso/barcode/fonts/LiberationSerif-Regular.ttf"

RED = (255, 0, 0)


def a_picture(
    size: tuple[int, int] = A4_AT_100_DPI, *, mode: str = "RGB", lines: int = 20
) -> Image.Image:
    """White paper with lines of black text and a red square in its upper left part."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(FONT, size[1] // 60)
    for line in range(lines):
        pen.text(
            (size[0] // 8, size[1] // 5 + line * size[1] // 40),
            "Ủy ban nhân dân phường Tây Nha Trang",
            fill="black",
            font=font,
        )
    pen.rectangle((size[0] // 10, size[1] // 20, size[0] // 5, size[1] // 10), fill=RED)
    return picture.convert(mode)


def saved(picture: Image.Image, path: Path, **options: Any) -> Path:
    picture.save(path, **options)
    return path


def a_scan(path: Path, *, pages: int = 1, dpi: int = 100) -> Path:
    """A PDF as scanners make them: a JPEG a page."""
    jpeg = io.BytesIO()
    a_picture().save(jpeg, "JPEG", quality=80, dpi=(dpi, dpi))
    path.write_bytes(img2pdf.convert([jpeg.getvalue()] * pages))
    return path


def a_drawn_page(
    path: Path,
    *,
    content: bytes,
    media: tuple[float, ...] = (0, 0, *A4),
    crop: tuple[float, ...] | None = None,
    rotate: int = 0,
) -> Path:
    """A one-page PDF with the given operators; Helvetica is /F1, no pictures."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 100))
    page = pdf.pages[0]
    page.obj.MediaBox = pikepdf.Array(media)
    if crop:
        page.obj.CropBox = pikepdf.Array(crop)
    page.obj.Rotate = rotate
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = pdf.make_stream(content)
    pdf.save(path)
    return path


def a_placed_picture(
    path: Path,
    picture: Image.Image,
    *,
    matrix: tuple[float, ...],
    before: bytes = b"",
    after: bytes = b"",
    extra: dict[str, object] | None = None,
    **page: object,
) -> Path:
    """A one-page PDF whose picture (stored plain) is put on the page by `matrix`."""
    placing = " ".join(map(str, matrix)).encode()
    content = before + b" q " + placing + b" cm /Im0 Do Q " + after
    a_drawn_page(path, content=content, **page)  # type: ignore[arg-type]
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        stream = pdf.make_stream(
            picture.tobytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=picture.width,
            Height=picture.height,
            BitsPerComponent=1 if picture.mode == "1" else 8,
            ColorSpace=pikepdf.Name.DeviceRGB if picture.mode == "RGB" else pikepdf.Name.DeviceGray,
        )
        for key, value in (extra or {}).items():
            stream[key] = value
        pdf.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Im0=stream)
        pdf.save(path)
    return path


def middle_of_red(pixels: NDArray[np.uint8]) -> tuple[float, float]:
    """Where the red square lies, x and y in pixels (a pixel's middle is at one half)."""
    blue, green, red = (pixels[:, :, channel].astype(int) for channel in range(3))
    rows, columns = np.nonzero(red - np.maximum(blue, green) > 120)
    return float(columns.mean()) + 0.5, float(rows.mean()) + 0.5
