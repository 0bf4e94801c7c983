"""The QR of a citizen's card: taken apart, put right where that can be proved, or refused. Pure.

Seven fields between bars: number | old number or nothing | full name | day of birth | sex |
address | day of issue; later cards add more, which are kept apart and not read. A field is only
what stands in its own place: readers that drop the empty second field are found out, never
shifted by one. All of it is personal: no repr, refusal or log says any of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hoso.barcode.vietnamese import Letters, Mended, is_oddly_cased, mended
from hoso.errors import CardQrMalformed
from hoso.text import fold

_FIELDS: Final = 7
_LEAST_FIELDS: Final = 6  # of what is a card, though perhaps not a readable one
_NUMBER_WITHIN: Final = 40  # characters: the first field, with the longest label
_BIRTH_DATE_PLACES: Final = (2, 3)
_LONGEST_NAME: Final = 150
_SIGNS_OF_NAMES: Final = frozenset(" '\u2019-.")
_LONGEST_SEX: Final = 12  # Nữ, garbled twice

_TWELVE_DIGITS: Final = re.compile(r"[0-9]{12}")
_OLD_NUMBER: Final = re.compile(r"[0-9]{9}|[0-9]{12}")
_NO_LETTERS: Final = re.compile(r"[0-9 ,;.-]*")  # dashes, or numbers of cancelled cards
_DATE: Final = re.compile(r"([0-9]{2})([/.-]?)([0-9]{2})\2([0-9]{4})")
_LABEL: Final = re.compile(r"([^:|]{1,40}):\s*(.*)", re.DOTALL)
_READERS_MARK: Final = re.compile(r"^\]Q[0-9]")
# What readers put around a text: Enter, tabs, start and end signs, a byte-order mark.
_AROUND: Final = "".join(map(chr, range(0x21))) + "\x7f\ufeff"
_LOST_LETTER: Final = "?"  # what stands for a letter that a reader cannot type

# How makers of readers label the fields, by place; folded.
_LABELS: Final[Sequence[frozenset[str]]] = tuple(
    frozenset(fold(label) for label in labels.split("/"))
    for labels in (
        "CCCD/Số CCCD/CC/Số căn cước/Số định danh/Số định danh cá nhân/ID/Số",
        "CMND/Số CMND/CMND cũ/Số CMND cũ",
        "Họ tên/Họ và tên/Tên/Name/Full name",
        "Ngày sinh/Sinh ngày/DOB/Date of birth",
        "Giới tính/Sex/Gender",
        "Địa chỉ/Thường trú/Nơi thường trú/Nơi cư trú/Address",
        "Ngày cấp/Cấp ngày/Issued/Date of issue",
    )
)
_EVERY_LABEL: Final = frozenset().union(*_LABELS)


class CardSex(StrEnum):
    """As a card prints it."""

    MALE = "Nam"
    FEMALE = "Nữ"


_SEXES: Final = {fold(sex): sex for sex in CardSex}


class CardFault(StrEnum):
    """Why a text is no card's that can be relied on."""

    NO_CARD = "no_card"
    SIX_FIELDS = "six_fields"
    LABELS = "labels"
    NUMBER = "number"
    OLD_NUMBER = "old_number"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    ADDRESS = "address"
    ISSUE_DATE = "issue_date"


_REASONS: Final[Mapping[CardFault, tuple[str, str]]] = {
    CardFault.NO_CARD: ("không phải mã QR của thẻ căn cước.", "this is no identity card's QR."),
    CardFault.SIX_FIELDS: (
        "thiếu một trường; đầu đọc có thể đã bỏ ô số CMND cũ để trống.",
        "a field is missing; the reader may drop the empty field of the old number.",
    ),
    CardFault.LABELS: ("các trường không đúng thứ tự.", "the fields are out of order."),
    CardFault.NUMBER: (
        "trường đầu không phải 12 chữ số.",
        "the first field is not 12 digits.",
    ),
    CardFault.OLD_NUMBER: (
        "trường thứ hai không phải số CMND cũ.",
        "the second field is no old number.",
    ),
    CardFault.NAME: ("trường họ tên không phải một tên.", "the name is none."),
    CardFault.BIRTH_DATE: ("ngày sinh không có thật.", "the day of birth does not exist."),
    CardFault.SEX: ("giới tính không phải Nam hoặc Nữ.", "the sex is neither Nam nor Nữ."),
    CardFault.ADDRESS: (
        "trường địa chỉ là ngày hoặc số khác.",
        "a day or number stands for the address.",
    ),
    CardFault.ISSUE_DATE: (
        "ngày cấp không có thật hoặc trước ngày sinh.",
        "the day of issue does not exist, or comes before the day of birth.",
    ),
}


@dataclass(frozen=True, slots=True, repr=False)
class CardFields:
    """What a card's QR says, field by field, in NFC.

    `old_id` is empty, 9 or 12 digits; `sex` None where damage leaves it open; `issued_on` None
    where nothing is said; `further` what later cards add, as it stands. `letters`: how they came.
    """

    citizen_id: str
    old_id: str
    full_name: str
    born_on: date
    sex: CardSex | None
    address: str
    issued_on: date | None
    further: tuple[str, ...]
    letters: Letters


