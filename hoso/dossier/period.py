"""A period of whole days on the office's calendar, as reports count over it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hoso.clock import OFFICE_ZONE
from hoso.errors import PeriodWrong

# Beyond these a mistyped year would only cost time, and the first and last moments have no zone.
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_MOST_DAYS = 3700


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day's midnight up to, and without, the midnight after the last day."""

    first: date
    last: date

    def __post_init__(self) -> None:
        is_known = _EARLIEST <= self.first <= self.last <= _LATEST
        if not is_known or (self.last - self.first).days >= _MOST_DAYS:
            raise PeriodWrong

    @property
    def since(self) -> datetime:
        """The first moment within."""
        return datetime.combine(self.first, time.min, OFFICE_ZONE)

    @property
    def until(self) -> datetime:
        """The first moment after."""
        return datetime.combine(self.last + timedelta(days=1), time.min, OFFICE_ZONE)

    def is_over(self, at: datetime) -> bool:
        """Whether nothing can be received in it any more."""
        return self.until <= at


def parse_period(first: str, last: str) -> Period:
    """A period of two days written like 2026-11-01; refuses with PeriodWrong."""
    try:
        return Period(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
    except ValueError as wrong:
        raise PeriodWrong from wrong


def month_of(day: date) -> Period:
    """The calendar month up to that day."""
    return Period(day.replace(day=1), day)
