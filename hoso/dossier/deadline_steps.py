"""The steps of a count, day by day: what is kept with a dossier to explain its due date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from hoso.dossier.working_calendar import Calendar


class Why(StrEnum):
    """What a step says about its day."""

    RECEIVED = "received"
    COUNTED_FROM = "counted_from"
    RECEIPT_DAY = "receipt_day_not_counted"
    WORKING_DAY = "working_day_counted"
    CALENDAR_DAY = "calendar_day_counted"
    HOURS = "hours_counted"
    SKIPPED = "day_skipped"
    SAME_DAY = "same_day"
    PAST_CUT_OFF = "past_cut_off"
    ENDS_ON_DAY_OFF = "ends_on_day_off"
    NEXT_WORKING_DAY = "next_working_day"
    CLOCK_TIME_MOVED = "clock_time_moved"
    PAUSED = "paused"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Step:
    """One day's part in the count. `facts` hold only text and whole numbers, ready to be kept."""

    day: date
    why: Why
    facts: Mapping[str, str | int] = field(default_factory=dict)


def skipped(day: date, calendar: Calendar) -> Step:
    """A day that does not count, with its reason."""
    return Step(day, Why.SKIPPED, day_facts(day, calendar))


def counted(day: date, why: Why, *, number: int, of: int, calendar: Calendar) -> Step:
    """The `number`th of the days that the limit asks for."""
    return Step(day, why, {"number": number, "of": of, **day_facts(day, calendar)})


def worked(day: date, *, spent: timedelta, left: timedelta) -> Step:
    """Working time spent on a day, and what of the limit is left after it."""
    return Step(day, Why.HOURS, {"minutes": minutes(spent), "left": minutes(left)})


def is_due(due_at: datetime) -> Step:
    """The last step."""
    return Step(due_at.date(), Why.DUE, {"time": clock_time(due_at)})


def day_facts(day: date, calendar: Calendar) -> dict[str, str | int]:
    """What kind of day it is, and its name where it has one."""
    facts: dict[str, str | int] = {"kind": calendar.kind(day).value}
    if name := calendar.name(day):
        facts |= {"name_vi": name.vi, "name_en": name.en}
    return facts


def clock_time(moment: datetime) -> str:
    """Hours and minutes, as printed on a slip."""
    return f"{moment:%H:%M}"


def minutes(span: timedelta) -> int:
    """Whole minutes."""
    return span // timedelta(minutes=1)
