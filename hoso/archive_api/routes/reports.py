"""Reports: sums over dossiers, never a person."""

from typing import Annotated

from fastapi import APIRouter, Query

from hoso.archive_api import savings_asked
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.permission import Officer
from hoso.archive_api.savings_shown import SavingsShown, shown
from hoso.dossier.period import parse_period

router = APIRouter(prefix="/reports", tags=["reports"])

Day = Annotated[str, Query(max_length=20, examples=["2026-11-01"])]


@router.get("/savings", operation_id="getSavings")
def get_savings(
    archive: ArchiveOf,
    _: Officer,
    first: Annotated[Day, Query(alias="from")],
    last: Annotated[Day, Query(alias="to")],
) -> SavingsShown:
    """What nobody had to hand in again, and how much is digitised, of dossiers of these days.

    Both days count whole. `proof` says how far stored files were opened to bear the figures out;
    `hoso savings --prove` opens them.
    """
    return shown(savings_asked.take(archive, parse_period(first, last)))
