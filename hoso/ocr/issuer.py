"""Who issued a paper, from the words on it. Pure.

Agencies stand in capitals above or beside the national motto; civil status papers name the office
of registration behind a label; a few papers name the agency below the motto.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from rapidfuzz import fuzz

from hoso.ocr.labels import SIGNS, Line, Place, Text, Value
from hoso.ocr.words import Word
from hoso.text import letters_of, nfc

_MOTTO: Final = letters_of("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
_ALIKE: Final = 80.0
_MOTTO_SHARE: Final = 0.8
_LABELS: Final = (
    "Nơi đăng ký khai sinh",
    "Nơi đăng ký kết hôn",
    "Nơi đăng ký khai tử",
    "Cơ quan cấp",
)
_LINES_BEFORE_MOTTO: Final = 6
_LINES_BELOW_MOTTO: Final = 6
# How the name of an agency begins, without accents and blanks.
_AGENCIES: Final = re.compile(
    r"uybannhandan|toaan|congan|vanphong|chinhanh|thutuong|chutichnuoc|bo[a-z]{4}|so[a-z]{3}"
    r"|truong(daihoc|caodang|trung|tieu)|benhvien|trungtam|phong|caithanh"
)

_PLACES: Final = re.compile(r"xa|phuong|dackhu|tinh|thanhpho")


def issuer_of(text: Text) -> Value | None:
    """The agency's name; None where nothing says it."""
    return _above_the_motto(text) or _behind_a_label(text) or _below_the_motto(text)


def as_issuer(value: Value) -> str:
    """The name as it is kept: signs at its ends left out."""
    return nfc(value.text).strip(SIGNS + " -–_")


def _above_the_motto(text: Text) -> Value | None:
    motto = _motto_line(text)
    if motto is None:
        return None
    first = max(0, motto - _LINES_BEFORE_MOTTO)
    lines = [number for number in range(first, motto) if _names(text.lines[number])]
    return _together(text, lines)


def _below_the_motto(text: Text) -> Value | None:
    begin = (_motto_line(text) or 0) + 1
    for number in range(begin, min(begin + _LINES_BELOW_MOTTO, len(text.lines))):
        line = text.lines[number]
        if _in_capitals(line.words) and _AGENCIES.match(line.letters):
            after = range(number + 1, len(text.lines))
            places = takewhile(lambda at: _PLACES.match(text.lines[at].letters), after)
            return _together(text, [number, *places])
    return None


def _behind_a_label(text: Text) -> Value | None:
    for label in _LABELS:
        for place in text.after_label(label):
            if not text.ends_with_colon(place):
                continue
            if words := list(_answer(text.lines[place.line], place)):
                return text.value(words, place.line)
    return None


def _answer(line: Line, place: Place) -> Iterator[Word]:
    """The rest of the line, as far as the next label on it."""
    words = [line.words[at] for at in line.words_from(place.at)]
    for at, word in enumerate(words):
        if any(later.text.endswith(":") for later in words[at : at + 3]):
            return
        yield word


def _motto_line(text: Text) -> int | None:
    for number, line in enumerate(text.lines):
        long_enough = len(line.letters) >= _MOTTO_SHARE * len(_MOTTO)
        if line.page == 0 and long_enough and _is_motto(line):
            return number
    return None


def _is_motto(line: Line) -> bool:
    return fuzz.partial_ratio(_MOTTO, line.letters) >= _ALIKE


def _names(line: Line) -> bool:
    """Whether a line may be of an agency's name: capitals, and no number or form's name."""
    return _in_capitals(line.words) and not re.match(r"so\d|mau|doclap", line.letters)


def _in_capitals(words: Sequence[Word]) -> bool:
    letters = [sign for word in words for sign in word.text if sign.isalpha()]
    return len(letters) > 2 and sum(map(str.isupper, letters)) >= 0.8 * len(letters)  # noqa: PLR2004


def _together(text: Text, numbers: Sequence[int]) -> Value | None:
    words = tuple(word for number in numbers for word in text.lines[number].words)
    return Value(words, text.lines[numbers[0]].page, Place(numbers[0], 0)) if words else None
