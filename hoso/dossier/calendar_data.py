"""Public holidays from the `holidays` package, made into a calendar with the office's own days.

The one module that knows that package. It knows Tết and the usual swaps, but misses some swaps
and make-up days (2 and 10 January 2026): the overrides, an editable file, win over it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

import holidays

from hoso.dossier.working_calendar import Calendar, DayName, OfficeHours, Override


def calendar_for(
    years: Iterable[int], overrides: Iterable[Override], hours: OfficeHours
) -> Calendar:
    """The office's calendar of those years.

    Take a year before and two after the year of receipt: a limit may run over Tết of the next.
    """
    covered = frozenset(years)
    return Calendar(
        years=covered,
        hours=hours,
        holidays=_public_holidays(covered),
        overrides={override.day: override for override in overrides},
    )


@cache  # 30 ms: the package works lunar years out; the years asked for are few
def _public_holidays(years: frozenset[int]) -> Mapping[date, DayName]:
    vietnamese = holidays.country_holidays("VN", years=years, language="vi")
    english = holidays.country_holidays("VN", years=years, language="en_US")
    # Some lunar holidays of a year are computed with its neighbour's: keep to what was asked.
    return {
        day: DayName(vi=name, en=english[day])
        for day, name in vietnamese.items()
        if day.year in years
    }