def looks_like_card(text: str) -> bool:
    """Whether it is a card's text, readable or not; never raises.

    Enough to keep a page from being filed: 12 digits, then a day with a sex right behind it.
    """
    if "|" not in text or not _TWELVE_DIGITS.search(text[:_NUMBER_WITHIN]):
        return False
    fields = [_unlabelled(field, _EVERY_LABEL) for field in _fields(_whole(text).text)]
    if len(fields) < _LEAST_FIELDS or not _TWELVE_DIGITS.fullmatch(fields[0]):
        return False
    return any(
        _DATE.fullmatch(fields[place]) and _may_be_sex(fields[place + 1])
        for place in _BIRTH_DATE_PLACES
    )


def parse_card(text: str) -> CardFields:
    """A card's text, however its reader garbled it. Raises CardQrMalformed with a CardFault."""
    whole = _whole(text)
    fields = _fields(whole.text)
    if len(fields) < _LEAST_FIELDS:
        raise _malformed(CardFault.NO_CARD)
    if len(fields) < _FIELDS:
        raise _malformed(CardFault.SIX_FIELDS)
    number, old, name, born, sex, address, issued = map(_in_its_place, fields, _LABELS)
    return CardFields(
        citizen_id=_expect(_TWELVE_DIGITS, number, CardFault.NUMBER),
        old_id=_old_id(old),
        full_name=_name(name, whole.letters),
        born_on=(born_on := _day(born, CardFault.BIRTH_DATE)),
        sex=_sex(sex, whole.letters),
        address=_address(address),
        issued_on=_issued(issued, born_on),
        further=tuple(fields[_FIELDS:]),
        letters=Letters.DAMAGED if is_oddly_cased(name) else whole.letters,
    )


def _whole(text: str) -> Mended:
    """The text without what its reader puts around it, its letters put right."""
    bare = _READERS_MARK.sub("", text.strip(_AROUND))
    found = mended(bare)
    if found.letters is Letters.DAMAGED:
        # What was lost may be lost from fields that nobody reads.
        fields = bare.split("|")
        read = mended("|".join(fields[:_FIELDS]))
        found = Mended("|".join([read.text, *fields[_FIELDS:]]), read.letters)
    if _LOST_LETTER in bare:
        return Mended(found.text, Letters.DAMAGED)
    return found


def _fields(text: str) -> list[str]:
    return [" ".join(field.split()) for field in text.split("|")]


def _in_its_place(field: str, labels: frozenset[str]) -> str:
    """A field without its own label; one with another's stands in a wrong place."""
    value = _unlabelled(field, labels)
    if value == field and _unlabelled(field, _EVERY_LABEL) != field:
        raise _malformed(CardFault.LABELS)
    return value


def _unlabelled(field: str, labels: frozenset[str]) -> str:
    match = _LABEL.fullmatch(field)
    return match[2] if match and fold(match[1]) in labels else field


def _expect(form: re.Pattern[str], field: str, fault: CardFault) -> str:
    if not form.fullmatch(field):
        raise _malformed(fault)
    return field


def _old_id(field: str) -> str:
    """What is no old number and no other field's is left out."""
    if not _NO_LETTERS.fullmatch(field) or _DATE.fullmatch(field):
        raise _malformed(CardFault.OLD_NUMBER)
    return field if _OLD_NUMBER.fullmatch(field) else ""


def _name(field: str, letters: Letters) -> str:
    signs = {letter for letter in field if not letter.isalpha()}
    is_whole = letters is Letters.DAMAGED or signs <= _SIGNS_OF_NAMES
    is_name = len(signs) < len(set(field)) and not any(map(str.isdecimal, signs))
    if not (is_name and is_whole) or len(field) > _LONGEST_NAME or fold(field) in _SEXES:
        raise _malformed(CardFault.NAME)
    return field


def _issued(field: str, born_on: date) -> date | None:
    day = _day(field, CardFault.ISSUE_DATE) if field else None
    if day and day < born_on:  # one stands for the other
        raise _malformed(CardFault.ISSUE_DATE)
    return day


def _day(field: str, fault: CardFault) -> date:
    match = _DATE.fullmatch(field)
    try:
        if match:
            return date(int(match[4]), int(match[3]), int(match[1]))
    except ValueError:  # its own sentence would say the day
        pass
    raise _malformed(fault)


def _sex(field: str, letters: Letters) -> CardSex | None:
    sex = _SEXES.get(fold(field))
    if sex is None and not (letters is Letters.DAMAGED and _may_be_sex(field)):
        raise _malformed(CardFault.SEX)
    return sex


def _may_be_sex(field: str) -> bool:
    """Both words begin with an N, whatever became of the rest of them."""
    return field[:1] in {"N", "n"} and len(field) <= _LONGEST_SEX


def _address(field: str) -> str:
    if field.isdecimal() or _DATE.fullmatch(field) or fold(field) in _SEXES:
        raise _malformed(CardFault.ADDRESS)
    return field


def _malformed(fault: CardFault) -> CardQrMalformed:
    reason_vi, reason_en = _REASONS[fault]
    return CardQrMalformed(fault=fault.value, reason_vi=reason_vi, reason_en=reason_en)
