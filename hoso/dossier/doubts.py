"""What is odd about fields that were read from a paper, and what two sources agree upon. Pure.

A citizen id has no check digit: however surely it was read, it is somebody's only when a card has
vouched for them. That it is the number which the clerk typed settles how it reads, not whose it is.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hoso.dossier.numbers import CitizenId, Sex, TaxCode
from hoso.errors import HosoError
from hoso.text import fold

SURE: Final = 0.9
"""A word that was read with less may be wrong too often to be taken unseen."""

CITIZEN_ID, BIRTH_DATE, OWNER_NAME = "citizen_id", "birth_date", "owner_name"
ISSUED_ON, VALID_UNTIL = "issued_on", "valid_until"
TAX_CODE, SEX = "tax_code", "sex"
SPOUSE_NAME, SPOUSE_CITIZEN_ID = "spouse_name", "spouse_citizen_id"

_SEXES = {"Nam": Sex.MALE, "Nữ": Sex.FEMALE}
_ID_DIGITS = 12
_NUMBERS = (CITIZEN_ID, SPOUSE_CITIZEN_ID)
_NAMES = (OWNER_NAME, SPOUSE_NAME)
# What fields say of whom: the first person of a paper, and the second.
_PRINCIPAL: Final = {CITIZEN_ID: "number", OWNER_NAME: "name", BIRTH_DATE: "born_on"}
_PEOPLE: Final = (_PRINCIPAL, {SPOUSE_CITIZEN_ID: "number", SPOUSE_NAME: "name"})
WHOSE: Final = frozenset().union(*_PEOPLE)
"""The fields that say whose a paper is."""


class Doubt(StrEnum):
    """Why a person must look at a field; those that do most harm come first."""

    OTHER_OWNER = "other_owner"
    OTHER_TYPE = "other_type"
    OTHER_NAME = "other_name"
    OTHER_BIRTH_DATE = "other_birth_date"
    IMPOSSIBLE_ID = "impossible_id"
    UNLIKE_BIRTH_DATE = "unlike_birth_date"
    UNLIKE_SEX = "unlike_sex"
    UNKNOWN_PROVINCE = "unknown_province"
    IN_THE_FUTURE = "in_the_future"
    BEFORE_BIRTH = "before_birth"
    IMPOSSIBLE_TAX_CODE = "impossible_tax_code"
    ENDS_BEFORE_ISSUE = "ends_before_issue"
    READ_BADLY = "read_badly"
    DECIDES_VALIDITY = "decides_validity"


@dataclass(frozen=True, slots=True)
class Read:
    """A field as it was read: dates as ISO; confidence 0–1."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom the dossier is for: what the clerk received, not what was read."""

    number: str
    name: str
    born_on: date | None = None  # as their card says; None: no card has vouched for them

    @property
    def is_person(self) -> bool:
        """Whether papers can name the owner by a citizen id; an organisation's name its people."""
        return len(self.number) == _ID_DIGITS


def doubts_of(
    read: Mapping[str, Read], *, owner: Owner, today: date, deciding: Container[str] = ()
) -> dict[str, tuple[Doubt, ...]]:
    """What is odd about each field that was read, worst first; a field without doubts has none.

    `deciding` are the fields that decide how long the paper is good: those a person must see.
    """
    found: dict[str, list[Doubt]] = {key: [] for key in read}
    for key, field in read.items():
        if field.confidence < SURE:
            found[key].append(Doubt.READ_BADLY)
        if key in deciding:
            found[key].append(Doubt.DECIDES_VALIDITY)
    _judge_id(read, found, owner, today)
    _judge_name(read, found, owner)
    _judge_tax_code(read, found, owner)
    _judge_birth_date(read, found, owner)
    _judge_days(read, found, today)
    order = list(Doubt)
    return {key: tuple(sorted(set(doubts), key=order.index)) for key, doubts in found.items()}


def harm_of(doubts: Sequence[Doubt]) -> int | None:
    """How bad a mistake would be here, 0 the worst; None where nothing is doubted."""
    return min((list(Doubt).index(doubt) for doubt in doubts), default=None)


def matched(read: Mapping[str, Read], owner: Owner) -> frozenset[str]:
    """The number and name on the paper, where both are what the clerk received.

    Two readings that are independent of each other: how the paper reads is settled. Whose number
    it is rests on what was typed.
    """
    alike = _alike(read, _PRINCIPAL, owner) & {CITIZEN_ID, OWNER_NAME}
    return alike if len(alike) == 2 else frozenset()  # noqa: PLR2004  # both of them


