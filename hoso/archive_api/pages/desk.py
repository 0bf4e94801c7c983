"""The hand-off page: one box that is always ready for the desk's barcode reader.

The page sends each scan to the API (`static/scan.js`), and keeps it while the network is down.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from hoso.archive_api.accounts import Actor, Role
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.screen import ScreenOf
from hoso.archive_api.permission import AtADesk
from hoso.dossier import catalogue_store

router = APIRouter()

_COOKIE = "hoso_desk"
_A_YEAR_SECONDS = 365 * 24 * 3600


@router.get("/desk")
def show_desk(
    screen: ScreenOf,
    archive: ArchiveOf,
    actor: AtADesk,
    desk: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The scan box of a desk. The browser remembers which; a device has its own and no other."""
    key = _desk_of(actor, desk or screen.request.cookies.get(_COOKIE, ""))
    with archive.database.read() as session:
        desks = catalogue_store.in_force(session).desks
        here = catalogue_store.desk(session, key) if key in desks or desk else None
    answer = screen.show(
        "desk.html",
        here=here,
        desks=list(desks.values()),
        fixed=actor.role is Role.DEVICE,
    )
    if here:
        answer.set_cookie(_COOKIE, here.key, max_age=_A_YEAR_SECONDS, samesite="lax", httponly=True)
    return answer


def _desk_of(actor: Actor, asked: str) -> str:
    if actor.role is Role.DEVICE:
        return actor.desk or ""
    return asked or actor.desk or ""
