"""What is printed on a clean page: every word and its place, and the numbers that matter most."""

import re
from collections.abc import Iterator
from ctypes import byref, c_double, create_string_buffer
from dataclasses import dataclass
from itertools import groupby

import pypdfium2
import pypdfium2.raw as pdfium

from hoso.text import nfc

_MM_PER_POINT = 25.4 / 72
# pdfium joins what a hyphen at a line's end parts and marks the place, otherwise in its text
# than letter by letter; on paper stand a hyphen and two words.
_LINE_END_HYPHENS = ("\ufffe", "\x02")

_HANDS = ("PaperHand-Regular", "PaperSchoolhand-Regular")

_CITIZEN_ID = re.compile(r"(?<!\d)\d{12}(?!\d)")
_DATE = re.compile(r"(?<![\d/])\d{2}/\d{2}/\d{4}(?![\d/])")
# 123/2026 · 12/2026/QĐST-HNGĐ · 45/UBND-XNTTHN · 45-SCT/CK,ĐC · 00012.GCS.12096.26; a month of a
# year ("tháng 05/2026") is none.
_PAPER_NUMBER = re.compile(
    r"(?<!tháng )(?<![\w/.,-])"
    r"(?:\d{1,5}(?:/\d{4})?[/-][A-ZĐ][\w&,/-]*\w"
    r"|\d{1,5}/(?:19|20)\d\d(?![\d/])"
    r"|\d{5}\.GCS\.\d{5}\.\d{2})"
)


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word between white space and the box around its ink, millimetres from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything on a page that a wrong digit spoils, in reading order, as often as printed.

    `citizen_ids` are all runs of twelve digits, `dates` all dd/mm/yyyy, `paper_numbers` the
    numbers of this and of other papers, laws among them. Digits in boxes are not among them.
    """

    citizen_ids: list[str]
    dates: list[str]
    paper_numbers: list[str]


def numbers_on(text: str, own: str | None = None) -> Numbers:
    """The numbers on a page, from what is printed there; `own` is the paper's, however it looks."""
    ids, papers = _CITIZEN_ID.findall(text), _PAPER_NUMBER.findall(text)
    if own and own in text and own not in {*ids, *papers}:
        papers.append(own)
    return Numbers(ids, _DATE.findall(text), papers)


def lines_on(page: pypdfium2.PdfPage) -> str:
    """The text of a page, composed (NFC), in the order in which it was set, a line a line."""
    text = nfc(page.get_textpage().get_text_range())
    for mark in _LINE_END_HYPHENS:
        text = text.replace(mark, "-\n")
    return "\n".join(line.strip() for line in text.splitlines())


def words_on(page: pypdfium2.PdfPage) -> list[PrintedWord]:
    """Every word of a page that is not turned, in the order in which it was set."""
    textpage = page.get_textpage()
    return [
        _word([*run], textpage, page.get_height())
        for is_space, run in groupby(_letters(textpage), key=lambda letter: letter[0].isspace())
        if not is_space
    ]


def _letters(textpage: pypdfium2.PdfTextPage) -> Iterator[tuple[str, int]]:
    """Every letter with its index in the page."""
    for index in range(textpage.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        if letter in _LINE_END_HYPHENS:
            yield from (("-", index), ("\n", index))
        else:
            yield letter, index


def _word(
    letters: list[tuple[str, int]], textpage: pypdfium2.PdfTextPage, height: float
) -> PrintedWord:
    boxes = [_box(textpage, index) for _, index in letters]
    lefts, rights, bottoms, tops = zip(*boxes, strict=True)
    return PrintedWord(
        nfc("".join(letter for letter, _ in letters)),
        min(lefts) * _MM_PER_POINT,
        (height - max(tops)) * _MM_PER_POINT,
        max(rights) * _MM_PER_POINT,
        (height - min(bottoms)) * _MM_PER_POINT,
        by_hand=_font(textpage, letters[0][1]).endswith(_HANDS),
    )


def _font(textpage: pypdfium2.PdfTextPage, index: int) -> str:
    """The PostScript name of the font of one letter."""
    name = create_string_buffer(64)
    pdfium.FPDFText_GetFontInfo(textpage, index, name, len(name), None)
    return name.value.decode()


def _box(textpage: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of one letter; points from the page's bottom left."""
    sides = c_double(), c_double(), c_double(), c_double()
    pdfium.FPDFText_GetCharBox(textpage, index, *map(byref, sides))
    left, right, bottom, top = (side.value for side in sides)
    return left, right, bottom, top
