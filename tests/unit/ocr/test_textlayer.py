"""The invisible words, as programs see them that are not ours."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from pdf2image import convert_from_path
from PIL import Image, ImageDraw, ImageFont

from hoso.imaging.pages import load_page
from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
from hoso.ocr.tesseract import TesseractEngine
from hoso.ocr.words import Word
from tests.paper import optics
from tests.unit.ocr import scans
from tests.unit.ocr.scans import CODE

LINES = [
    "Nguyễn Thị Hường",
    "Đặng Đình Đường – 12/HĐ-LĐ",
    "ữ ặ ỹ ẵ ẫ ễ ỗ ỡ ự ỵ Ữ Ặ Ỹ đ Đ",
    "Căn cước: 092192498929",
    "huyện Krông Pắc, xã Ea Knuếc",
]
LAID = [(0, 0.0), (90, 0.0), (180, 0.0), (270, 0.0), (0, 2.0), (90, -1.5)]
WORD = re.compile(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.+?)<')
POINTS_PER_MM = 72 / 25.4


def kept(source: Path, reading: PageReading) -> Path:
    target = source.with_name("kept.pdf")
    page = ArchivePage(source, 1, reading)
    write_archive([page], target, title="Giấy", identifier=CODE, source_sha256="ab" * 32)
    return target


def lines_of_words(turn: int, skew: float) -> PageReading:
    words = []
    for number, line in enumerate(LINES):
        x = 80.0
        for text in line.split():
            words.append(Word(text, 0.9, x, 100.0 + 30 * number, 7.0 * len(text), 12.0, number))
            x += 7.0 * len(text) + 6
    return PageReading(tuple(words), turn=turn, skew=skew, engine="told")


@pytest.fixture(params=LAID, ids=str)
def laid(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    turn, skew = request.param
    source = scans.a_picture_pdf(tmp_path / "scan.pdf", scans.white())
    return kept(source, lines_of_words(turn, skew))


def test_poppler_copies_every_vietnamese_letter(laid: Path) -> None:
    found = subprocess.run(["pdftotext", laid, "-"], capture_output=True, check=True)
    assert found.stdout.decode().split() == " ".join(LINES).split()


def test_pdfium_copies_and_finds_every_vietnamese_letter(laid: Path) -> None:
    with pypdfium2.PdfDocument(laid) as document:
        text = document[0].get_textpage()
        assert [line.strip() for line in text.get_text_range().splitlines()] == LINES
        assert text.search("Đặng Đình Đường").get_next() is not None
        assert text.search("Đặng Đình Đượng").get_next() is None


def far_apart(path: Path, turn: int, skew: float) -> Path:
    """Words with so much room around each that its ink is nobody else's."""
    page = Image.new("RGB", (1654, 2339), "white")
    font = ImageFont.truetype(str(scans.FONTS / "LiberationSerif-Regular.ttf"), 44)
    pen = ImageDraw.Draw(page)
    for row, line in enumerate(["Nguyễn Phường Đường", "Hường Nhân Khánh", "Hòa Trang Việt"] * 4):
        for column, word in enumerate(line.split()):
            pen.text((180 + 470 * column, 250 + 140 * row), word, "black", font)
    lying = optics.skew(np.asarray(page), skew)
    return scans.a_picture_pdf(path, np.ascontiguousarray(np.rot90(lying, -turn // 90)), dpi=200)


@pytest.mark.slow
@pytest.mark.parametrize(("turn", "skew"), [(0, 0.0), (0, 2.0), (180, -2.0)])
def test_every_word_lies_within_a_millimetre_of_its_ink(
    turn: int, skew: float, tmp_path: Path
) -> None:
    source = far_apart(tmp_path / "scan.pdf", turn, skew)
    page = load_page(source, 1, dpi=150)
    reading = read_page(source, 1, page, engine=TesseractEngine(), timeout_seconds=60)
    target = kept(source, reading)
    found = subprocess.run(["pdftotext", "-bbox", target, "-"], capture_output=True, check=True)
    words = WORD.findall(found.stdout.decode())
    assert len(words) == 36
    ink = np.asarray(convert_from_path(target, dpi=144, grayscale=True)[0]) < 128
    for *sides, text in words:
        left, top, right, bottom = (float(side) for side in sides)
        room = 3 * POINTS_PER_MM
        y, x = round(2 * (top - room)), round(2 * (left - room))
        rows, columns = np.nonzero(
            ink[y : round(2 * (bottom + room)), x : round(2 * (right + room))]
        )
        assert len(rows), text
        inked = (x + columns.min(), x + columns.max() + 1, y + rows.min(), y + rows.max() + 1)
        leftmost, rightmost, highest, lowest = (side / 2 / POINTS_PER_MM for side in inked)
        assert abs(leftmost - left / POINTS_PER_MM) < 1, text
        assert abs(rightmost - right / POINTS_PER_MM) < 1, text
        assert highest > top / POINTS_PER_MM - 1, text
        assert lowest < bottom / POINTS_PER_MM + 1, text
