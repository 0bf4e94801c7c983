"""Citizens' cards are only presented (TT 01/2023 Điều 4): no way in keeps one, all say why."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path

import httpx
import numpy as np
import pikepdf
import pytest
from pdf2image import convert_from_path
from sqlalchemy import select, text

from hoso.archive_api.accounts import Role
from hoso.barcode.code import CitizenCardQr, interpret
from hoso.barcode.read import read_codes
from hoso.db import is_sqlite
from hoso.dossier import components, dossiers, pages
from hoso.dossier.components import Filing
from hoso.dossier.tables import Component, Dossier, Page
from hoso.dossier.work import READ_PAGE
from hoso.errors import CardInOriginal, CardNotKept, PresentedOnly
from hoso.ocr.archiving import archive_component
from hoso.preservation.export import Asked, gather_dossier
from hoso.scanner_ingest import batches, filing, sorting
from hoso.scanner_ingest.intake import Claim, WayIn
from hoso.scanner_ingest.reconcile import reconcile
from hoso.scanner_ingest.tables import Batch
from hoso.scanner_ingest.watch import STILL_SECONDS, WatchedFolder
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.builders import a_dossier, a_pdf
from tests.paper.card import card_back, card_front
from tests.paper.degrade import light
from tests.paper.people import dice, draw_person
from tests.paper.render import render_paper
from tests.paper.stack import ScanPage, write_pdf

AClient = Callable[..., httpx.Client]

SOMEBODY = draw_person(dice("presented", 1))
KIND = "divorce_decision"


@pytest.fixture(scope="module")
def paper() -> list[ScanPage]:
    """Two pages of a paper of several."""
    rendered = render_paper("marriage_certificate", 6).pages[0]
    return [light(rendered, 6), light(rendered, 7)]


def sorted_stack(
    archive: Archive, folder: Path, scanned: Sequence[ScanPage], **claim: str | None
) -> Batch:
    """A stack taken in and sorted for real."""
    write_pdf(scanned, folder / "stack.pdf")
    receipt = take_in_file(
        archive, folder / "stack.pdf", "stack.pdf", way_in=WayIn.UPLOAD, by="clerk",
        claim=Claim(**claim),
    )  # fmt: skip
    sorting.sort_batch(archive.workbench, receipt.batch_id)
    with archive.database.read() as session:
        return batches.by_id(session, receipt.batch_id)


def states(archive: Archive) -> list[str]:
    with archive.database.read() as session:
        return list(session.scalars(select(Page.state).order_by(Page.place)))


def claim(archive: Archive, batch: Batch, places: list[int], dossier: Dossier) -> Component:
    with archive.database.write() as session:
        return filing.claim_pages(
            session, batch.id, places, dossier_code=dossier.code, component_type=KIND,
            jobs=archive.jobs, by="clerk", at=archive.clock(),
        )  # fmt: skip


def waiting_to_be_read(archive: Archive) -> list[int]:
    with archive.database.read() as session:
        found = session.execute(select(Page.place, Page.id).order_by(Page.place)).all()
    return [place for place, id_ in found if archive.jobs.is_waiting(READ_PAGE, str(id_))]


def count_indexed(archive: Archive) -> int:
    with archive.database.read() as session:
        return int(session.execute(text("SELECT count(*) FROM page_search")).scalar_one())


# A card in a stack -------------------------------------------------------------------------------


@pytest.mark.parametrize("dpi", [200, 300])
def test_a_card_scanned_for_a_dossier_is_neither_filed_nor_read(
    archive: Archive, tmp_path: Path, dpi: int
) -> None:
    dossier = a_dossier(archive)

    batch = sorted_stack(
        archive, tmp_path, [card_front(SOMEBODY, dpi=dpi), card_back(SOMEBODY, dpi=dpi)],
        dossier_code=dossier.code, component_type=KIND,
    )  # fmt: skip

    assert batch.report["cards"] == [1]
    assert batch.report["unclaimed"] == [2]
    said = {(remark["place"], remark["code"]) for remark in batch.report["remarks"]}
    assert {(1, "citizen_card"), (2, "beside_card")} <= said
    assert states(archive) == ["skipped", "skipped"]
    assert waiting_to_be_read(archive) == []
    reconcile(archive.workbench)
    assert waiting_to_be_read(archive) == []
    with archive.database.read() as session:
        assert batches.components_of(session, batch.id) == []


def test_nothing_that_the_card_says_is_in_the_database(archive: Archive, tmp_path: Path) -> None:
    dossier = a_dossier(archive)
    sorted_stack(archive, tmp_path, [card_front(SOMEBODY)], dossier_code=dossier.code)

    said = everything_in(archive)

    for somebodys in (SOMEBODY.citizen_id, SOMEBODY.name, SOMEBODY.street):
        assert somebodys not in said
    assert count_indexed(archive) == 0


def everything_in(archive: Archive) -> str:
    with archive.database.read() as session:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if is_sqlite(session)
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        tables = session.execute(text(names)).scalars().all()
        return "\n".join(
            str(row)
            for table in tables
            for row in session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608  # its own tables
        )


def test_the_paper_around_a_card_is_archived_without_it(
    archive: Archive, tmp_path: Path, paper: list[ScanPage]
) -> None:
    dossier = a_dossier(archive)
    batch = sorted_stack(
        archive, tmp_path, [*paper, card_front(SOMEBODY), card_back(SOMEBODY), paper[0], paper[1]],
        dossier_code=dossier.code, component_type=KIND,
    )  # fmt: skip
    assert (batch.report["cards"], batch.report["unclaimed"]) == ([3], [1, 2, 4, 5, 6])
    # What may be its back is not ticked for the clerk, and read only once somebody claims it.
    assert batch.report["proposals"] == [{"type": KIND, "pages": [1, 5, 6]}]
    assert waiting_to_be_read(archive) == [1, 5, 6]

    component = claim(archive, batch, [1, 2, 5, 6], dossier)

    assert waiting_to_be_read(archive) == [1, 2, 5, 6]
    archived = tmp_path / "archived.pdf"
    archived.write_bytes(archived_copy(archive, component))
    with pikepdf.open(archived) as pdf:
        assert len(pdf.pages) == 4
    for picture in convert_from_path(archived, dpi=200):
        seen = read_codes(np.asarray(picture), 200)
        meant = [interpret(code.symbology, code.text) for code in seen]
        assert not any(isinstance(meaning, CitizenCardQr) for meaning in meant)


def archived_copy(archive: Archive, component: Component) -> bytes:
    with archive.database.write() as session:
        row = components.by_id(session, component.id)
        for entry in row.pages:
            entry.page.state = "read"
    archive_component(archive.workbench, component.id)
    with archive.database.read() as session:
        sha256 = components.by_id(session, component.id).archived
    with archive.store.open(str(sha256)) as copy:
        return copy.read()


@pytest.mark.parametrize("places", [[1], [1, 2]])
def test_a_card_cannot_be_claimed_as_anything(
    archive: Archive, tmp_path: Path, paper: list[ScanPage], places: list[int]
) -> None:
    dossier = a_dossier(archive)
    batch = sorted_stack(archive, tmp_path, [card_front(SOMEBODY), paper[0]])

    with pytest.raises(CardNotKept, match="Give the card back"):
        claim(archive, batch, places, dossier)

    assert states(archive) == ["skipped", "skipped"]


def test_what_lies_beside_a_card_is_read_once_a_clerk_says_that_it_is_a_paper(
    archive: Archive, tmp_path: Path, paper: list[ScanPage]
) -> None:
    dossier = a_dossier(archive)
    batch = sorted_stack(archive, tmp_path, [card_front(SOMEBODY), paper[0]])

    claim(archive, batch, [2], dossier)

    assert waiting_to_be_read(archive) == [2]


def test_nobody_is_shown_a_card_or_given_the_file_it_is_in(
    archive: Archive, tmp_path: Path, client: AClient, paper: list[ScanPage]
) -> None:
    dossier = a_dossier(archive)
    batch = sorted_stack(archive, tmp_path, [paper[0], paper[1], card_front(SOMEBODY)])
    component = claim(archive, batch, [1, 2], dossier)
    clerk = client(Role.CLERK)

    picture = clerk.get(f"/api/v1/scans/{batch.id}/pages/3.webp")
    other = clerk.get(f"/api/v1/scans/{batch.id}/pages/1.webp")
    original = clerk.get(f"/api/v1/components/{component.id}/original?purpose=x")
    shown = clerk.get(f"/api/v1/scans/{batch.id}").json()

    assert (picture.status_code, picture.json()["code"]) == (422, CardNotKept.code)
    assert other.status_code == HTTPStatus.OK
    assert (original.status_code, original.json()["code"]) == (422, CardInOriginal.code)
    assert shown["cards"] == [3]
    with archive.database.write() as session:
        parcel = gather_dossier(session, dossier.code, Asked("mai", archive.clock(), "x"))
    assert batch.sha256 not in parcel.objects.values()


# The other ways in -------------------------------------------------------------------------------


def test_no_way_in_takes_a_scan_that_is_said_to_be_a_card(
    archive: Archive, tmp_path: Path, client: AClient
) -> None:
    content = a_pdf(tmp_path / "card.pdf").read_bytes()

    answer = client(Role.CLERK).post(
        "/api/v1/scans",
        files={"file": ("card.pdf", content)},
        data={"component_type": "identity_card"},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "presented_only")
    assert "chỉ xuất trình" in answer.json()["detail"]
    assert "TT 01/2023, Điều 4" in answer.json()["detail"]
    for way_in in WayIn:
        with pytest.raises(PresentedOnly):
            take_in_file(
                archive, tmp_path / "card.pdf", "card.pdf", way_in=way_in, by="clerk",
                claim=Claim(component_type="identity_card"),
            )  # fmt: skip
    assert list(archive.store.keys()) == []


def test_a_watched_folder_gives_a_card_to_nobody(archive: Archive, tmp_path: Path) -> None:
    """A file dropped there says nothing of what it is: its pages do."""

    def take_in(path: Path, name: str) -> None:
        take_in_file(archive, path, name, way_in=WayIn.FOLDER, by="watch")

    watched = WatchedFolder(tmp_path / "scans", take_in)
    write_pdf([card_front(SOMEBODY)], tmp_path / "scans" / "card.pdf")
    watched.look(now=0.0)
    watched.look(now=STILL_SECONDS)
    with archive.database.read() as session:
        (id_,) = session.scalars(select(Batch.id))
    sorting.sort_batch(archive.workbench, id_)

    with archive.database.read() as session:
        batch = batches.by_id(session, id_)
    assert (batch.report["cards"], batch.report["unclaimed"]) == ([1], [])
    assert batch.state == "finished"


def test_filing_itself_refuses_what_is_only_presented(archive: Archive) -> None:
    dossier = a_dossier(archive)
    with archive.database.write() as session:
        page = pages.see(session, "0" * 64, 1, blank=False, codes=[])
        row = dossiers.by_code(session, dossier.code, lock=True)
        new = Filing(
            id="0" * 32, type="identity_card", batch_id="0" * 32, original="0" * 64, pages=[page]
        )
        with pytest.raises(PresentedOnly):
            components.file(session, row, new, by="clerk", at=archive.clock())
