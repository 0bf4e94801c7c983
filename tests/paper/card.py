"""A citizen's card laid on the scanner's glass: its QR as cards bear it, its print as it may be.

No likeness of the real card's art is wanted: what tests need is the QR of 17 mm and the words.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont

from tests.paper.people import Person
from tests.paper.stack import ScanPage

_WIDE_MM, _HIGH_MM, _QR_MM = 85.6, 54.0, 17.0
_A4_MM = (210, 297)
_FONT = Path(__file__).parent / "fonts" / "PaperSans-Regular.ttf"


def qr_text(person: Person, *, old_id: str = "") -> str:
    """What the QR of the person's card says."""
    return "|".join(
        (
            person.citizen_id,
            old_id,
            person.name,
            f"{person.born:%d%m%Y}",
            person.sex.value,
            person.address,
            f"{person.card_issued_on:%d%m%Y}",
        )
    )


def card_front(person: Person, *, dpi: int = 300) -> ScanPage:
    """The side with the QR, on a sheet of A4."""
    lines = (
        "CĂN CƯỚC CÔNG DÂN",
        f"Số / No.: {person.citizen_id}",
        "Họ và tên / Full name:",
        person.name.upper(),
        f"Ngày sinh / Date of birth: {person.born:%d/%m/%Y}",
        f"Nơi thường trú: {person.address}",
    )
    return _on_the_glass(lines, dpi, qr=qr_text(person))


def card_back(person: Person, *, dpi: int = 300) -> ScanPage:
    """The other side, which bears no QR and the number all the same."""
    lines = (
        "Đặc điểm nhân dạng: Sẹo chấm",
        f"Ngày, tháng, năm: {person.card_issued_on:%d/%m/%Y}",
        "CỤC TRƯỞNG CỤC CẢNH SÁT",
        f"IDVNM{person.citizen_id[3:]}<<{person.citizen_id}<<8",
    )
    return _on_the_glass(lines, dpi)


def _on_the_glass(lines: tuple[str, ...], dpi: int, qr: str = "") -> ScanPage:
    def pixels(millimetres: float) -> int:
        return round(millimetres * dpi / 25.4)

    sheet = Image.new("L", (pixels(_A4_MM[0]), pixels(_A4_MM[1])), 250)
    card = Image.new("L", (pixels(_WIDE_MM), pixels(_HIGH_MM)), 225)
    draw = ImageDraw.Draw(card)
    for number, line in enumerate(lines):
        draw.text((pixels(26), pixels(6 + 7 * number)), line, fill=40, font=_font(pixels(3)))
    if qr:
        side = pixels(_QR_MM)
        card.paste(_drawn(qr, side), (pixels(_WIDE_MM) - side - pixels(2), pixels(2)))
    sheet.paste(card, (pixels(30), pixels(40)))
    return ScanPage(np.asarray(sheet), dpi)


def _drawn(text: str, side: int) -> Image.Image:
    file = BytesIO()
    segno.make_qr(text.encode(), error="l", mode="byte").save(file, kind="png", scale=8, border=3)
    return Image.open(file).convert("L").resize((side, side), Image.Resampling.LANCZOS)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)
