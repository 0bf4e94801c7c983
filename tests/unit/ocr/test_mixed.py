"""Pages with words both printed and scanned: the first are kept, only the rest is recognised."""

import subprocess
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from hoso.imaging.pages import load_page
from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
from hoso.ocr.tesseract import TesseractEngine
from tests.pdfa import breaches
from tests.unit.ocr import scans
from tests.unit.ocr.scans import CODE, a_typeset_pdf, shown_images


def text_in(pdf: Path, order: str = "-layout") -> list[str]:
    found = subprocess.run(["pdftotext", order, pdf, "-"], capture_output=True, check=True)
    return found.stdout.decode().split()


def really_read(path: Path) -> PageReading:
    return read_page(
        path, 1, load_page(path, 1, dpi=150), engine=TesseractEngine(), timeout_seconds=60
    )


def archived(source: Path, reading: PageReading) -> Path:
    target = source.with_name("archived.pdf")
    page = ArchivePage(source, 1, reading)
    write_archive([page], target, title="Giấy", identifier=CODE, source_sha256="ab" * 32)
    return target


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PageReading]:
    """A letter of typst's with the scan of a card in its middle."""
    folder = tmp_path_factory.mktemp("letter")
    card = Image.new("L", (1000, 400), 255)
    font = ImageFont.truetype(str(scans.FONTS / "LiberationSerif-Regular.ttf"), 60)
    pen = ImageDraw.Draw(card)
    pen.text((60, 60), "Nguyễn Thị Hương", font=font)
    pen.text((60, 200), "Số 092192498929", font=font)
    card.save(folder / "card.png")
    words = "Kính gửi Ủy ban nhân dân phường"
    path = a_typeset_pdf(
        f'{words}\n\n#image("card.png", width: 100mm)\n\nNgười làm đơn', folder, archival=True
    )
    return path, really_read(path)


def test_printed_and_recognised_words_stand_in_one_text(letter: tuple[Path, PageReading]) -> None:
    _, reading = letter
    assert reading.text.splitlines() == [
        "Kính gửi Ủy ban nhân dân phường",
        "Nguyễn Thị Hương",
        "Số 092192498929",
        "Người làm đơn",
    ]
    assert [word.text for word in reading.recognised] == [
        "Nguyễn", "Thị", "Hương", "Số", "092192498929",
    ]  # fmt: skip


def test_each_word_of_a_mixed_page_is_found_once(letter: tuple[Path, PageReading]) -> None:
    source, reading = letter
    target = archived(source, reading)
    assert text_in(target) == reading.text.split()
    assert shown_images(target) == shown_images(source)
    assert breaches(target) == []


@pytest.mark.parametrize("turn", [0, 90])
def test_a_watermark_on_a_skewed_scan_is_kept_and_not_read_twice(turn: int, tmp_path: Path) -> None:
    path = scans.a_scan(tmp_path / "scan.pdf", turn=turn, skew=1.5)
    fonts = a_typeset_pdf("Đã quét bằng điện thoại", tmp_path, archival=True)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf, pikepdf.open(fonts) as mark:
        (page,) = pdf.pages
        page.add_overlay(mark.pages[0])
        pdf.save()
    reading = really_read(path)
    assert reading.turn == (360 - turn) % 360
    assert abs(reading.skew) > 1
    printed = [word.text for word in reading.words if word.printed]
    assert printed == ["Đã", "quét", "bằng", "điện", "thoại"]
    found = text_in(archived(path, reading), "-raw")
    assert sorted(found) == sorted(reading.text.split())
