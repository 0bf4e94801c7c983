from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hoso.clock import OFFICE_ZONE, local
from hoso.dossier.calendar_data import calendar_for
from hoso.dossier.catalogue_files import load_catalogue
from hoso.dossier.deadline_steps import Step, Why
from hoso.dossier.deadline_words import explain
from hoso.dossier.deadlines import Limit, LimitUnit, Pause, due, extend
from hoso.dossier.working_calendar import (
    Calendar,
    DayKind,
    DayName,
    Interval,
    OfficeHours,
    Override,
    OverrideKind,
)
from hoso.errors import CalendarYearMissing

CATALOGUE = load_catalogue()
CALENDAR = calendar_for(range(2024, 2030), CATALOGUE.overrides, CATALOGUE.office.hours)
THREE_O_CLOCK = time(15)

WORKING_DAYS, CALENDAR_DAYS, HOURS, SAME_DAY = LimitUnit
UNTIL_THREE = Limit(0, SAME_DAY, THREE_O_CLOCK)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


def working(days: int) -> Limit:
    return Limit(days, WORKING_DAYS)


@pytest.mark.parametrize(
    ("received", "limit", "due_at"),
    [
        # An ordinary week
        ("2026-11-16 09:12", working(1), "2026-11-17 09:12"),
        ("2026-11-16 09:12", working(3), "2026-11-19 09:12"),
        ("2026-11-19 16:59", working(3), "2026-11-25 16:59"),  # over 24 November
        ("2026-11-23 10:00", working(1), "2026-11-25 10:00"),  # 24 November is a holiday
        # Outside office hours
        ("2026-11-16 06:10", working(1), "2026-11-17 07:00"),
        ("2026-11-16 11:30", working(1), "2026-11-17 11:30"),
        ("2026-11-16 12:05", working(1), "2026-11-17 13:30"),
        ("2026-11-16 17:00", working(1), "2026-11-17 17:00"),
        ("2026-11-16 17:01", working(1), "2026-11-18 07:00"),
        ("2026-11-14 10:00", working(1), "2026-11-17 07:00"),  # a Saturday
        ("2026-11-20 23:59", working(1), "2026-11-25 07:00"),
        # Tết 2026: 14 to 22 February
        ("2026-02-13 10:00", working(1), "2026-02-23 10:00"),
        ("2026-02-12 10:00", working(3), "2026-02-24 10:00"),
        ("2026-02-17 10:00", working(1), "2026-02-24 07:00"),
        # Tết 2027: 4 to 10 February
        ("2027-02-03 15:30", working(1), "2027-02-11 15:30"),
        ("2027-02-02 15:30", working(7), "2027-02-18 15:30"),
        # The swap of 2 and 10 January 2026, which the holiday package misses
        ("2025-12-31 09:00", working(1), "2026-01-05 09:00"),
        ("2026-01-08 09:00", working(2), "2026-01-10 09:00"),
        ("2026-01-09 09:00", working(2), "2026-01-12 09:00"),
        # The make-up Saturday of 22 August 2026, and the week it makes up for
        ("2026-08-21 14:00", working(1), "2026-08-22 14:00"),
        ("2026-08-22 14:00", working(1), "2026-08-24 14:00"),
        ("2026-08-28 14:00", working(1), "2026-09-03 14:00"),
        # In-lieu Mondays
        ("2026-04-24 09:00", working(1), "2026-04-28 09:00"),
        ("2027-04-29 09:00", working(1), "2027-05-04 09:00"),
        # A long limit over Tết, counted by hand
        ("2026-01-26 08:00", working(30), "2026-03-16 08:00"),
        # Calendar days: none is skipped, a day off at the end rolls on
        ("2026-11-16 09:12", Limit(5, CALENDAR_DAYS), "2026-11-23 09:12"),
        ("2026-11-16 09:12", Limit(4, CALENDAR_DAYS), "2026-11-20 09:12"),
        ("2026-11-16 09:12", Limit(8, CALENDAR_DAYS), "2026-11-25 09:12"),
        ("2026-02-09 09:12", Limit(5, CALENDAR_DAYS), "2026-02-23 09:12"),
        ("2026-08-17 09:12", Limit(5, CALENDAR_DAYS), "2026-08-22 09:12"),
        # Hours flow over lunch, night and days off
        ("2026-11-16 09:00", Limit(2, HOURS), "2026-11-16 11:00"),
        ("2026-11-16 09:30", Limit(2, HOURS), "2026-11-16 11:30"),
        ("2026-11-16 10:30", Limit(2, HOURS), "2026-11-16 14:30"),
        ("2026-11-16 12:00", Limit(1, HOURS), "2026-11-16 14:30"),
        ("2026-11-16 16:00", Limit(8, HOURS), "2026-11-17 16:00"),
        ("2026-11-20 16:00", Limit(8, HOURS), "2026-11-23 16:00"),
        ("2026-11-20 16:00", Limit(16, HOURS), "2026-11-25 16:00"),
        ("2026-02-13 16:00", Limit(2, HOURS), "2026-02-23 08:00"),
        ("2026-08-21 16:00", Limit(8, HOURS), "2026-08-22 16:00"),
        # Same day, and the 15:00 rule
        ("2026-11-16 08:00", UNTIL_THREE, "2026-11-16 17:00"),
        ("2026-11-16 15:00", UNTIL_THREE, "2026-11-16 17:00"),
        ("2026-11-16 15:01", UNTIL_THREE, "2026-11-17 17:00"),
        ("2026-11-20 15:01", UNTIL_THREE, "2026-11-23 17:00"),
        ("2026-11-23 16:00", UNTIL_THREE, "2026-11-25 17:00"),
        ("2026-02-13 16:00", UNTIL_THREE, "2026-02-23 17:00"),
        ("2026-11-16 18:00", UNTIL_THREE, "2026-11-17 17:00"),
        ("2026-11-16 16:59", Limit(0, SAME_DAY), "2026-11-16 17:00"),
        ("2026-11-15 10:00", Limit(0, SAME_DAY), "2026-11-16 17:00"),
    ],
)
def test_a_dossier_is_due_when_the_calendar_says(received: str, limit: Limit, due_at: str) -> None:
    assert due(moment(received), limit, CALENDAR).due_at == moment(due_at)


