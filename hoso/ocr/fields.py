"""What a paper says of its owner and of itself, each with its place, from words read. Pure.

Labels are those of Vietnamese forms and certificates. Whoever is named first is the owner; what
stands before the next person's name is the owner's.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hoso.ocr.issuer import as_issuer, issuer_of
from hoso.ocr.labels import BEGINNING, SIGNS, DateFound, Place, Text, Value, dates_in
from hoso.ocr.people import as_name, people_in
from hoso.ocr.words import Word
from hoso.text import fold, nfc


class FieldKey(StrEnum):
    """The fields every kind of paper may have."""

    OWNER_NAME = "owner_name"
    CITIZEN_ID = "citizen_id"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    PAPER_NUMBER = "paper_number"
    TAX_CODE = "tax_code"
    ISSUED_ON = "issued_on"
    VALID_UNTIL = "valid_until"
    ISSUER = "issuer"
    SPOUSE_NAME = "spouse_name"
    SPOUSE_CITIZEN_ID = "spouse_citizen_id"


@dataclass(frozen=True, slots=True)
class Field:
    """A field as read: dates as ISO, names with capitals at their words' beginnings.

    `box` is x0, y0, x1, y1 in points on `page` (from 0); `confidence` is the chance that its
    least sure word is right.
    """

    key: FieldKey
    value: str
    page: int
    box: tuple[float, float, float, float]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Keys:
    """Where what is said of a person goes."""

    name: FieldKey
    citizen_id: FieldKey
    birth_date: FieldKey | None
    sex: FieldKey | None


_OWNER: Final = _Keys(FieldKey.OWNER_NAME, FieldKey.CITIZEN_ID, FieldKey.BIRTH_DATE, FieldKey.SEX)
_KEYS_OF: Final = (_OWNER, _Keys(FieldKey.SPOUSE_NAME, FieldKey.SPOUSE_CITIZEN_ID, None, None))
_OF_TWO: Final = frozenset({"marriage_certificate"})
_SEXES: Final = {"nam": "Nam", "nu": "Nữ"}
_BIRTH_LABELS: Final = ("ngày, tháng, năm sinh", "sinh ngày", "ngày sinh")

# In the order in which they are asked for; the first that has an answer is taken.
_NUMBER_LABELS: Final[Mapping[str, Sequence[str]]] = {
    "": ("Số",),
    "land_use_certificate": ("Số phát hành",),
    "household_business_certificate": ("Mã số hộ kinh doanh",),
    "enterprise_certificate": ("Mã số doanh nghiệp",),
    "disability_certificate": ("Số hiệu",),
    "diploma": ("Số vào sổ gốc cấp bằng", "Số vào sổ"),
    "merit_certificate": ("Quyết định số",),
    "authorisation": ("Chứng thực chữ ký số", "Số công chứng"),
    "property_contract": ("Số công chứng", "công chứng số"),
}
_TAX_LABELS: Final = ("Mã số doanh nghiệp", "Mã số thuế")
_TAX_CODE = re.compile(r"\d{10}(?:-?\d{3})?")
_END_LABELS: Final = ("có giá trị đến", "Có giá trị đến", "giá trị sử dụng đến", "hết hạn ngày")
_LETTERS_TO_THE_END: Final = 12  # "hết ngày"
_ISSUE_LABELS: Final = ("Ngày, tháng, năm đăng ký", "Đăng ký lần đầu", "Hôm nay")

_ID_DIGITS: Final = 12
_NUMBER = re.compile(r"[\w.&,/-]*\d[\w.&,/-]*")
_LINES_OF_AN_ANSWER: Final = 2
_BOTH: Final = 2
_GUTTER_POINTS: Final = 4.0
_WORDS_BEFORE_A_DATE: Final = 6
_GAP_IN_HEIGHTS: Final = 1.5


def read_fields(pages: Sequence[Sequence[Word]], kind: str | None) -> list[Field]:
    """The fields found on a paper of that kind; what is not found is left out."""
    text = Text.of(pages)
    found = list(_of_paper(text, kind or ""))
    if kind in _OF_TWO:
        for half, keys in zip(_halves(pages, text), _KEYS_OF, strict=False):
            found += _of_first(half, keys)
    else:
        found += _of_first(text, _OWNER)
    return found


# Of people -------------------------------------------------------------------------------------


def _of_first(text: Text, keys: _Keys) -> Iterator[Field]:
    people = people_in(text)
    if people:
        until = people[1].begins if len(people) > 1 else None
        yield from _of_person(text, people[0], until, keys)


def _halves(pages: Sequence[Sequence[Word]], text: Text) -> list[Text]:
    """A paper of two people, as each of them would have it: columns, or one below the other."""
    people = people_in(text)
    if len(people) < _BOTH:
        return [text]
    first, second = people[:_BOTH]
    if second.words[0].x - first.words[-1].x < first.words[-1].width:
        return [text, text.since(second.begins)]
    label = first.words[0].x - text.lines[first.begins.line].words[0].x
    middle = second.words[0].x - label - _GUTTER_POINTS
    return [
        Text.of([[word for word in words if (word.x < middle) == left] for words in pages])
        for left in (True, False)
    ]


def _of_person(text: Text, person: Value, until: Place | None, keys: _Keys) -> Iterator[Field]:
    yield _field(keys.name, as_name(person.text), person)
    number = _first_id(text, person.begins, until)
    if number:
        yield _field(keys.citizen_id, _digits(number.text), number)
    born = _first_after(text, _BIRTH_LABELS, person.begins, until)
    if born and keys.birth_date:
        yield _field(keys.birth_date, born.day.isoformat(), born.value)
    sex = _sex(text, person.begins, until)
    if sex and keys.sex:
        yield _field(keys.sex, _SEXES[fold(sex.text.strip(SIGNS))], sex)


def _sex(text: Text, since: Place, until: Place | None) -> Value | None:
    """The word behind its label: Nam or Nữ."""
    for place in text.after_label("Giới tính", since=since, until=until):
        line = text.lines[place.line]
        for word in [line.words[at] for at in line.words_from(place.at)][:1]:
            if fold(word.text.strip(SIGNS)) in _SEXES:
                return text.value([word], place.line)
    return None


def _first_id(text: Text, since: Place, until: Place | None) -> Value | None:
    """The first twelve digits, in a word of their own or in several: forms have a box a digit."""
    last = until.line if until else len(text.lines) - 1
    for number in range(since.line, last + 1):
        for run in _runs_of_digits(text.lines[number].words):
            value = text.value(run, number)
            if until and value.begins >= until:
                return None
            if value.begins >= since and len(_digits(value.text)) == _ID_DIGITS:
                return value
    return None


def _runs_of_digits(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Words of digits alone that stand side by side; a sign after one ends the run."""
    run: list[Word] = []
    for word in words:
        core = word.text.strip(SIGNS)
        if core.isdecimal():
            run.append(word)
        if run and (not core.isdecimal() or word.text != core):
            yield run
            run = []
    if run:
        yield run


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


