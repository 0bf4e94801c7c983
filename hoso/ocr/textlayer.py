"""Words laid invisibly over the picture, so that a scan can be searched, marked and copied.

The font is Tesseract's `pdf.ttf` (Apache-2.0): one empty glyph that stands for every character.
"""

from collections.abc import Iterable
from importlib.resources import files
from itertools import groupby
from statistics import median

import pikepdf
from pikepdf import Dictionary, Name, String

from hoso.ocr.geometry import number
from hoso.ocr.words import Word

FONT = Name("/HosoGlyphless")
_EM_WIDTH = 0.5  # of the one glyph, in ems
# Tails of g and y and the marks of Ễ reach out of a line's median by less than this share of it.
_LINE_REACH = 0.4
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def glyphless_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Put the font into `pdf`, once; its character codes are UTF-16 units."""
    program = pdf.make_stream(files(__package__).joinpath("glyphless.ttf").read_bytes())
    program[Name.Length1] = len(program.read_bytes())
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.GlyphLessFont,
        Flags=5,
        FontBBox=[0, 0, 500, 1000],
        ItalicAngle=0,
        Ascent=1000,
        Descent=-1,
        CapHeight=1000,
        StemV=80,
        FontFile2=program,
    )
    character_font = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.GlyphLessFont,
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=pdf.make_stream(b"\x00\x01" * 65536),  # every code shows glyph 1
        DW=round(1000 * _EM_WIDTH),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.GlyphLessFont,
            Encoding=Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(character_font)],
            ToUnicode=pdf.make_stream(_TO_UNICODE),
        )
    )


def text_layer(words: Iterable[Word], height: float) -> bytes:
    """A content stream that writes the words invisibly, in a space with y up.

    `height` is that of the page as seen, in points. Words must come in reading order.
    """
    lines = groupby(words, key=lambda word: word.line)
    shown = [_line(list(line), height) for _, line in lines]
    return b"\n".join([b"BT 3 Tr", *shown, b"ET"])


def _line(words: list[Word], height: float) -> bytes:
    # One baseline and one size: viewers put words of different heights on different lines.
    top, bottom = _edges(words)
    size, baseline = max(1.0, bottom - top), height - bottom
    shown = (_word(word, size, baseline) for word in words)
    return f"{FONT} {number(size)} Tf\n".encode() + b"\n".join(shown)


def _edges(words: list[Word]) -> tuple[float, float]:
    """From the highest mark to the deepest tail of a line, words far out of it left aside."""
    reach = _LINE_REACH * median(word.height for word in words)
    tops, bottoms = [word.y for word in words], [word.y + word.height for word in words]
    top, bottom = median(tops), median(bottoms)
    highest = min(edge for edge in tops if edge >= top - reach)
    return highest, max(edge for edge in bottoms if edge <= bottom + reach)


def _word(word: Word, size: float, baseline: float) -> bytes:
    letters = _in_one_plane(word.text)
    stretch = 100 * max(word.width, 0.1) / (len(letters) * _EM_WIDTH * size)
    coded = f"{letters} ".encode("utf-16-be").hex()
    place = f"{number(word.x)} {number(baseline)}"
    return f"{number(stretch)} Tz 1 0 0 1 {place} Tm <{coded}> Tj".encode()


def _in_one_plane(text: str) -> str:
    """The text with letters that do not fit two bytes replaced; no Vietnamese one needs more."""
    return "".join(letter if ord(letter) <= 0xFFFF else "?" for letter in text)  # noqa: PLR2004 - the last code of two bytes
