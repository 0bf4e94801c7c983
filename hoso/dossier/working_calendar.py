"""The office's working time as a value: which days count, which hours are worked.

Says nothing about limits (see `deadlines`) and reads no file (see `calendar_data`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from hoso.clock import OFFICE_ZONE
from hoso.errors import CalendarYearMissing

MONDAY, SATURDAY, SUNDAY = 0, 5, 6
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayName:
    """What a day is called in a sentence, in both languages."""

    vi: str
    en: str


class OverrideKind(StrEnum):
    """What an editable day says against the week and the public holidays."""

    OFF = "off"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Override:
    """One edited day: off, or a make-up day that is worked like a Monday."""

    day: date
    kind: OverrideKind
    name: DayName


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Office hours without a break, in local time. Both ends still belong to it."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"{self.opens}-{self.closes} does not end after it begins")


Hours = tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Hours per weekday (0 is Monday), in order of the day; a weekday left out is closed.

    On a `reception_only` weekday papers are taken in, but it counts towards no limit.
    """

    week: Mapping[int, Hours]
    reception_only: frozenset[int] = frozenset({SATURDAY})

    def __post_init__(self) -> None:
        if not self.week.get(MONDAY) or MONDAY in self.reception_only:
            raise ValueError("Monday must be worked: make-up days follow its hours")
        for spans in self.week.values():
            if any(later.opens <= earlier.closes for earlier, later in pairwise(spans)):
                raise ValueError("the hours of a day must follow one another with a break between")


class DayKind(StrEnum):
    """Why a day counts or does not."""

    WORKING = "working_day"
    MAKE_UP = "make_up_day"
    HOLIDAY = "holiday"
    OFF = "day_off"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    CLOSED = "closed"
    RECEPTION_ONLY = "reception_only"


_WORKED = frozenset({DayKind.WORKING, DayKind.MAKE_UP})
_WEEKEND = {SATURDAY: DayKind.SATURDAY, SUNDAY: DayKind.SUNDAY}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working time of the years it covers; a day of any other year is refused.

    Refusing matters: a year whose Tết is not known yet would silently be worked through.
    """

    years: frozenset[int]
    hours: OfficeHours
    holidays: Mapping[date, DayName] = field(default_factory=dict)
    overrides: Mapping[date, Override] = field(default_factory=dict)

    def kind(self, day: date) -> DayKind:
        """What the day is: an edited day first, then a public holiday, then its weekday."""
        if day.year not in self.years:
            raise CalendarYearMissing(year=day.year)
        if edited := self.overrides.get(day):
            return DayKind.MAKE_UP if edited.kind is OverrideKind.WORK else DayKind.OFF
        if day in self.holidays:
            return DayKind.HOLIDAY
        if not self.hours.week.get(day.weekday()):
            return _WEEKEND.get(day.weekday(), DayKind.CLOSED)
        if day.weekday() in self.hours.reception_only:
            return DayKind.RECEPTION_ONLY
        return DayKind.WORKING

    def name(self, day: date) -> DayName | None:
        """What the day is called, if it is called anything."""
        edited = self.overrides.get(day)
        return edited.name if edited else self.holidays.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts towards limits."""
        return self.kind(day) in _WORKED

    def reception_hours(self, day: date) -> Hours:
        """When papers are taken in on that day."""
        kind = self.kind(day)
        if kind is DayKind.MAKE_UP:
            return self.hours.week[MONDAY]
        if kind in (DayKind.WORKING, DayKind.RECEPTION_ONLY):
            return self.hours.week[day.weekday()]
        return ()

    def working_hours(self, day: date) -> Hours:
        """When work on dossiers counts on that day."""
        return self.reception_hours(day) if self.is_working_day(day) else ()

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return next(later for later in days_after(day) if self.is_working_day(later))

    def working_time(self, since: datetime, until: datetime) -> timedelta:
        """How much working time lies between two moments of the office's clock."""
        total = timedelta()
        day = since.date()
        while day <= until.date():
            for span in self.working_hours(day):
                opens, closes = at(day, span.opens), at(day, span.closes)
                total += max(min(closes, until) - max(opens, since), timedelta())
            day += ONE_DAY
        return total


def days_after(day: date) -> Iterator[date]:
    """Tomorrow, the day after, and so on without end."""
    while True:
        day += ONE_DAY
        yield day


def at(day: date, clock_time: time) -> datetime:
    """The moment the office's clock shows that time on that day."""
    return datetime.combine(day, clock_time, tzinfo=OFFICE_ZONE)
