from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from pdf2image import convert_from_path

from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.reading import PageReading
from hoso.ocr.stamp import Stamp
from tests.unit.ocr import scans
from tests.unit.ocr.scans import CODE, a_picture_pdf, a_reading, failures, white


@pytest.fixture(scope="module")
def stamp(tmp_path_factory: pytest.TempPathFactory) -> Stamp:
    return scans.a_stamp(tmp_path_factory.mktemp("stamp"))


def stamped(source: Path, stamp: Stamp, reading: PageReading) -> Path:
    target = source.with_name("stamped.pdf")
    page = ArchivePage(source, 1, reading)
    write_archive([page], target, title="Giấy", identifier=CODE, source_sha256="", stamp=stamp)
    return target


def seen(pdf: Path) -> np.ndarray:
    return np.asarray(convert_from_path(pdf, dpi=200)[0])


def codes_on(pdf: Path) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(seen(pdf))]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_stamp_reads_back_from_the_bottom_of_the_page_as_seen(
    turn: int, stamp: Stamp, tmp_path: Path
) -> None:
    page = white()
    page[150:900, 100:700:9] = 0
    lying = np.ascontiguousarray(np.rot90(page, -turn // 90))
    source = a_picture_pdf(tmp_path / "scan.pdf", lying)
    target = stamped(source, stamp, a_reading("chữ", turn=(360 - turn) % 360))
    assert codes_on(target) == [CODE]
    (code,) = zxingcpp.read_barcodes(seen(target))
    assert code.position.top_left.y > 0.85 * 2338
    assert failures(target) == []


def test_the_stamp_covers_nothing(stamp: Stamp, tmp_path: Path) -> None:
    page = white()
    page[150:1000, 80:760] = 90
    source = a_picture_pdf(tmp_path / "scan.pdf", page)
    plain = source.with_name("plain.pdf")
    write_archive(
        [ArchivePage(source, 1, a_reading())],
        plain,
        title="Giấy",
        identifier=CODE,
        source_sha256="",
    )
    before, after = seen(plain).astype(int), seen(stamped(source, stamp, a_reading())).astype(int)
    changed = np.abs(before - after).max(axis=2) > 20
    assert changed.any()
    assert before[changed].min() > 240


def test_a_stamp_in_the_side_margin_lies_on_its_side(stamp: Stamp, tmp_path: Path) -> None:
    page = white()
    page[:, 80:700] = 90
    target = stamped(a_picture_pdf(tmp_path / "scan.pdf", page), stamp, a_reading())
    assert codes_on(target) == [CODE]
    assert seen(target).shape[:2] == (2338, 1654)


@pytest.mark.parametrize("turn", [0, 90])
def test_a_full_page_grows_a_strip_for_the_stamp(turn: int, stamp: Stamp, tmp_path: Path) -> None:
    source = a_picture_pdf(tmp_path / "scan.pdf", np.full_like(white(), 90))
    target = stamped(source, stamp, a_reading("chữ", turn=turn))
    assert codes_on(target) == [CODE]
    picture = seen(target)
    longest, strip = (1654 if turn else 2338), round((17 + 8) / 25.4 * 200)
    assert picture.shape[0] == pytest.approx(longest + strip, abs=4)
    assert picture[: longest - 4].max() < 120
    assert failures(target) == []


def test_a_paper_smaller_than_the_stamp_grows_wide_enough(stamp: Stamp, tmp_path: Path) -> None:
    card = np.full((212, 150, 3), 90, np.uint8)
    target = stamped(a_picture_pdf(tmp_path / "scan.pdf", card), stamp, a_reading())
    assert codes_on(target) == [CODE]


def test_words_stay_over_their_ink_on_a_page_that_grew(stamp: Stamp, tmp_path: Path) -> None:
    source = a_picture_pdf(tmp_path / "scan.pdf", np.full_like(white(), 90))
    target = stamped(source, stamp, replace(a_reading("chữ"), turn=180))
    assert failures(target) == []
    assert codes_on(target) == [CODE]