def test_the_office_counts_in_its_own_zone() -> None:
    # 18:30 in UTC on Monday is 01:30 on Tuesday in the office.
    received = datetime(2026, 11, 16, 18, 30, tzinfo=UTC)
    assert due(received, working(1), CALENDAR).due_at == moment("2026-11-18 07:00")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 11, 16, 9), working(1), CALENDAR)  # noqa: DTZ001 – that is the mistake


def test_a_count_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(CalendarYearMissing, match="2030"):
        due(moment("2029-12-30 09:00"), working(5), CALENDAR)


@pytest.mark.parametrize(
    ("amount", "unit", "cut_off"),
    [(0, WORKING_DAYS, None), (-1, HOURS, None), (1, SAME_DAY, None), (1, HOURS, THREE_O_CLOCK)],
)
def test_a_limit_that_contradicts_itself_is_refused(
    amount: int, unit: LimitUnit, cut_off: time | None
) -> None:
    with pytest.raises(ValueError, match="same-day"):
        Limit(amount, unit, cut_off)


# An office that also takes papers in on Saturday mornings, and closes early on Fridays ----------

FULL_DAY = (Interval(time(7), time(11, 30)), Interval(time(13, 30), time(17)))
MORNING = (Interval(time(7), time(11, 30)),)


def a_calendar(
    week: dict[int, tuple[Interval, ...]], overrides: Iterable[Override] = ()
) -> Calendar:
    return calendar_for(range(2025, 2029), overrides, OfficeHours(week))


SATURDAYS = a_calendar({**dict.fromkeys(range(4), FULL_DAY), 4: MORNING, 5: MORNING})


@pytest.mark.parametrize(
    ("received", "limit", "due_at"),
    [
        ("2026-11-14 09:00", working(1), "2026-11-16 09:00"),
        ("2026-11-14 12:00", working(1), "2026-11-17 07:00"),
        ("2026-11-14 09:00", Limit(2, HOURS), "2026-11-16 09:00"),
        ("2026-11-14 09:00", UNTIL_THREE, "2026-11-16 17:00"),
        ("2026-11-12 16:00", working(1), "2026-11-13 11:30"),
        ("2026-11-13 12:00", working(1), "2026-11-16 07:00"),
    ],
)
def test_a_saturday_that_only_takes_papers_in_does_not_count(
    received: str, limit: Limit, due_at: str
) -> None:
    assert due(moment(received), limit, SATURDAYS).due_at == moment(due_at)


