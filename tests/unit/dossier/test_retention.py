from dataclasses import replace
from datetime import datetime

from hoso.clock import OFFICE_ZONE
from hoso.dossier.catalogue_files import load_catalogue
from hoso.dossier.retention import retained_until

PAPER = load_catalogue().component_types["birth_certificate"]
TEN_YEARS = replace(PAPER, retention_years=10)


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=OFFICE_ZONE)


def test_a_paper_is_retained_so_many_years_after_its_filing() -> None:
    assert retained_until(TEN_YEARS, at(2026, 11, 22)) == at(2036, 11, 22)


def test_a_paper_filed_on_a_leap_day_is_retained_into_march() -> None:
    assert retained_until(TEN_YEARS, at(2028, 2, 29)) == at(2038, 3, 1)


def test_no_type_of_the_built_in_catalogue_is_retained_by_itself() -> None:
    kinds = load_catalogue().component_types.values()
    assert {retained_until(kind, at(2026, 11, 22)) for kind in kinds} == {None}
