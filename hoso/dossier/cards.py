"""A citizen's card: whose it is, what is odd about it, and what it vouches for. Pure.

A forged QR is as easily printed as a true one; that the card is a card, the clerk sees.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from hoso.barcode.card import CardFields, CardSex, parse_card
from hoso.barcode.vietnamese import Letters
from hoso.dossier.numbers import CitizenId, OldCitizenNumber, Sex
from hoso.text import fold

_OLD_DIGITS = 9
_SEXES = {CardSex.MALE: Sex.MALE, CardSex.FEMALE: Sex.FEMALE}


class CardWarning(StrEnum):
    """What is odd about a card that may still be right: the clerk compares it with its print."""

    LETTERS_DAMAGED = "card_letters_damaged"
    SEX_DIFFERS = "card_sex_differs"
    BIRTH_YEAR_DIFFERS = "card_birth_year_differs"
    DAYS_TO_COME = "card_days_to_come"


class CardDifference(StrEnum):
    """Where a card is unlike what is on file for its number."""

    NAME = "owner_name_differs"
    BIRTH_DATE = "owner_birth_date_differs"


_CONTRADICTIONS = frozenset(CardWarning) - {CardWarning.LETTERS_DAMAGED}


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """What receiving needs of a card; its other fields go no further. Silent in any repr.

    `old_number` is that of the identity card before it, where it had 9 digits.
    """

    number: CitizenId
    name: str
    born_on: date
    old_number: OldCitizenNumber | None
    warnings: tuple[CardWarning, ...]

    @classmethod
    def read(cls, text: str, *, today: date) -> Self:
        """The card whose QR text was scanned. Refuses with CardQrMalformed, and as CitizenId."""
        fields = parse_card(text)
        number = CitizenId.parse(fields.citizen_id, today=today)
        warnings = tuple(_warnings(fields, number, today))
        old = OldCitizenNumber(fields.old_id) if len(fields.old_id) == _OLD_DIGITS else None
        return cls(number, fields.full_name, fields.born_on, old, warnings)

    def is_named(self, name: str) -> bool:
        """Whether it bears that name. Accents are not compared: names on file may lack them."""
        return fold(name) == fold(self.name)

    def differences(self, name: str, born_on: date | None) -> list[CardDifference]:
        """How it is unlike the name and the birth date (None: unknown) on file."""
        found = [] if self.is_named(name) else [CardDifference.NAME]
        if born_on not in {None, self.born_on}:
            found.append(CardDifference.BIRTH_DATE)
        return found

    def vouches_for(self, name: str) -> bool:
        """Whether it confirms its number and birth date of somebody on file under that name.

        A card that contradicts itself vouches for nobody.
        """
        return self.is_named(name) and not _CONTRADICTIONS.intersection(self.warnings)


def _warnings(fields: CardFields, number: CitizenId, today: date) -> Iterator[CardWarning]:
    if fields.letters is Letters.DAMAGED:
        yield CardWarning.LETTERS_DAMAGED
    if fields.sex is not None and _SEXES[fields.sex] is not number.sex:
        yield CardWarning.SEX_DIFFERS
    if fields.born_on.year != number.birth_year:
        yield CardWarning.BIRTH_YEAR_DIFFERS
    if max(fields.born_on, fields.issued_on or today) > today:
        yield CardWarning.DAYS_TO_COME
