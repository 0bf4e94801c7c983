"""Public tracking: the step and the due date behind a slip's opaque link, and no person."""

from fastapi import APIRouter, Request

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.language import language_of
from hoso.archive_api.models import TrackShown
from hoso.dossier import dossiers

router = APIRouter(prefix="/track", tags=["track"])


@router.get("/{token}", operation_id="trackDossier")
def track(token: str, request: Request, archive: ArchiveOf) -> TrackShown:
    """What a citizen with the slip sees."""
    with archive.database.read() as session:
        row = dossiers.by_token(session, token)
        return show.track(row, at=archive.clock(), language=language_of(request))
