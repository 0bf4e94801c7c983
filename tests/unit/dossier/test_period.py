from datetime import UTC, date, datetime, timedelta

import pytest

from hoso.dossier.period import Period, month_of, parse_period
from hoso.errors import PeriodWrong


def test_a_period_is_its_days_on_the_office_clock() -> None:
    november = parse_period("2026-11-01", " 2026-11-30")

    assert november.since == datetime(2026, 10, 31, 17, tzinfo=UTC)
    assert november.until == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_one_day_is_a_period() -> None:
    day = Period(date(2026, 11, 26), date(2026, 11, 26))

    assert day.until - day.since == timedelta(days=1)


def test_neighbouring_periods_share_no_moment_and_miss_none() -> None:
    assert parse_period("2026-10-01", "2026-10-31").until == (
        parse_period("2026-11-01", "2026-11-30").since
    )


def test_a_period_is_over_when_nothing_can_be_received_in_it() -> None:
    november = parse_period("2026-11-01", "2026-11-30")

    assert not november.is_over(november.until - timedelta(microseconds=1))
    assert november.is_over(november.until)


def test_the_month_so_far() -> None:
    assert month_of(date(2026, 11, 26)) == parse_period("2026-11-01", "2026-11-26")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", ""),
        ("2026-11-30", "2026-11-01"),
        ("2026-02-30", "2026-03-01"),
        ("01/11/2026", "30/11/2026"),
        ("0001-01-01", "2026-01-01"),
        ("2026-01-01", "9999-12-31"),
        ("2010-01-01", "2026-01-01"),
        ("2026-11-01\x00", "2026-11-02"),
        ("٢٠٢٦-١١-٠١", "2026-11-02"),
    ],
)
def test_what_is_no_period_is_refused(first: str, last: str) -> None:
    with pytest.raises(PeriodWrong):
        parse_period(first, last)