# The paper itself ------------------------------------------------------------------------------


def _of_paper(text: Text, kind: str) -> Iterator[Field]:
    labels = _NUMBER_LABELS.get(kind, _NUMBER_LABELS[""])
    number = _first_answer(text, labels, _number_at)
    if number:
        yield _field(FieldKey.PAPER_NUMBER, _as_number(number.text), number)
    issued = _first_after(text, _ISSUE_LABELS, BEGINNING, None) or _placed_date(text)
    if issued:
        yield _field(FieldKey.ISSUED_ON, issued.day.isoformat(), issued.value)
    if ends := _end(text):
        yield _field(FieldKey.VALID_UNTIL, ends.day.isoformat(), ends.value)
    if tax_code := _first_answer(text, _TAX_LABELS, _tax_code_at):
        yield _field(FieldKey.TAX_CODE, _as_number(tax_code.text), tax_code)
    if issuer := issuer_of(text):
        yield _field(FieldKey.ISSUER, as_issuer(issuer), issuer)


def _first_answer(
    text: Text, labels: Sequence[str], answer: Callable[[Text, Place], Value | None]
) -> Value | None:
    for label in labels:
        for place in text.after_label(label):
            found = answer(text, place)
            if found:
                return found
    return None


def _number_at(text: Text, place: Place) -> Value | None:
    """A number right after its label; one in two parts (AA 52527928) is one."""
    line = text.lines[place.line]
    words = [line.words[at] for at in line.words_from(place.at)]
    series = [words[0]] if words and words[0].text.isupper() and words[0].text.isalpha() else []
    rest = words[len(series) :]
    if not rest or not _NUMBER.fullmatch(rest[0].text):
        return None
    return Value((*series, rest[0]), line.page, place)


def _tax_code_at(text: Text, place: Place) -> Value | None:
    """Ten digits, or thirteen; a person's twelve are no organisation's."""
    found = _number_at(text, place)
    return found if found and _TAX_CODE.fullmatch(_as_number(found.text)) else None


def _end(text: Text) -> DateFound | None:
    """The last day of validity: the date right behind the words that say so."""
    for label in _END_LABELS:
        for place in text.after_label(label):
            for number in range(place.line, min(place.line + _LINES_OF_AN_ANSWER, len(text.lines))):
                begin = place.at if number == place.line else 0
                found = next(dates_in(text, number, since=begin), None)
                if found and found.value.begins.at - begin <= _LETTERS_TO_THE_END:
                    return found
    return None


def _as_number(text: str) -> str:
    return nfc(text).strip(" .,;:")


def _placed_date(text: Text) -> DateFound | None:
    """The date beside the place, as it stands under the motto or over the signature."""
    for number, line in enumerate(text.lines):
        for found in dates_in(text, number):
            place = _side_by_side(line.words_before(found.value.begins.at))
            if 0 < len(place) <= _WORDS_BEFORE_A_DATE and _ends_a_place(place):
                return found
    return None


def _side_by_side(words: Sequence[Word]) -> Sequence[Word]:
    """The last words of a line without a gap between them: signatures stand in columns."""
    for at in range(len(words) - 1, 0, -1):
        before, word = words[at - 1], words[at]
        if word.x - (before.x + before.width) > _GAP_IN_HEIGHTS * word.height:
            return words[at:]
    return words


def _ends_a_place(words: Sequence[Word]) -> bool:
    """Whether a comma follows, or the full stop that it is misread as, and all are in capitals."""
    return words[-1].text[-1] in ",." and all(word.text[0].isupper() for word in words)


def _first_after(
    text: Text, labels: Sequence[str], since: Place, until: Place | None
) -> DateFound | None:
    """The first date that answers one of these labels, on its line or the next."""
    for label in labels:
        for place in text.after_label(label, since=since, until=until):
            for number in range(place.line, min(place.line + _LINES_OF_AN_ANSWER, len(text.lines))):
                begin = place.at if number == place.line else 0
                for found in dates_in(text, number, since=begin):
                    return found
    return None


def _field(key: FieldKey, value: str, found: Value) -> Field:
    return Field(key, value, found.page, found.box, found.confidence)