def agreed(read: Mapping[str, Read], owner: Owner) -> frozenset[str]:
    """The fields that the owner's card confirms: none without a card, nor where one contradicts it.

    The number alone says whose the paper is, or name and birth date together do. What was read
    badly confirms nothing: another number may have been misread as the owner's.
    """
    if owner.born_on is None:
        return frozenset()
    return frozenset().union(*(_agreed(read, person, owner) for person in _PEOPLE))


def _agreed(read: Mapping[str, Read], person: Mapping[str, str], owner: Owner) -> frozenset[str]:
    alike = _alike(read, person, owner)
    if alike != read.keys() & person.keys():  # another number, name or birth date: somebody else
        return frozenset()
    sure = frozenset(key for key in alike if read[key].confidence >= SURE)
    facts = {person[key] for key in sure}
    return sure if "number" in facts or facts >= {"name", "born_on"} else frozenset()


def _alike(read: Mapping[str, Read], person: Mapping[str, str], owner: Owner) -> frozenset[str]:
    """The fields of one of the paper's people that say the same of the owner.

    Accents are not compared: they are misread most.
    """
    born_on = owner.born_on.isoformat() if owner.born_on else ""
    own = {"number": owner.number, "name": fold(owner.name), "born_on": born_on}
    said = {key: read[key].value for key in read.keys() & person.keys()}
    return frozenset(
        key
        for key, value in said.items()
        if own[person[key]] == (fold(value) if person[key] == "name" else value)
    )


def _judge_id(
    read: Mapping[str, Read], found: dict[str, list[Doubt]], owner: Owner, today: date
) -> None:
    field = read.get(CITIZEN_ID)
    if field is None:
        return
    doubts = found[CITIZEN_ID]
    if owner.is_person and owner.number not in _values(read, _NUMBERS):
        doubts.append(Doubt.OTHER_OWNER)
    try:
        number = CitizenId.parse(field.value, today=today)
    except HosoError:
        doubts.append(Doubt.IMPOSSIBLE_ID)
        return
    if number.warnings:
        doubts.append(Doubt.UNKNOWN_PROVINCE)
    born = _day(read, BIRTH_DATE)
    if born and born.year != number.birth_year:
        doubts.append(Doubt.UNLIKE_BIRTH_DATE)
        found[BIRTH_DATE].append(Doubt.UNLIKE_BIRTH_DATE)
    sex = read.get(SEX)
    if sex and _SEXES.get(sex.value, number.sex) is not number.sex:
        doubts.append(Doubt.UNLIKE_SEX)


def _judge_name(read: Mapping[str, Read], found: dict[str, list[Doubt]], owner: Owner) -> None:
    named = {fold(name) for name in _values(read, _NAMES)}
    if owner.is_person and OWNER_NAME in read and fold(owner.name) not in named:
        found[OWNER_NAME].append(Doubt.OTHER_NAME)


def _judge_tax_code(read: Mapping[str, Read], found: dict[str, list[Doubt]], owner: Owner) -> None:
    """It has a check digit: one that is wrong was misread, or is no tax code."""
    if TAX_CODE not in read:
        return
    try:
        digits = TaxCode.parse(read[TAX_CODE].value).digits
    except HosoError:
        found[TAX_CODE].append(Doubt.IMPOSSIBLE_TAX_CODE)
        return
    if not owner.is_person and digits != owner.number:
        found[TAX_CODE].append(Doubt.OTHER_OWNER)


def _judge_birth_date(
    read: Mapping[str, Read], found: dict[str, list[Doubt]], owner: Owner
) -> None:
    """Only where the paper's first person is the owner: a child's paper has the child's."""
    alike = _alike(read, _PRINCIPAL, owner)
    if owner.born_on and BIRTH_DATE in read and BIRTH_DATE not in alike and alike:
        found[BIRTH_DATE].append(Doubt.OTHER_BIRTH_DATE)


def _judge_days(read: Mapping[str, Read], found: dict[str, list[Doubt]], today: date) -> None:
    born, issued = _day(read, BIRTH_DATE), _day(read, ISSUED_ON)
    for key, day in ((BIRTH_DATE, born), (ISSUED_ON, issued)):
        if day and day > today:
            found[key].append(Doubt.IN_THE_FUTURE)
    if born and issued and issued < born:
        found[ISSUED_ON].append(Doubt.BEFORE_BIRTH)
    ends = _day(read, VALID_UNTIL)
    if ends and issued and ends < issued:
        found[VALID_UNTIL].append(Doubt.ENDS_BEFORE_ISSUE)


def _values(read: Mapping[str, Read], keys: Iterable[str]) -> set[str]:
    """A paper of two people is the paper of either."""
    return {read[key].value for key in keys if key in read}


def _day(read: Mapping[str, Read], key: str) -> date | None:
    return date.fromisoformat(read[key].value) if key in read else None
