"""The lookup page: what a person has handed in already, and which of it serves now."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.owner_box import MOST_CHARACTERS, known_owner, read_owner
from hoso.archive_api.pages.papers import papers
from hoso.archive_api.pages.procedure_box import procedures_by_field
from hoso.archive_api.pages.screen import Screen, ScreenOf
from hoso.archive_api.permission import Staff
from hoso.clock import local_date
from hoso.dossier import catalogue_store, components, lookup, owners
from hoso.dossier.lookup import Lookup
from hoso.errors import HosoError, Refused

router = APIRouter()


@router.get("/lookup")
def show_lookup(screen: ScreenOf, _: Staff) -> Response:
    """The form."""
    return asked_for(screen, "")


@router.post("/lookup")
def look_up(
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: Staff,
    number: Annotated[str, Form(max_length=MOST_CHARACTERS)] = "",
    owner_id: Annotated[str, Form(max_length=32)] = "",
    procedure: Annotated[str, Form(max_length=40)] = "",
    purpose: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """The answer. The number travels in the body, and the lookup is noted with its purpose.

    Who was found by name is asked for by the opaque id: the clerk need not know the number.
    """
    at = archive.clock()
    try:
        owner = (
            known_owner(archive, owner_id) if owner_id else read_owner(number, today=local_date(at))
        )
        asked = Lookup(number=owner.number, purpose=purpose, procedure=procedure or None)
        with archive.database.write() as session:
            found = lookup.look_up(session, asked, by=actor.name, at=at)
            catalogue = catalogue_store.in_force(session)
            # Pictures are asked for by address: the clerk's own words must not stand in one.
            components.load_pages(session, found.components)
            held = papers(catalogue, found.components, purpose=f"lookup {procedure}".strip())
        owners.refuse_unknown_old(owner.number, found.owner)  # that somebody asked is noted by now
    except Refused as refused:
        return asked_for(
            screen, number, owner_id=owner_id, procedure=procedure, purpose=purpose, refused=refused
        )
    return screen.show(
        "holdings.html",
        owner=owner,
        warnings=owner.warnings + owner.differences(found.owner, name=owner.name),
        found=found,
        papers=held,
        purpose=purpose.strip(),
        procedure=catalogue.procedures.get(procedure),
    )


def asked_for(
    screen: Screen,
    number: str,
    *,
    owner_id: str = "",
    procedure: str = "",
    purpose: str = "",
    refused: HosoError | None = None,
) -> Response:
    """The form, filled in so far; with `owner_id` it asks for no number."""
    return screen.show(
        "lookup.html",
        refused=refused,
        number=number,
        owner_id=owner_id,
        known=known_owner(screen.archive, owner_id) if owner_id else None,
        procedure=procedure,
        purpose=purpose,
        fields=procedures_by_field(screen.archive),
    )