def test_a_make_up_saturday_is_worked_in_full_even_where_saturdays_are_half() -> None:
    name = DayName("làm bù", "make-up")
    edited = Override(date(2026, 11, 14), OverrideKind.WORK, name)
    calendar = a_calendar(dict(SATURDAYS.hours.week), [edited])
    deadline = due(moment("2026-11-13 09:00"), Limit(8, HOURS), calendar)
    assert deadline.due_at == moment("2026-11-14 14:30")


def test_an_edited_day_off_wins_over_a_working_day() -> None:
    storm = Override(date(2026, 11, 17), OverrideKind.OFF, DayName("nghỉ bão", "storm"))
    calendar = a_calendar(dict.fromkeys(range(5), FULL_DAY), [storm])
    deadline = due(moment("2026-11-16 09:00"), working(1), calendar)
    assert deadline.due_at == moment("2026-11-18 09:00")
    assert "Thứ Ba 17/11/2026: không tính: nghỉ bão" in explain(deadline)


@pytest.mark.parametrize(
    "spans",
    [
        (Interval(time(13), time(17)), Interval(time(7), time(11))),
        (Interval(time(7), time(12)), Interval(time(11), time(17))),
    ],
)
def test_hours_out_of_order_are_refused(spans: tuple[Interval, ...]) -> None:
    with pytest.raises(ValueError, match="follow one another"):
        OfficeHours({0: spans})


# Explanations -----------------------------------------------------------------------------------


def test_a_due_date_over_tet_is_explained_day_by_day() -> None:
    deadline = due(moment("2026-02-12 18:00"), working(1), CALENDAR)
    assert explain(deadline, "vi") == [
        "Thứ Năm 12/02/2026: nhận hồ sơ lúc 18:00",
        "Thứ Sáu 13/02/2026: nhận ngoài giờ làm việc, tính như nhận lúc 07:00",
        "Thứ Sáu 13/02/2026: ngày nhận không tính vào thời hạn",
        "Thứ Bảy 14/02/2026: không tính: nghỉ cuối tuần",
        "Chủ nhật 15/02/2026: không tính: nghỉ cuối tuần",
        "Thứ Hai 16/02/2026: không tính: Giao thừa Tết Nguyên Đán",
        "Thứ Ba 17/02/2026: không tính: Tết Nguyên Đán",
        "Thứ Tư 18/02/2026: không tính: Mùng hai Tết Nguyên Đán",
        "Thứ Năm 19/02/2026: không tính: Mùng ba Tết Nguyên Đán",
        "Thứ Sáu 20/02/2026: không tính: Mùng bốn Tết Nguyên Đán",
        "Thứ Bảy 21/02/2026: không tính: nghỉ cuối tuần",
        "Chủ nhật 22/02/2026: không tính: nghỉ cuối tuần",
        "Thứ Hai 23/02/2026: ngày làm việc thứ 1/1",
        "Thứ Hai 23/02/2026: hẹn trả kết quả lúc 07:00",
    ]


def test_a_make_up_day_says_what_it_makes_up_for() -> None:
    deadline = due(moment("2026-08-21 14:00"), working(1), CALENDAR)
    assert "Saturday 22/08/2026: working day 1 of 1 (makes up for Monday 31 August 2026)" in (
        explain(deadline, "en")
    )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("why", list(Why))
def test_every_kind_of_step_can_be_said(why: Why, language: str) -> None:
    facts: dict[str, str | int] = {
        "time": "09:00",
        "moved_to": "13:30",
        "cut_off": "15:00",
        "number": 1,
        "of": 3,
        "minutes": 90,
        "left": 0,
        "until_day": "2026-11-18",
        "kind": DayKind.SUNDAY.value,
    }
    deadline = due(moment("2026-11-16 09:00"), working(1), CALENDAR)
    step = Step(date(2026, 11, 16), why, facts)
    (line,) = explain(type(deadline)(deadline.due_at, (step,)), language)
    assert not set("{}") & set(line)


