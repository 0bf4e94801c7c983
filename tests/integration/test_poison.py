"""A file that passes the door and then never ends: set aside with its reason, alone."""

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from hoso.scanner_ingest import batches, intake, sorting
from hoso.scanner_ingest.intake import Claim, WayIn
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive
from hoso.wiring.works import Works
from tests.builders import a_dossier, a_pdf
from tests.waiting import until

pytestmark = pytest.mark.slow

DEPTH, EACH = 14, 10


def test_a_page_that_never_ends_is_set_aside_and_nothing_waits_for_it(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "_LOOK_SECONDS", 3.0)
    code = a_dossier(archive).code
    poison = _taken_in(archive, _endless_pdf(tmp_path / "poison.pdf"), code)
    good = _taken_in(archive, a_pdf(tmp_path / "good.pdf"), code)

    works = Works(archive)
    works.start()
    try:
        until(lambda: _batch(archive, good).state == "finished", 120)
        until(lambda: _batch(archive, poison).state == "set_aside", 120)
    finally:
        works.stop()

    set_aside = _batch(archive, poison)
    assert set_aside.failure is not None
    assert "quá 3.0 giây" in set_aside.failure
    with archive.store.local_copy(set_aside.sha256) as kept:
        assert kept.read_bytes() == (tmp_path / "poison.pdf").read_bytes()


def _taken_in(archive: Archive, path: Path, code: str) -> str:
    incoming = intake.receive(path, path.name, inspect=archive.inspect, store=archive.store)
    with archive.database.write() as session:
        return intake.take_in(
            session,
            incoming,
            jobs=archive.jobs,
            way_in=WayIn.COMMAND,
            by="test",
            at=archive.clock(),
            claim=Claim(code, "birth_attestation"),
        ).batch_id


def _batch(archive: Archive, batch_id: str) -> Batch:
    with archive.database.read() as session:
        return batches.by_id(session, batch_id)


def _endless_pdf(path: Path) -> Path:
    """A page of forms in forms in forms: small to keep, endless to draw."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        form = _form(pdf, b"0 0 300 300 re f", None)
        for _ in range(DEPTH):
            form = _form(pdf, b"/F Do " * EACH, form)
        page.Resources = Dictionary(XObject=Dictionary(F=form))
        page.Contents = pdf.make_stream(b"/F Do")
        pdf.save(path)
    return path


def _form(pdf: pikepdf.Pdf, drawing: bytes, inner: pikepdf.Object | None) -> pikepdf.Object:
    form = pdf.make_stream(drawing)
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = [0, 0, 595, 842]
    if inner is not None:
        form.Resources = Dictionary(XObject=Dictionary(F=inner))
    return form
