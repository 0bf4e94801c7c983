"""The household that all papers of one seed speak of: a couple and their newborn.

So the papers of one seed belong in one dossier: the hospital's attestation, the parents' marriage
certificate and the father's form name the same three people, numbers and days.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.paper.facts import FIRST_DAY, Values, printed
from tests.paper.people import Person, Sex, dice, draw_person, draw_working_day, years
from tests.paper.places import COMMUNES, Commune
from tests.paper.wording import short, spelled

_WEDDINGS = (FIRST_DAY, date(2025, 12, 31))
_BIRTHS = (date(2026, 3, 1), date(2026, 9, 20))
_HOSPITALS = ("Bệnh viện Phụ sản", "Bệnh viện Đa khoa", "Bệnh viện Sản - Nhi")


@dataclass(frozen=True, slots=True)
class Family:
    """Parents who live together, and their child from the hospital to the register."""

    mother: Person
    father: Person
    child: Person
    hospital: str
    married_on: date
    attested_on: date
    attestation_number: str
    registered_on: date

    @property
    def commune(self) -> Commune:
        """Where they live."""
        return self.mother.home


def draw_family(seed: int) -> Family:
    """The family of this seed, whatever paper asks for it."""
    rng = dice("family", seed)
    home = rng.choice(COMMUNES)
    mother = draw_person(rng, sex=Sex.FEMALE, born=years(1990, 2003), home=home)
    father = draw_person(rng, sex=Sex.MALE, born=years(1987, 2001), home=home)
    father = replace(father, street=mother.street)
    child = draw_person(rng, born=_BIRTHS, home=home, family=father.family_name)
    attested = child.born + timedelta(days=rng.randint(1, 4))
    return Family(
        mother=mother,
        father=father,
        child=child,
        hospital=f"{rng.choice(_HOSPITALS)} {home.province_name}",
        married_on=draw_working_day(rng, *_WEDDINGS),
        attested_on=attested,
        attestation_number=(
            f"{rng.randint(1, 4999):05}.GCS.{rng.randint(10000, 38999)}.{attested.year % 100}"
        ),
        registered_on=draw_working_day(
            rng, attested + timedelta(days=3), attested + timedelta(days=25)
        ),
    )


def printed_birth(family: Family) -> Values:
    """What the three papers around a birth have in common."""
    child = family.child
    return {
        "mother": printed(family.mother),
        "father": printed(family.father),
        "child": child.name,
        "sex": child.sex.value,
        "ethnicity": family.father.ethnicity,
        "citizen_id": child.citizen_id,
        "born": short(child.born),
        "born_spelled": spelled(child.born),
        "birthplace": f"{family.hospital}, {family.commune.province}",
        "origin": family.father.home.full_name,
    }
