"""Words of pages that were born digital: taken from the PDF, not recognised."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from hoso.errors import RecognitionCrashed
from hoso.imaging.geometry import turn_of, visible_box
from hoso.imaging.pdf import opened
from hoso.ocr.geometry import as_shown, bounds, chain, straightening, turned_size
from hoso.ocr.order import Piece, in_reading_order
from hoso.ocr.words import Word
from hoso.text import nfc

_HYPHENATED = "\x02"  # PDFium's own sign for a word broken at the end of a line
_Letter = tuple[str, tuple[float, float, float, float] | None]


def printed_words(
    pdf: Path, number: int, *, turn: int = 0, skew: float = 0.0, with_hidden: bool = True
) -> tuple[Word, ...]:
    """The words of page `number` (from 1) with their boxes as shown, by default all of them.

    `turn` and `skew` are those of a `PageReading`: what the page is shown with on top of its
    own /Rotate. Raises RecognitionCrashed where PDFium cannot read the page.
    """
    page = opened(pdf).pages.p(number)
    box, total = visible_box(page), (turn_of(page) + turn) % 360
    size = turned_size(total, box.width, box.height)
    to_view = chain(straightening(skew, *size), as_shown(box, total))
    lines: list[list[Word]] = [[]]
    letters: list[_Letter] = []
    for letter in [*_letters(pdf, number, with_hidden=with_hidden), ("\n", None)]:
        if not letter[0].isspace():
            letters.append(letter)
            continue
        if word := _word(letters):
            text, (left, bottom, right, top) = word
            place = bounds(to_view, left, bottom, right - left, top - bottom)
            lines[-1].append(Word.at(place, text, 1.0))
        letters = []
        if letter[0] != " ":
            lines.append([])
    return tuple(replace(word, printed=True) for word in in_reading_order(map(Piece, lines)))


def _letters(pdf: Path, number: int, *, with_hidden: bool) -> list[_Letter]:
    """Every letter with its box in user space (left, bottom, right, top), spaces included."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            text = document[number - 1].get_textpage()
            return list(_each_letter(text, with_hidden=with_hidden))
    except pypdfium2.PdfiumError as error:
        raise RecognitionCrashed(reason=f"PDFium: {error}") from error


def _each_letter(text: pypdfium2.PdfTextPage, *, with_hidden: bool) -> Iterator[_Letter]:
    for index in range(text.count_chars()):
        if not with_hidden and _is_hidden(text, index):
            continue
        letter = chr(raw.FPDFText_GetUnicode(text, index))
        if letter == _HYPHENATED:
            yield "-", None
        elif letter.isspace() or letter.isprintable():
            yield letter, None if letter.isspace() else text.get_charbox(index, loose=True)


def _is_hidden(text: pypdfium2.PdfTextPage, index: int) -> bool:
    drawn = raw.FPDFText_GetTextObject(text, index)
    mode = raw.FPDFTextObj_GetTextRenderMode(drawn) if drawn else None
    return bool(mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _word(letters: list[_Letter]) -> tuple[str, tuple[float, float, float, float]] | None:
    boxes = [box for _, box in letters if box]
    if not boxes:
        return None
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    text = nfc("".join(letter for letter, _ in letters))
    return text, (min(lefts), min(bottoms), max(rights), max(tops))
