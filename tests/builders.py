"""What tests begin with: an archive on a fresh disk, people, dossiers, papers, accounts."""

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import img2pdf
from PIL import Image, ImageDraw

from hoso.archive_api import accounts
from hoso.archive_api.accounts import Role
from hoso.clock import OFFICE_ZONE, Clock
from hoso.dossier import attachments, catalogue_store, components, dossiers, pages, receive
from hoso.dossier.asking import Ask, AskReason
from hoso.dossier.components import Filing
from hoso.dossier.numbers import CitizenId, OldCitizenNumber, OwnerNumber
from hoso.dossier.receive import NewDossier, Submitter
from hoso.dossier.tables import Component, Dossier
from hoso.scanner_ingest.intake import WayIn
from hoso.scanner_ingest.tables import Batch
from hoso.settings import Settings
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.databases import MigratedDatabase

# A Thursday morning, well inside the office's hours.
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=OFFICE_ZONE)

LAN = CitizenId("001185012345")
HUNG = CitizenId("037088004321")

# Three working days; its form is made anew for every dossier, proof of a marriage's end is reused.
MARITAL_STATUS = "1.004873"
# In the day; the certificate of marriage is reused, the birth attestation too.
BIRTH = "1.001193"
# Seven working days.
RESIDENCE = "1.004222"

COUNTER, OFFICE, SIGNING = "counter-1", "justice-office", "signing"


class Interrupted(Exception):  # noqa: N818  # it is no error: the tests do it on purpose
    """Ends a transaction before its commit."""


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> datetime:
        """Move on, by `minutes=5` and the like; gives the new time."""
        self.at += timedelta(**by)
        return self.at


@contextmanager
def an_archive(
    data_dir: Path, migrated_database: MigratedDatabase, clock: Clock, **chosen: Any
) -> Iterator[Archive]:
    """An archive with nothing in it, in an empty folder; `chosen` are its settings."""
    with migrated_database.copy(data_dir) as url:
        settings = Settings(data_dir=data_dir, database_url=url, **chosen)
        with Archive(settings, clock=clock) as made:
            yield made


def a_dossier(
    archive: Archive,
    *,
    procedure: str = MARITAL_STATUS,
    owner: OwnerNumber = LAN,
    owner_name: str = "Nguyễn Thị Lan",
    old_number: OldCitizenNumber | None = None,
    submitter: Submitter | None = None,
    reused: dict[str, str] | None = None,
    asked_again: dict[str, Ask] | None = None,
    desk: str = COUNTER,
) -> Dossier:
    """A dossier received now; the owner wishes to hand in anew what is held, unless told."""
    new = NewDossier(
        procedure=procedure,
        owner_number=owner,
        owner_name=owner_name,
        old_number=old_number,
        submitter=submitter or Submitter(),
        reused=reused or {},
        asked_again=_anything_again(archive, procedure) if asked_again is None else asked_again,
    )
    with archive.database.write() as session:
        return receive.receive(
            session, new, desk=desk, by="clerk", receiver="Lê Thị Mai", at=archive.clock()
        )


def _anything_again(archive: Archive, procedure: str) -> dict[str, Ask]:
    with archive.database.read() as session:
        requirements = catalogue_store.procedure(session, procedure).requirements
    return {requirement.key: Ask(AskReason.OWNER_WISHES) for requirement in requirements}


def a_component(archive: Archive, dossier: Dossier, type_: str) -> Component:
    """A one-page paper, read already, filed and submitted for a dossier."""
    filed_from = uuid.uuid4().hex
    with archive.database.write() as session:
        page = pages.see(session, filed_from * 2, 1, blank=False, codes=[])
        page.state = "read"
        session.flush()
        filing = Filing(
            id=uuid.uuid4().hex,
            type=type_,
            batch_id=filed_from,
            original=filed_from * 2,
            pages=[page],
        )
        row = dossiers.by_code(session, dossier.code, lock=True)
        component = components.file(session, row, filing, by="clerk", at=archive.clock())
        attachments.submit(session, row, component, by="clerk")
        return component


def a_token(archive: Archive, role: Role, *, name: str = "", desk: str | None = None) -> str:
    """An access token for a fresh account of that role."""
    at, name = archive.clock(), name or f"{role}-{uuid.uuid4().hex[:8]}"
    with archive.database.write() as session:
        accounts.open_account(session, name, role=role, password=None, desk=desk, by="test", at=at)
        return accounts.make_token(session, name, label="test", by="test", at=at)


def a_session(archive: Archive, role: Role, *, hours: int = 1) -> tuple[str, str]:
    """The cookie and the form token of a page signed in to a fresh account of that role."""
    at, name = archive.clock(), f"{role}-{uuid.uuid4().hex[:8]}"
    with archive.database.write() as session:
        accounts.open_account(session, name, role=role, password=None, by="test", at=at)
        cookie = accounts.start_session(session, name, at=at, hours=hours)
        actor = accounts.by_cookie(session, cookie, at=at)
    return cookie, (actor.form_token or "") if actor else ""


def a_batch(archive: Archive, folder: Path, words: str = "scan") -> Batch:
    """A file that was taken in and is not yet sorted."""
    path = a_pdf(folder / f"{words}.pdf", words=words)
    receipt = take_in_file(archive, path, path.name, way_in=WayIn.COMMAND, by="clerk")
    with archive.database.read() as session:
        return session.get_one(Batch, receipt.batch_id)


def a_pdf(path: Path, *, pages: int = 1, words: str = "Giấy khai sinh") -> Path:
    """A PDF as scanners make them: a JPEG a page. The same words make the same bytes."""
    picture = Image.new("L", (413, 585), "white")
    ImageDraw.Draw(picture).text((60, 80), words.encode("ascii", "replace").decode(), fill="black")
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=80, dpi=(50, 50))
    sheets = [jpeg.getvalue()] * pages
    # Neither a date nor a random id, which the other engine writes.
    path.write_bytes(img2pdf.convert(sheets, nodate=True, engine=img2pdf.Engine.internal))
    return path
