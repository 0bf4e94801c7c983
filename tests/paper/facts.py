"""What a paper says before it is set in type, and the parts that many papers share."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from tests.paper.people import Person, Sex, draw_name, draw_working_day
from tests.paper.places import Commune
from tests.paper.wording import long, short

# Forms, communes and agencies are those of after the mergers; nothing is dated before them.
FIRST_DAY, LAST_DAY = date(2025, 7, 7), date(2026, 10, 30)

Values = dict[str, Any]
Fields = dict[str, str | date]


@dataclass(frozen=True, slots=True)
class Facts:
    """One paper: `values` fill its template, `fields` are what a reader should find on it.

    Fields have the keys `owner_name`, `issued_on` and, where the paper bears them,
    `citizen_id`, `birth_date` and `paper_number`; dates are `date`. `seal` is the text on the
    ring of the round seal (top, bottom), None for papers that private people write.
    """

    values: Values
    fields: Fields
    seal: tuple[str, str] | None


def fields_of(owner: Person, issued: date, number: str | None = None) -> Fields:
    """The fields that most papers have."""
    fields: Fields = {
        "owner_name": owner.name,
        "citizen_id": owner.citizen_id,
        "birth_date": owner.born,
        "issued_on": issued,
    }
    return fields if number is None else fields | {"paper_number": number}


def printed(person: Person) -> Values:
    """A person as templates ask for one."""
    return {
        "name": person.name,
        "title": person.title.lower(),
        "full_title": person.title,
        "sex": person.sex.value,
        "born": short(person.born),
        "year": str(person.born.year),
        "ethnicity": person.ethnicity,
        "citizen_id": person.citizen_id,
        "address": person.address,
        "commune": person.home.full_name,
        "phone": person.phone,
        "card_issued": short(person.card_issued_on),
    }


def committee(commune: Commune) -> Values:
    """The commune's committee as the issuing agency."""
    return {
        "agency": ("ỦY BAN NHÂN DÂN", commune.name.upper()),
        "office": f"Ủy ban nhân dân {commune.full_name}",
        "signer_role": "CHỦ TỊCH",
    }


def committee_seal(commune: Commune) -> tuple[str, str]:
    """The ring of the committee's seal."""
    return f"ỦY BAN NHÂN DÂN {commune.name.upper()}", commune.province.upper()


def place_and_date(commune: Commune, day: date) -> str:
    """Place and date as they stand under the national motto."""
    return f"{commune.name.split(maxsplit=1)[1]}, {long(day)}"


def draw_issue_day(rng: Random) -> date:
    """A working day in the time that papers are from."""
    return draw_working_day(rng, FIRST_DAY, LAST_DAY)


def draw_official(rng: Random) -> str:
    """The name of someone who signs."""
    return draw_name(rng, rng.choice(list(Sex)))
