"""The office's time: aware datetimes only, shown and counted in Vietnam's zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present moment, in UTC, to the microsecond."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as the office's wall clock shows it."""
    return moment.astimezone(OFFICE_ZONE)


def local_date(moment: datetime) -> date:
    """The calendar day in the office at that moment."""
    return local(moment).date()
