"""Forms from templates: data in, PDF/A or PNG out. The only module that knows typst.

Fonts are the bundled ones alone, so that a form looks the same on every machine, and the same
data give the same bytes: nothing takes the present time.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import typst
from PIL import ImageFont

from hoso.barcode.draw import Drawing
from hoso.errors import FormTemplateBroken
from hoso.text import nfc

FONTS_DIR = Path(__file__).parent / "fonts"
TEMPLATES_DIR = Path(__file__).parent / "templates"

# PDF/A asks for a date; forms that belong to no moment bear this one.
_NO_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

# What typst's XMP says beyond need, in namespaces that not every validator of PDF/A knows.
_NEEDLESS_XMP = re.compile(
    rb"<(pdfaExtension:schemas|xmpTPg:NPages|xmpMM:\w+)>.*?</\1>"
    rb'|\s+xmlns:(?:xmpTPg|xmpMM|stEvt|pdfa(?:Extension|Schema|Property))="[^"]*"',
    re.DOTALL,
)

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_MISSING_GLYPH = "\uffff"


def typeset_pdf(template: Path, data: Mapping[str, Any], *, at: datetime = _NO_MOMENT) -> bytes:
    """PDF/A-2b of the template filled with `data`; `at` is the document's date.

    Raises `FormTemplateBroken` with typst's reason.
    """
    pdf = _compile(
        template,
        data,
        format="pdf",
        pdf_standards="a-2b",
        pdf_tags=False,
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )
    return _as_validators_like_it(pdf if isinstance(pdf, bytes) else pdf[0])


def typeset_png(template: Path, data: Mapping[str, Any], *, dpi: float = 150) -> bytes:
    """The first page as PNG. Raises `FormTemplateBroken`."""
    pages = _compile(template, data, format="png", ppi=dpi)
    return pages if isinstance(pages, bytes) else pages[0]


def as_input(drawing: Drawing) -> dict[str, str | float]:
    """A drawing as templates take it: `svg`, `width` and `height` in millimetres."""
    return {"svg": drawing.svg, "width": drawing.width_mm, "height": drawing.height_mm}


def printable(text: str, *, at_most: int = 300) -> str:
    """The text as a form can show it: on one line, cut at a word, no letter without a glyph.

    PDF/A refuses a document with a letter that the font lacks; a name in other scripts must not
    keep a slip from being printed, so such letters become question marks.
    """
    whole = text.encode("utf-8", "replace").decode()  # no half surrogates: they are no letters
    line = _BLANKS.sub(" ", nfc(whole)).strip()
    if len(line) > at_most:
        words, _, _ = line[:at_most].rpartition(" ")
        line = (words or line[: at_most - 1]).rstrip(" ,;:.–-") + "…"
    return "".join(letter if letter.isascii() or _has_glyph(letter) else "?" for letter in line)


def _compile(template: Path, data: Mapping[str, Any], **options: Any) -> bytes | list[bytes]:
    try:
        # Made anew each time: one compiler cannot be shared between threads, and with the fonts
        # already loaded it costs nothing that can be measured.
        compiler = typst.Compiler(input=template, font_paths=_fonts(), ignore_system_fonts=True)
        made = compiler.compile(sys_inputs={"data": json.dumps(data)}, **options)
    except (typst.TypstError, OSError) as exc:
        raise FormTemplateBroken(template=template.name, reason=str(exc)) from exc
    if not made:
        raise FormTemplateBroken(template=template.name, reason="no page")
    return made


def _as_validators_like_it(pdf: bytes) -> bytes:
    """The same document without metadata and /CIDSet that PDF/A-2 makes optional; 5 ms."""
    kept = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        xmp = opened.Root.Metadata
        xmp.write(_NEEDLESS_XMP.sub(b"", xmp.read_bytes()))
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/CIDSet" in thing:
                del thing["/CIDSet"]
        opened.save(kept, deterministic_id=True, fix_metadata_version=False)
    return kept.getvalue()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS_DIR]
    )


@lru_cache(maxsize=4096)
def _has_glyph(letter: str) -> bool:
    return _picture(letter) != _picture(_MISSING_GLYPH)


def _picture(letter: str) -> tuple[tuple[int, int], bytes]:
    mask = _regular().getmask(letter)
    return mask.size, bytes(mask)


@cache
def _regular() -> ImageFont.FreeTypeFont:
    regular = FONTS_DIR / "LiberationSerif-Regular.ttf"
    return ImageFont.truetype(regular, 24, layout_engine=ImageFont.Layout.BASIC)
