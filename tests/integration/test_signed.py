"""An electronically signed original through the whole service: not one bit of it changes."""

import hashlib
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from sqlalchemy import select

from hoso.dossier import attachments, components, dossiers
from hoso.dossier.tables import Component, Page
from hoso.ocr import archiving, digitise
from hoso.ocr.digitise import EngineChoice
from hoso.scanner_ingest import batches, sorting
from hoso.scanner_ingest.intake import Claim, WayIn
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.builders import a_dossier
from tests.pdfa import breaches
from tests.unit.ocr.scans import a_scan

pytestmark = pytest.mark.slow


def signed(path: Path) -> Path:
    """A scan with a signature field that holds a signature, written as a second revision."""
    a_scan(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        signature = Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/ETSI.CAdES.detached"),
            ByteRange=[0, 100, 200, 300],
            Contents=pikepdf.String("0" * 64),
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="Signature1",
                V=pdf.make_indirect(signature), Rect=[0, 0, 0, 0], F=132, P=pdf.pages[0].obj,
            )
        )  # fmt: skip
        pdf.pages[0].obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=[field], SigFlags=3)
        pdf.save()
    return path


def through_the_service(archive: Archive, path: Path, code: str) -> Component:
    """What the jobs do, one after the other."""
    bench = archive.workbench
    claim = Claim(code, "birth_attestation")
    taken = take_in_file(archive, path, path.name, way_in=WayIn.COMMAND, by="test", claim=claim)
    batch_id = taken.batch_id
    sorting.sort_batch(bench, batch_id)
    with archive.database.read() as session:
        assert batches.by_id(session, batch_id).signed
        page_ids = list(session.scalars(select(Page.id)))
        component_id = session.scalars(select(Component.id)).one()
    for page_id in page_ids:
        digitise.read_one_page(bench, EngineChoice("vie"), page_id)
    archiving.archive_component(bench, component_id)
    with archive.database.read() as session:
        return components.by_id(session, component_id)


def test_a_signed_original_stays_bit_for_bit_with_its_text_beside_it(
    archive: Archive, tmp_path: Path
) -> None:
    path = signed(tmp_path / "signed.pdf")
    before = path.read_bytes()
    component = through_the_service(archive, path, a_dossier(archive).code)
    assert component.stamp == archiving.SIGNED_ORIGINAL
    assert component.trust == "e_signed"
    assert component.archived == component.original == hashlib.sha256(before).hexdigest()
    with archive.store.local_copy(component.archived) as kept:
        assert kept.read_bytes() == before
    with archive.database.read() as session:
        text = session.scalars(select(Page.text)).one()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text


def test_the_bundle_shows_a_signed_original_as_pdf_a(archive: Archive, tmp_path: Path) -> None:
    code = a_dossier(archive).code
    through_the_service(archive, signed(tmp_path / "signed.pdf"), code)
    archiving.bundle_dossier(archive.workbench, code)
    with archive.database.read() as session:
        (entry,) = attachments.of_dossier(session, code)
        bundle = dossiers.by_code(session, code).bundle_sha256
    assert entry.component.archived
    with archive.store.local_copy(str(bundle)) as kept:
        assert breaches(kept) == []
        subprocess.run(["qpdf", "--check", kept], check=True, capture_output=True)
