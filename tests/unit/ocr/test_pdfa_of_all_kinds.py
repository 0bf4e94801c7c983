"""Every kind of scan archived, and the result shown to validators that are not ours."""

import subprocess
from pathlib import Path

import pikepdf
import pytest

from hoso.ocr.archive import ArchivePage, write_archive
from tests.pdfa import breaches, breaches_by_preflight
from tests.unit.imaging.scans_of_all_kinds import KINDS
from tests.unit.ocr.scans import CODE, a_reading, shown_images

# PDF/A with our colours has no place for these inks: the page is kept as its picture.
REPAINTED = {"jpeg, CMYK as Adobe writes it", "CMYK", "one ink", "two inks"}
# Font, colour profile and description of a file; a real paper's pictures weigh fifty times that.
FIXED_BYTES = 6_000

Pair = tuple[Path, Path]


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("archived")
    pairs = {}
    for number, (name, kind) in enumerate(KINDS.items()):
        source, target = folder / f"{number:02}-scan.pdf", folder / f"{number:02}-kept.pdf"
        page = ArchivePage(kind.write(source), 1, a_reading("Đường", "Nguyễn", skew=0.5))
        write_archive([page], target, title="Giấy", identifier=CODE, source_sha256="ab" * 32)
        pairs[name] = (source, target)
    return pairs


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_scan_becomes_pdf_a(name: str, archived: dict[str, Pair]) -> None:
    _, target = archived[name]
    assert breaches(target) == []
    subprocess.run(["qpdf", "--check", target], check=True, capture_output=True)


@pytest.mark.parametrize("name", sorted(KINDS.keys() - REPAINTED))
def test_the_bytes_of_every_picture_are_kept(name: str, archived: dict[str, Pair]) -> None:
    source, target = archived[name]
    assert shown_images(target) == shown_images(source)
    assert target.stat().st_size <= 1.02 * source.stat().st_size + FIXED_BYTES


@pytest.mark.slow
def test_another_validator_finds_nothing_either(archived: dict[str, Pair], tmp_path: Path) -> None:
    assert breaches_by_preflight([kept for _, kept in archived.values()], tmp_path) == {}


def test_a_font_that_only_an_invisible_layer_used_does_not_cost_the_picture(
    tmp_path: Path,
) -> None:
    source, target = tmp_path / "scan.pdf", tmp_path / "kept.pdf"
    KINDS["jpeg"].write(source)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"BT 3 Tr /F1 9 Tf 40 10 Td (Giay khai sinh) Tj ET")
        pdf.save()
    page = ArchivePage(source, 1, a_reading("Giấy", "khai", "sinh"))
    write_archive([page], target, title="Giấy", identifier=CODE, source_sha256="ab" * 32)
    assert shown_images(target) == shown_images(source)
    assert breaches(target) == []
    text = subprocess.run(["pdftotext", target, "-"], check=True, capture_output=True).stdout
    assert text.decode().split() == ["Giấy", "khai", "sinh"]
