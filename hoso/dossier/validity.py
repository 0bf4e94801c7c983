"""How long a paper is good."""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ValidityKind(StrEnum):
    """What ends a paper's validity, unless the paper itself states a last day."""

    UNLIMITED = "unlimited"
    MONTHS = "months"  # so many from the day of issue
    UNTIL_STATED = "until_stated"  # only a date read on the paper can tell
    UNTIL_CHANGE = "until_change"  # an event, not a date: a revocation ends it


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a kind of paper is good for."""

    kind: ValidityKind = ValidityKind.UNLIMITED
    months: int = 0

    def __post_init__(self) -> None:
        if (self.kind is ValidityKind.MONTHS) != (self.months > 0):
            raise ValueError("months of validity belong to the kind 'months', at least 1")


def valid_until(
    validity: Validity, issued_on: date | None, stated_until: date | None
) -> date | None:
    """The last day a paper is good; None where no date ends it or none can be told.

    What the paper states wins over the rule. `end_is_unknown` tells the two Nones apart.
    """
    if stated_until is not None:
        return stated_until
    if validity.kind is ValidityKind.MONTHS and issued_on is not None:
        return _months_later(issued_on, validity.months)
    return None


def end_is_unknown(validity: Validity, issued_on: date | None, stated_until: date | None) -> bool:
    """Whether the paper ends on some day that nobody has read yet."""
    ends_by_date = validity.kind in (ValidityKind.MONTHS, ValidityKind.UNTIL_STATED)
    return ends_by_date and valid_until(validity, issued_on, stated_until) is None


def _months_later(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day if it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:  # a date mistyped far ahead must not break every later lookup
        return date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
