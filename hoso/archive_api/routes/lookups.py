"""The lookup: what a person already has, what serves again, what is still needed."""

from fastapi import APIRouter, Request

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.language import language_of
from hoso.archive_api.models import HoldingsShown, LookupGiven
from hoso.archive_api.owner_numbers import owner_number, warnings_of
from hoso.archive_api.permission import Staff
from hoso.clock import local_date
from hoso.dossier import lookup, owners
from hoso.dossier.lookup import Lookup

router = APIRouter(prefix="/lookups", tags=["lookups"])


@router.post("", operation_id="lookUp")
def look_up(
    given: LookupGiven, request: Request, archive: ArchiveOf, actor: Staff
) -> HoldingsShown:
    """Look up an owner's components. The number travels in the body: paths end up in logs."""
    at = archive.clock()
    number = owner_number(given.citizen_id, given.tax_code, today=local_date(at))
    asked = Lookup(
        number=number,
        purpose=given.purpose,
        procedure=given.procedure,
        on=given.on,
        cases=frozenset(given.cases),
    )
    with archive.database.write() as session:
        found = lookup.look_up(session, asked, by=actor.name, at=at)
        shown = show.holdings(session, found, language_of(request))
    owners.refuse_unknown_old(number, found.owner)  # that somebody asked is noted by now
    return shown.model_copy(update={"warnings": warnings_of(number)})
