"""Invented people: names with all their marks, numbers built as the law builds them.

Any likeness is chance: given name, middle name, home and number are drawn apart.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from random import Random

from tests.paper.places import COMMUNES, Commune

_NAMES = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
# With their weights, roughly as they live together.
_ETHNICITIES = (("Kinh", "Tày", "Thái", "Mường", "Khmer"), (90, 3, 3, 2, 2))


class Sex(Enum):
    """Sex as papers print it."""

    MALE = "Nam"
    FEMALE = "Nữ"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone a paper speaks of."""

    name: str
    sex: Sex
    born: date
    citizen_id: str
    card_issued_on: date
    phone: str
    street: str
    home: Commune
    ethnicity: str

    @property
    def address(self) -> str:
        """Where the person lives, in the two tiers left since July 2025."""
        return f"{self.street}, {self.home.full_name}"

    @property
    def family_name(self) -> str:
        """The first word of the name."""
        return self.name.split(maxsplit=1)[0]

    @property
    def title(self) -> str:
        """Ông or Bà."""
        return "Ông" if self.sex is Sex.MALE else "Bà"


def dice(*seed: object) -> Random:
    """The chance of one paper, the same for the same seed in every process and version."""
    return Random("/".join(map(str, seed)))  # noqa: S311 - seeded so that papers repeat


def draw_person(
    rng: Random,
    *,
    sex: Sex | None = None,
    born: tuple[date, date] | None = None,
    home: Commune | None = None,
    family: str | None = None,
) -> Person:
    """Someone born between the two days of `born`; else an adult."""
    sex = sex or rng.choice(list(Sex))
    birthday = draw_day(rng, *(born or years(1962, 2003)))
    home = home or rng.choice(COMMUNES)
    return Person(
        name=draw_name(rng, sex, family),
        sex=sex,
        born=birthday,
        citizen_id=draw_citizen_id(rng, sex, birthday, home.id_prefix),
        card_issued_on=draw_day(rng, date(2021, 6, 1), date(2025, 6, 30)),
        phone=f"09{rng.randrange(10**8):08}",
        street=draw_street(rng, home),
        home=home,
        ethnicity=rng.choices(*_ETHNICITIES)[0],
    )


def draw_name(rng: Random, sex: Sex, family: str | None = None) -> str:
    """Family, middle and given name."""
    middle, given = rng.choice(_NAMES["middle"][sex.name]), rng.choice(_NAMES["given"][sex.name])
    return f"{family or rng.choice(_NAMES['family'])} {middle} {given}"


def draw_citizen_id(rng: Random, sex: Sex, born: date, prefix: str) -> str:
    """Twelve digits: place of registration, century and sex, two digits of the year, six drawn."""
    century_and_sex = (born.year // 100 - 19) * 2 + (sex is Sex.FEMALE)
    return f"{prefix}{century_and_sex}{born.year % 100:02}{rng.randrange(1_000_000):06}"


def draw_street(rng: Random, home: Commune) -> str:
    """The part of an address below the commune."""
    if home.is_ward:
        return f"số {rng.randint(2, 399)} đường {rng.choice(_NAMES['streets'])}"
    return f"thôn {rng.choice(_NAMES['hamlets'])}"


def years(first: int, last: int) -> tuple[date, date]:
    """From New Year's Day of the first year to the last day of the last."""
    return date(first, 1, 1), date(last, 12, 31)


def draw_day(rng: Random, first: date, last: date) -> date:
    """Any day from `first` to `last`, both included."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def draw_working_day(rng: Random, first: date, last: date) -> date:
    """A day on which an office could have signed; Saturdays and Sundays become Fridays."""
    day = draw_day(rng, first, last)
    return day - timedelta(days=max(0, day.weekday() - 4))
