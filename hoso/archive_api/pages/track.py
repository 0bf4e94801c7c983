"""The public page behind a slip's QR: the step and the due date, and no person."""

from fastapi import APIRouter
from fastapi.responses import Response

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.pages.due import due_state
from hoso.archive_api.pages.screen import ScreenOf
from hoso.dossier import dossiers
from hoso.dossier.status import Status

router = APIRouter()

# What a citizen's bar of steps shows; a status between two of them stands at the earlier one.
_MILESTONES = (Status.RECEIVED, Status.IN_PROCESS, Status.FINISHED, Status.RETURNED)


@router.get("/track/{token}")
def track(token: str, screen: ScreenOf, archive: ArchiveOf) -> Response:
    """What a citizen with the slip sees."""
    at = archive.clock()
    with archive.database.read() as session:
        row = dossiers.by_token(session, token)
    return screen.show(
        "track.html",
        shown=show.track(row, at=at, language=screen.language),
        due=due_state(row, at).value,
        status=row.status,
        reached=_reached(Status(row.status)),
    )


def _reached(status: Status) -> int | None:
    """How many milestones lie behind; None for a dossier that left the usual way."""
    if status in {Status.NOT_RECEIVED, Status.WITHDRAWN, Status.STOPPED, Status.REGISTERED}:
        return None
    if status in {Status.SUPPLEMENT_ASKED, Status.PAYMENT_ASKED}:
        status = Status.IN_PROCESS
    return _MILESTONES.index(status) + 1
