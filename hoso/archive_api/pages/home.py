"""The first page: one box for every code, what came in last, and what waits for somebody."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hoso.archive_api.accounts import Role
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import LARGEST_NUMBER
from hoso.archive_api.pages import lookup
from hoso.archive_api.pages.due import due_state
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import AtADesk, Staff
from hoso.barcode.code import DossierCode, LegalQr, TrackingLink, interpret
from hoso.dossier import dossiers, duplicate_questions, paper_fields
from hoso.dossier.status import WORDS, Status
from hoso.dossier.tables import Dossier
from hoso.errors import HosoError
from hoso.scanner_ingest import batches

router = APIRouter()

_NEWEST_DOSSIERS, _NEWEST_BATCHES, _A_PAGE = 10, 6, 50


@router.get("/")
def show_home(screen: ScreenOf, actor: AtADesk) -> Response:
    """Where work begins; a desk's device has only its desk."""
    return go_to("/desk") if actor.role is Role.DEVICE else _home(screen)


@router.post("/find")
def find(
    screen: ScreenOf,
    archive: ArchiveOf,
    _: Staff,
    code: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Go where a scanned or typed code leads: to its dossier, or to its person's papers.

    The code travels in the body: a person's number may stand in it.
    """
    try:
        with archive.database.read() as session:
            found = _dossier_code(session, code)
    except HosoError as refused:
        return _home(screen, refused=refused, code=code)
    return go_to(f"/dossiers/{found}") if found else lookup.asked_for(screen, code)


@router.get("/dossiers")
def list_dossiers(
    screen: ScreenOf,
    archive: ArchiveOf,
    _: Staff,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)] = None,
) -> Response:
    """Every dossier, newest first."""
    with archive.database.read() as session:
        rows = dossiers.newest(session, before=before, limit=_A_PAGE)
    older = rows[-1].number if len(rows) == _A_PAGE else None
    return screen.show("dossiers.html", dossiers=_lines(screen, rows), older=older)


def _home(screen: Screen, *, refused: HosoError | None = None, code: str = "") -> Response:
    with screen.archive.database.read() as session:
        return screen.show(
            "home.html",
            refused=refused,
            code=code,
            dossiers=_lines(screen, dossiers.newest(session, before=None, limit=_NEWEST_DOSSIERS)),
            batches=[
                (batch, batches.progress(session, batch))
                for batch in batches.newest(session, limit=_NEWEST_BATCHES)
            ],
            asked=paper_fields.count_asked(session),
            duplicates=duplicate_questions.count_waiting(session),
            waiting=[
                (batch, len(batch.report["unclaimed"])) for batch in batches.unclaimed(session)
            ],
        )


def _lines(screen: Screen, rows: list[Dossier]) -> list[tuple[Dossier, str, str]]:
    """Each dossier with the name of its status and how it stands against its due date."""
    now, words = screen.archive.clock(), WORDS[screen.language]
    return [(row, words[Status(row.status)], due_state(row, now).value) for row in rows]


def _dossier_code(session: Session, text: str) -> str | None:
    """The dossier that the text names; None where it may be a person's number."""
    match interpret(None, text):
        case DossierCode() as code:
            return dossiers.by_code(session, str(code)).code
        case LegalQr(code):
            return dossiers.by_code(session, str(code)).code
        case TrackingLink(token):
            return dossiers.by_token(session, token).code
    return None
