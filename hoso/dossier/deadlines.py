"""When a dossier is due, and every day that led there.

The day of receipt is not counted; a limit that ends on a day off ends on the next working day
(Civil Code 2015, Điều 147–148, recalled). Working-day and calendar-day limits keep the clock time
of receipt. All moments given back are on the office's clock. `deadline_words` says the steps in
Vietnamese or English.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain

from hoso.clock import local
from hoso.dossier.deadline_steps import (
    Step,
    Why,
    clock_time,
    counted,
    day_facts,
    is_due,
    minutes,
    skipped,
    worked,
)
from hoso.dossier.working_calendar import ONE_DAY, Calendar, at, days_after


class LimitUnit(StrEnum):
    """What a procedure's processing time is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    HOURS = "hours"  # working hours: 8 are a day of the usual office
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class Limit:
    """A procedure's processing time. `cut_off` belongs to same-day limits only."""

    amount: int
    unit: LimitUnit
    cut_off: time | None = None

    def __post_init__(self) -> None:
        same_day = self.unit is LimitUnit.SAME_DAY
        if same_day != (self.amount == 0) or self.amount < 0:
            raise ValueError("a same-day limit has amount 0, any other at least 1")
        if self.cut_off is not None and not same_day:
            raise ValueError("only a same-day limit has a cut-off")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The due moment and the steps to it: every day from receipt to due has at least one."""

    due_at: datetime
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait that is not the office's: from a supplement request until the papers came."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("a pause ends after it begins")


_Count = tuple[datetime, tuple[Step, ...]]


def due(received_at: datetime, limit: Limit, calendar: Calendar) -> Deadline:
    """When a dossier received at that (aware) moment is due.

    Refuses with `calendar_year_missing` when the count leaves the years of the calendar.
    """
    received = _office_clock(received_at)
    start, received_steps = _taken_in(received, calendar)
    due_at, counted_steps = _COUNTS[limit.unit](start, limit, calendar)
    return Deadline(due_at, (*received_steps, *counted_steps, is_due(due_at)))


def extend(deadline: Deadline, pause: Pause, calendar: Calendar) -> Deadline:
    """The deadline after a wait: the working time lost in it is added back.

    One measure for every unit: eight working hours are a working day, and five of those a week.
    Pauses of one dossier must not overlap.
    """
    since, until = _office_clock(pause.since), _office_clock(pause.until)
    lost = calendar.working_time(since, until)
    due_at, steps = _work_through(deadline.due_at, lost, calendar)
    paused = Step(
        since.date(),
        Why.PAUSED,
        {"until_day": until.date().isoformat(), "minutes": minutes(lost)},
    )
    return Deadline(due_at, (*deadline.steps, paused, *steps, is_due(due_at)))


def _office_clock(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be counted from")
    return local(moment)


def _taken_in(received: datetime, calendar: Calendar) -> _Count:
    """From when a receipt counts: itself, or the next opening after it."""
    steps = [Step(received.date(), Why.RECEIVED, {"time": clock_time(received)})]
    for day in _from(received.date()):
        for span in calendar.reception_hours(day):
            if received <= at(day, span.closes):
                start = max(received, at(day, span.opens))
                if start != received:
                    steps.append(Step(day, Why.COUNTED_FROM, {"time": clock_time(start)}))
                return start, tuple(steps)
        if day != received.date():
            steps.append(skipped(day, calendar))
    raise AssertionError("days never end")  # pragma: no cover


def _count_working_days(start: datetime, limit: Limit, calendar: Calendar) -> _Count:
    steps = [Step(start.date(), Why.RECEIPT_DAY)]
    number = 0
    day = start.date()
    while number < limit.amount:
        day += ONE_DAY
        if not calendar.is_working_day(day):
            steps.append(skipped(day, calendar))
            continue
        number += 1
        steps.append(
            counted(day, Why.WORKING_DAY, number=number, of=limit.amount, calendar=calendar)
        )
    due_at, moved = _keep_clock_time(day, start, calendar)
    return due_at, (*steps, *moved)


def _count_calendar_days(start: datetime, limit: Limit, calendar: Calendar) -> _Count:
    steps = [Step(start.date(), Why.RECEIPT_DAY)]
    for number in range(1, limit.amount + 1):
        day = start.date() + number * ONE_DAY
        steps.append(
            counted(day, Why.CALENDAR_DAY, number=number, of=limit.amount, calendar=calendar)
        )
    last = start.date() + limit.amount * ONE_DAY
    if not calendar.is_working_day(last):
        steps.append(Step(last, Why.ENDS_ON_DAY_OFF, day_facts(last, calendar)))
        last, rolled = _roll(last, calendar)
        steps.extend(rolled)
    due_at, moved = _keep_clock_time(last, start, calendar)
    return due_at, (*steps, *moved)


def _count_hours(start: datetime, limit: Limit, calendar: Calendar) -> _Count:
    return _work_through(start, timedelta(hours=limit.amount), calendar)


def _count_same_day(start: datetime, limit: Limit, calendar: Calendar) -> _Count:
    day = start.date()
    steps: tuple[Step, ...]
    if limit.cut_off is not None and start > at(day, limit.cut_off):
        steps = (Step(day, Why.PAST_CUT_OFF, {"cut_off": f"{limit.cut_off:%H:%M}"}),)
    elif not calendar.is_working_day(day):
        steps = (skipped(day, calendar),)
    else:
        return _closing(day, calendar), (Step(day, Why.SAME_DAY),)
    next_day, rolled = _roll(day, calendar)
    return _closing(next_day, calendar), (*steps, *rolled)


_COUNTS: Mapping[LimitUnit, Callable[[datetime, Limit, Calendar], _Count]] = {
    LimitUnit.WORKING_DAYS: _count_working_days,
    LimitUnit.CALENDAR_DAYS: _count_calendar_days,
    LimitUnit.HOURS: _count_hours,
    LimitUnit.SAME_DAY: _count_same_day,
}


def _work_through(start: datetime, amount: timedelta, calendar: Calendar) -> _Count:
    """Spend working time from `start` on, over lunch, nights and days off."""
    steps: list[Step] = []
    left = amount
    for day in _from(start.date()):
        before = left
        for span in calendar.working_hours(day):
            begins, closes = max(at(day, span.opens), start), at(day, span.closes)
            if begins <= closes and left <= closes - begins:
                steps.append(worked(day, left=timedelta(), spent=before))
                return begins + left, tuple(steps)
            left -= max(closes - begins, timedelta())
        if calendar.is_working_day(day):
            steps.append(worked(day, left=left, spent=before - left))
        else:
            steps.append(skipped(day, calendar))
    raise AssertionError("days never end")  # pragma: no cover


def _keep_clock_time(day: date, start: datetime, calendar: Calendar) -> _Count:
    """The clock time of receipt on the due day, moved into that day's hours where it must be."""
    wished = at(day, start.time())
    for span in calendar.working_hours(day):
        if wished <= at(day, span.closes):
            due_at = max(wished, at(day, span.opens))
            break
    else:
        due_at = _closing(day, calendar)
    if due_at == wished:
        return due_at, ()
    facts = {"time": clock_time(wished), "moved_to": clock_time(due_at)}
    return due_at, (Step(day, Why.CLOCK_TIME_MOVED, facts),)


def _roll(day: date, calendar: Calendar) -> tuple[date, tuple[Step, ...]]:
    """The first working day after `day`, and the days passed over."""
    steps: list[Step] = []
    for later in days_after(day):
        if calendar.is_working_day(later):
            steps.append(Step(later, Why.NEXT_WORKING_DAY, day_facts(later, calendar)))
            return later, tuple(steps)
        steps.append(skipped(later, calendar))
    raise AssertionError("days never end")  # pragma: no cover


def _closing(day: date, calendar: Calendar) -> datetime:
    return at(day, calendar.working_hours(day)[-1].closes)


def _from(day: date) -> Iterator[date]:
    return chain([day], days_after(day))
