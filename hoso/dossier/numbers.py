"""Numbers that say whose papers these are: citizen ids, old ones and tax codes.

None of these values ever shows its number by accident: `repr` and `str` are masked, and no refusal
repeats what was typed. The full number is read on purpose, as `.digits`.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from hoso.errors import (
    CitizenIdBornInFuture,
    CitizenIdMalformed,
    CitizenIdNineDigits,
    OldNumberMalformed,
    TaxCodeMalformed,
)

_DIGIT = re.compile(r"[0-9]")
_SEPARATORS = re.compile(r"[\s.]+")
_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_NINE_DIGITS = re.compile(r"[0-9]{9}")
_TAX_CODE_LENGTHS = (10, 13)

# Where a birth was registered, by the 63 provinces before the mergers of 2025: numbers already
# given out keep them.
_PROVINCE_CODES = """
001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037
038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079
080 082 083 084 086 087 089 091 092 093 094 095 096
"""
_PROVINCES = frozenset(_PROVINCE_CODES.split())
_LAST_PROVINCE = "096"


class Sex(StrEnum):
    """As the citizen number tells it."""

    MALE = "male"
    FEMALE = "female"


class NumberWarning(StrEnum):
    """What is odd about a number that may still be right: the clerk looks once more."""

    UNKNOWN_PROVINCE = "citizen_id_unknown_province"
    BORN_ABROAD = "citizen_id_born_abroad"


@dataclass(frozen=True, slots=True, repr=False)
class _Number:
    """Digits that belong to somebody."""

    digits: str

    @property
    def printed(self) -> str:
        """As it stands on papers."""
        return self.digits

    @property
    def masked(self) -> str:
        """First three and last two digits, the rest as stars: enough to recognise, not to know."""
        return f"{self.printed[:3]}{_DIGIT.sub('*', self.printed[3:-2])}{self.printed[-2:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked!r})"


@dataclass(frozen=True, slots=True, repr=False)
class CitizenId(_Number):
    """A person's 12-digit number (số định danh cá nhân).

    Three digits of province or country, one of century and sex, two of birth year, six at random
    (NĐ 137/2015 Điều 13). It has no check digit: a number that parses may still be mistyped.
    """

    def __post_init__(self) -> None:
        if not _TWELVE_DIGITS.fullmatch(self.digits):
            raise CitizenIdMalformed

    @classmethod
    def parse(cls, text: str, *, today: date | None = None) -> Self:
        """The number in `text`, with spaces and dots between its digits or without.

        Refuses anything but 12 digits, an old 9-digit number, and (given `today`) a birth year
        to come.
        """
        digits = _SEPARATORS.sub("", text)
        if _NINE_DIGITS.fullmatch(digits):
            raise CitizenIdNineDigits
        number = cls(digits)
        if today is not None and number.birth_year > today.year:
            raise CitizenIdBornInFuture(birth_year=number.birth_year)
        return number

    @property
    def birth_year(self) -> int:
        """The 4th digit tells the century, the 5th and 6th the year in it."""
        return 1900 + 100 * (int(self.digits[3]) // 2) + int(self.digits[4:6])

    @property
    def sex(self) -> Sex:
        """An even 4th digit is a man's."""
        return Sex.FEMALE if int(self.digits[3]) % 2 else Sex.MALE

    @property
    def warnings(self) -> tuple[NumberWarning, ...]:
        """Oddities of the first three digits. Never a reason to refuse: the list is recalled."""
        place = self.digits[:3]
        if place in _PROVINCES:
            return ()
        if place > _LAST_PROVINCE:
            return (NumberWarning.BORN_ABROAD,)
        return (NumberWarning.UNKNOWN_PROVINCE,)


@dataclass(frozen=True, slots=True, repr=False)
class OldCitizenNumber(_Number):
    """The 9 digits of an old identity card (chứng minh nhân dân), no longer valid by itself.

    It stands on older papers that still serve, and in the QR of many a new card. Nobody can tell
    by its digits whose it is: a person is found by it once somebody said so (`aliases`).
    """

    def __post_init__(self) -> None:
        if not _NINE_DIGITS.fullmatch(self.digits):
            raise OldNumberMalformed

    @classmethod
    def parse(cls, text: str) -> Self:
        """The number in `text`, with spaces and dots between its digits or without."""
        return cls(_SEPARATORS.sub("", text))


@dataclass(frozen=True, slots=True, repr=False)
class TaxCode(_Number):
    """An organisation's 10 digits, or 13 for a branch (mã số thuế), check digit verified."""

    def __post_init__(self) -> None:
        try:
            compact = mst.validate(self.digits)
        except ValidationError as invalid:
            raise TaxCodeMalformed from invalid
        if compact != self.digits:
            raise TaxCodeMalformed

    @classmethod
    def parse(cls, text: str) -> Self:
        """The code in `text`; spaces, dots and the branch's dash may stand in it."""
        return cls(mst.compact(text))

    @property
    def is_branch(self) -> bool:
        """Whether it names a branch of an organisation rather than the organisation."""
        return len(self.digits) == max(_TAX_CODE_LENGTHS)

    @property
    def printed(self) -> str:
        """A branch's with a dash: 0314409058-002."""
        head, branch = self.digits[:10], self.digits[10:]
        return f"{head}-{branch}" if branch else head


OwnerNumber = CitizenId | OldCitizenNumber | TaxCode
"""What an owner is found by. New owners are made under a citizen id or a tax code alone."""


def parse_person_number(text: str, *, today: date | None = None) -> CitizenId | OldCitizenNumber:
    """A person's number of today, or an old one: 9 digits."""
    if _NINE_DIGITS.fullmatch(_SEPARATORS.sub("", text)):
        return OldCitizenNumber.parse(text)
    return CitizenId.parse(text, today=today)


def parse_owner_number(text: str, *, today: date | None = None) -> OwnerNumber:
    """A person's or an organisation's number, told apart by how many digits it has.

    Since 1/7/2025 a person's tax code is the citizen number, so 12 digits are always a person.
    """
    if len(mst.compact(text)) in _TAX_CODE_LENGTHS:
        return TaxCode.parse(text)
    return parse_person_number(text, today=today)
