"""The report on savings for whoever asks over HTTP, of a period that does not keep them long."""

from typing import Final

from hoso.dossier import savings_report
from hoso.dossier.period import Period
from hoso.dossier.savings_report import Report
from hoso.errors import PeriodTooLong
from hoso.wiring import Archive

# A year of a town is some 120,000 dossiers.
MOST_DAYS: Final = 366


def take(archive: Archive, period: Period) -> Report:
    """The report of one moment; refuses with PeriodTooLong what belongs to the command."""
    if (period.last - period.first).days >= MOST_DAYS:
        raise PeriodTooLong(days=MOST_DAYS)
    with archive.database.snapshot() as session:
        return savings_report.make_report(session, period, at=archive.clock())