def test_a_wait_for_papers_is_added_back_in_working_time() -> None:
    deadline = due(moment("2026-11-16 09:00"), working(3), CALENDAR)
    pause = Pause(moment("2026-11-17 09:00"), moment("2026-11-23 09:00"))
    extended = extend(deadline, pause, CALENDAR)
    assert extended.due_at == moment("2026-11-26 09:00")  # four working days, over the 24th
    assert extended.steps[: len(deadline.steps)] == deadline.steps
    assert explain(extended)[-1] == "Thứ Năm 26/11/2026: hẹn trả kết quả lúc 09:00"


def test_a_wait_over_a_weekend_costs_nothing() -> None:
    deadline = due(moment("2026-11-16 09:00"), Limit(0, SAME_DAY), CALENDAR)
    pause = Pause(moment("2026-11-14 00:00"), moment("2026-11-15 23:00"))
    assert extend(deadline, pause, CALENDAR).due_at == deadline.due_at


# Properties -------------------------------------------------------------------------------------

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 – the zone comes next
    lambda naive: naive.replace(tzinfo=OFFICE_ZONE)
)
limits = st.one_of(
    st.builds(Limit, st.integers(1, 60), st.sampled_from([WORKING_DAYS, CALENDAR_DAYS, HOURS])),
    st.sampled_from([Limit(0, SAME_DAY), UNTIL_THREE]),
)
calendars = st.sampled_from([CALENDAR, SATURDAYS])


@given(moments, limits, st.just(CALENDAR))
def test_nothing_is_due_before_it_was_received(
    received: datetime, limit: Limit, calendar: Calendar
) -> None:
    assert due(received, limit, calendar).due_at >= received


@given(moments, limits, calendars)
def test_everything_is_due_within_working_hours(
    received: datetime, limit: Limit, calendar: Calendar
) -> None:
    assume(received.year < 2027)
    due_at = local(due(received, limit, calendar).due_at)
    spans = calendar.working_hours(due_at.date())
    assert any(span.opens <= due_at.time() <= span.closes for span in spans)


@given(moments, st.integers(1, 60), st.sampled_from([WORKING_DAYS, CALENDAR_DAYS, HOURS]))
def test_a_longer_limit_is_never_due_earlier(
    received: datetime, amount: int, unit: LimitUnit
) -> None:
    shorter = due(received, Limit(amount, unit), CALENDAR)
    assert shorter.due_at <= due(received, Limit(amount + 1, unit), CALENDAR).due_at


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)), limits)
def test_a_dossier_received_later_is_never_due_on_an_earlier_day(
    received: datetime, later: timedelta, limit: Limit
) -> None:
    """The hour may be earlier: what comes after closing counts as received at the next opening."""
    first = local(due(received, limit, CALENDAR).due_at)
    assert first.date() <= local(due(received + later, limit, CALENDAR).due_at).date()


@given(moments, limits)
def test_the_explanation_accounts_for_every_day(received: datetime, limit: Limit) -> None:
    deadline = due(received, limit, CALENDAR)
    span = (deadline.due_at.date() - received.date()).days
    every_day = {received.date() + timedelta(days=number) for number in range(span + 1)}
    assert {step.day for step in deadline.steps} == every_day
    assert [step.day for step in deadline.steps] == sorted(step.day for step in deadline.steps)


@given(moments, st.integers(1, 60))
def test_exactly_so_many_working_days_are_counted(received: datetime, amount: int) -> None:
    steps = due(received, working(amount), CALENDAR).steps
    counted = [step.day for step in steps if step.why is Why.WORKING_DAY]
    skipped = [step.day for step in steps if step.why is Why.SKIPPED]
    assert len(counted) == amount
    assert all(map(CALENDAR.is_working_day, counted))
    assert not any(map(CALENDAR.is_working_day, skipped))


@given(moments, limits, moments, st.timedeltas(timedelta(), timedelta(days=20)))
def test_a_wait_moves_the_due_moment_by_the_working_time_lost(
    received: datetime, limit: Limit, since: datetime, waited: timedelta
) -> None:
    deadline = due(received, limit, CALENDAR)
    extended = extend(deadline, Pause(since, since + waited), CALENDAR)
    lost = CALENDAR.working_time(since, since + waited)
    assert CALENDAR.working_time(deadline.due_at, extended.due_at) == lost
