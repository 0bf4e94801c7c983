"""Papers that cost little to read: born digital, or a small picture with two words on it."""

import io
from pathlib import Path
from random import Random

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from hoso.barcode.typeset import FONTS_DIR, typeset_pdf

_PICTURE_EVERY = 4
_LARGE_BYTES = 20 * 1024 * 1024


def paper(folder: Path, number: int, rng: Random) -> tuple[str, bytes, int]:
    """Name, bytes and pages of a file like no other: every fourth a picture, else a PDF."""
    if number % _PICTURE_EVERY == 0:
        return f"{number}.jpg", _picture(number, rng), 1
    pages = rng.randint(1, 3)
    return f"{number}.pdf", _pdf(folder, number, pages), pages


def large_paper(folder: Path, number: int, rng: Random) -> tuple[str, bytes, int]:
    """A one-page PDF of 20 MB, which goes to an S3 server in parts."""
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(_pdf(folder, number, 1))) as pdf:
        pdf.Root.Ballast = pdf.make_stream(rng.randbytes(_LARGE_BYTES))
        pdf.save(kept)
    return f"{number}.pdf", kept.getvalue(), 1


def _pdf(folder: Path, number: int, pages: int) -> bytes:
    sheets = (f"Giấy chứng sinh số {number:05d}, trang {page}" for page in range(1, pages + 1))
    template = folder / "paper.typ"
    text = "\n#pagebreak()\n".join(sheets)
    template.write_text(
        f'#set document(title: "{number}")\n#set page("a6")\n'
        f'#set text(font: "Liberation Serif", lang: "vi")\n{text}\n'
    )
    return typeset_pdf(template, {})


def _picture(number: int, rng: Random) -> bytes:
    font = ImageFont.truetype(str(FONTS_DIR / "LiberationSerif-Regular.ttf"), 36)
    picture = Image.new("L", (620, 440), 255)
    text = f"Giấy chứng sinh\n{number:05d} {rng.getrandbits(32):08x}"
    ImageDraw.Draw(picture).multiline_text((60, 120), text, font=font, fill=0, spacing=20)
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=85, dpi=(150, 150))
    return jpeg.getvalue()
