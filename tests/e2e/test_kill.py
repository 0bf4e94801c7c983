"""A worker killed with SIGKILL at many different moments: every batch is finished, and once."""

import io
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import img2pdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import func, select

from hoso.audit.log import AuditEntry
from hoso.barcode.typeset import FONTS_DIR
from hoso.dossier.tables import Attachment, Component, Page
from hoso.scanner_ingest.tables import Batch
from hoso.settings import Settings
from hoso.wiring import Archive
from tests.databases import Kind, empty_database
from tests.e2e.service import Office, free_port, kill
from tests.waiting import until

KILLS_WHILE_STARTING = 3
KILLS = 24
BATCHES = 20
PAGES_EACH = 2
FINISH_SECONDS = 300.0
# The first kills hit the worker while it starts; each of the others comes a little later after
# something was seen to be done, so that it hits work in hand on a slow machine as well.
STARTING_STEP_SECONDS, WORKING_STEP_SECONDS = 0.4, 0.04

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def office(tmp_path: Path, database_kind: Kind) -> Iterator[Office]:
    with empty_database(database_kind, tmp_path) as url:
        yield Office(tmp_path / "data", free_port(), url)


def test_every_batch_is_finished_once_however_often_the_worker_is_killed(
    office: Office, tmp_path: Path
) -> None:
    code = office.hoso_json("receive", "1.001193", "092192498929", "Trịnh Thị Oanh")["code"]
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(BATCHES):
        (folder / f"{number}.pdf").write_bytes(_a_small_scan(number))
    office.hoso("ingest", str(folder), "--dossier", code, "--type", "birth_attestation")

    settings = Settings(data_dir=office.data_dir, database_url=office.database_url)
    with Archive(settings) as archive:
        moments = Counter(_worked_until_killed(office, archive, kill) for kill in range(KILLS))
        _work_to_the_end(office, archive)
        _check_everything_once(archive)
    assert sum(moments.values()) == KILLS
    assert len(moments) >= KILLS // 2, f"the kills all hit the same moment: {moments}"


def _worked_until_killed(office: Office, archive: Archive, number: int) -> str:
    """Let a worker run for a while, kill it, and tell how far the whole had come."""
    before = _moment(archive)
    worker = office.start("work")
    delay = STARTING_STEP_SECONDS * (number + 1)
    if number >= KILLS_WHILE_STARTING:
        until(lambda: _moment(archive) != before, 120)
        delay = WORKING_STEP_SECONDS * (number - KILLS_WHILE_STARTING)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(delay)
    kill(worker)
    return _moment(archive)


def _moment(archive: Archive) -> str:
    """How far the whole has come."""
    with archive.database.read() as session:
        states = sorted(
            session.execute(select(Batch.state, func.count()).group_by(Batch.state)).all()
        )
        read = session.scalar(select(func.count()).where(Page.state == "read"))
        archived = session.scalar(select(func.count(Component.archived)))
    return f"{states} {read} {archived}"


def _work_to_the_end(office: Office, archive: Archive) -> None:
    def finished() -> bool:
        with archive.database.read() as session:
            return set(session.scalars(select(Batch.state))) == {"finished"}

    worker = office.start("work")
    try:
        until(finished, FINISH_SECONDS)
    finally:
        kill(worker)


def _check_everything_once(archive: Archive) -> None:
    with archive.database.read() as session:
        batches = {batch.id for batch in session.scalars(select(Batch))}
        pages = list(session.scalars(select(Page)))
        components = list(session.scalars(select(Component)))
        attached = session.scalars(select(Attachment.component_id)).all()
        finished = session.scalars(
            select(AuditEntry.subject).where(AuditEntry.action == "scan.finished")
        ).all()
    assert len(batches) == BATCHES
    assert sorted(finished) == sorted(batches)
    assert len(pages) == BATCHES * PAGES_EACH
    assert {page.state for page in pages} == {"read"}
    assert all("Giấy chứng sinh" in page.text for page in pages)
    assert {component.batch_id for component in components} == batches
    assert len(components) == BATCHES
    assert {component.stamp for component in components} == {"read_back"}
    assert sorted(attached) == sorted(component.id for component in components)
    kept = set(archive.store.keys())
    assert {component.archived for component in components} <= kept
    assert {component.original for component in components} <= kept


def _a_small_scan(number: int) -> bytes:
    """Two small grey pages that Tesseract reads in a moment."""
    font = ImageFont.truetype(str(FONTS_DIR / "LiberationSerif-Regular.ttf"), 36)
    pages = []
    for page in range(PAGES_EACH):
        picture = Image.new("L", (620, 440), 255)
        text = f"Giấy chứng sinh số {number:03d}\nTrang {page}"
        ImageDraw.Draw(picture).multiline_text((60, 120), text, font=font, fill=0, spacing=20)
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=85)
        pages.append(jpeg.getvalue())
    layout = img2pdf.get_fixed_dpi_layout_fun((150, 150))
    pdf: bytes = img2pdf.convert(pages, layout_fun=layout)
    return pdf
