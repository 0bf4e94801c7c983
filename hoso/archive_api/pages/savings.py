"""The report on savings as a page to be read and printed, and as a spreadsheet."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from hoso.archive_api import savings_asked
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.screen import ScreenOf
from hoso.archive_api.permission import Officer
from hoso.clock import local_date
from hoso.dossier import savings_table
from hoso.dossier.period import month_of, parse_period
from hoso.dossier.savings_words import FIGURES, MEANINGS
from hoso.errors import HosoError

router = APIRouter(prefix="/reports")

First = Annotated[str, Query(alias="from", max_length=20)]
Last = Annotated[str, Query(alias="to", max_length=20)]

# Differences are listed whole by the command; a page shows where to begin.
_MOST_DIFFERENCES = 100


@router.get("/savings")
def show_savings(
    screen: ScreenOf, archive: ArchiveOf, _: Officer, first: First = "", last: Last = ""
) -> Response:
    """The report on the days asked for; on this month so far where none are."""
    month = month_of(local_date(archive.clock()))
    first, last = first or month.first.isoformat(), last or month.last.isoformat()
    try:
        report = savings_asked.take(archive, parse_period(first, last))
    except HosoError as refused:
        return screen.show("savings.html", refused=refused, report=None, first=first, last=last)
    language = screen.language
    return screen.show(
        "savings.html",
        first=first,
        last=last,
        report=report,
        rows=savings_table,
        figures=FIGURES[language],
        meanings=MEANINGS[language],
        differences=savings_table.differences(report, language)[:_MOST_DIFFERENCES],
    )


@router.get("/savings.csv")
def download_savings(
    screen: ScreenOf, archive: ArchiveOf, _: Officer, first: First, last: Last
) -> Response:
    """Every figure of every part, for a spreadsheet."""
    period = parse_period(first, last)
    report = savings_asked.take(archive, period)
    name = f"savings-{period.first}-{period.last}.csv"
    return Response(
        savings_table.as_csv(report, screen.language),
        media_type="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
