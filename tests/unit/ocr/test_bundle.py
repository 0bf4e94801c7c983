import subprocess
from pathlib import Path

import pikepdf

from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.bundle import write_bundle
from tests.unit.ocr import scans
from tests.unit.ocr.scans import CODE, a_reading, failures, shown_images


def a_part(folder: Path) -> Path:
    source = scans.a_scan(folder / "scan.pdf", pages=2)
    pages = [ArchivePage(source, number, a_reading(f"trang{number}")) for number in (1, 2)]
    target = folder / "part.pdf"
    write_archive(pages, target, title="Giấy", identifier=CODE, source_sha256="ab")
    return target


def test_a_bundle_is_pdf_a_with_the_slip_first_and_the_scans_untouched(tmp_path: Path) -> None:
    slip = scans.a_typeset_pdf('#set page(paper: "a5")\nGiấy hẹn', tmp_path, archival=True)
    part, target = a_part(tmp_path), tmp_path / "bundle.pdf"
    write_bundle([slip, part], target, title="Hồ sơ", identifier=CODE)
    assert failures(target) == []
    subprocess.run(["qpdf", "--check", target], check=True, capture_output=True)
    text = subprocess.run(["pdftotext", target, "-"], capture_output=True, check=True).stdout
    assert text.decode().split() == ["Giấy", "hẹn", "trang1", "trang2"]
    assert shown_images(target) == shown_images(part)


def test_the_same_parts_give_the_same_bundle(tmp_path: Path) -> None:
    part = a_part(tmp_path)
    for name in ("one.pdf", "two.pdf"):
        write_bundle([part, part], tmp_path / name, title="Hồ sơ", identifier=CODE)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_a_part_that_is_not_pdf_a_is_made_fit(tmp_path: Path) -> None:
    original = tmp_path / "original.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 200))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.F1)
        page.contents_add(b"BT /F1 24 Tf 50 100 Td (Da ky) Tj ET")
        pdf.save(original)
    write_bundle([original], tmp_path / "bundle.pdf", title="Hồ sơ", identifier=CODE)
    assert failures(tmp_path / "bundle.pdf") == []
    bundle = tmp_path / "bundle.pdf"
    found = subprocess.run(["pdftotext", bundle, "-"], capture_output=True, check=True)
    assert found.stdout.split() == [b"Da", b"ky"]
