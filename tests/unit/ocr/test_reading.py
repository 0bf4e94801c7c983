import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from hoso.errors import OcrUnavailable, RecognitionCrashed
from hoso.imaging.page import PageImage
from hoso.imaging.pages import load_page
from hoso.ocr.engine import RawLine
from hoso.ocr.reading import PageReading, read_page
from hoso.ocr.tesseract import TesseractEngine
from tests.paper.scoring import order_free_error
from tests.unit.ocr.conftest import really_read
from tests.unit.ocr.scans import (
    PAPER,
    ToldEngine,
    a_line,
    a_picture_pdf,
    a_scan,
    a_typeset_pdf,
    white,
)


@pytest.mark.parametrize("turn", [0, 180, 270])
def test_a_page_fed_any_way_is_read_upright(turn: int, tmp_path: Path) -> None:
    reading = really_read(a_scan(tmp_path / "scan.pdf", turn=turn))
    assert reading.turn == (360 - turn) % 360
    assert reading.turn_sure
    assert order_free_error(PAPER.text[0], reading.text) < 0.05


def test_a_page_on_its_side_and_askew_is_read_straight(
    skewed: tuple[Path, PageReading],
) -> None:
    _, reading = skewed
    assert (reading.turn, abs(reading.skew)) == (270, pytest.approx(2.0, abs=0.15))
    assert order_free_error(PAPER.text[0], reading.text) < 0.05
    assert reading.confidence is not None
    assert reading.confidence > 0.8
    assert reading.engine.startswith("tesseract 5")
    assert unicodedata.is_normalized("NFC", reading.text)


def test_a_reading_survives_json(skewed: tuple[Path, PageReading]) -> None:
    _, reading = skewed
    assert PageReading.from_json(reading.to_json()) == reading


def test_text_of_a_born_digital_page_is_taken_not_recognised(tmp_path: Path) -> None:
    path = a_typeset_pdf("#set page(margin: 2cm)\nĐơn đề nghị \\ số 12/HĐ-LĐ", tmp_path)
    engine = ToldEngine(lambda *_: pytest.fail("nothing is to be recognised"))
    reading = read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=1)
    assert reading.text == "Đơn đề nghị\nsố 12/HĐ-LĐ"
    assert reading.is_printed
    assert reading.words[0].x == pytest.approx(2 / 2.54 * 72, abs=2)
    assert reading.words[0].y == pytest.approx(2 / 2.54 * 72, abs=5)


def test_a_page_that_takes_too_long_is_kept_without_words(tmp_path: Path) -> None:
    path = a_scan(tmp_path / "scan.pdf")
    page = load_page(path, 1)
    reading = read_page(path, 1, page, engine=TesseractEngine(), timeout_seconds=0.3)
    assert (reading.failure, reading.words, reading.turn) == ("ocr_timed_out", (), 0)
    assert not reading.turn_sure


def test_a_page_that_crashes_the_engine_is_kept_without_words(tmp_path: Path) -> None:
    def crash(*_: object) -> list[RawLine]:
        raise RecognitionCrashed(reason="SIGSEGV")

    path = a_picture_pdf(tmp_path / "scan.pdf", white())
    reading = read_page(path, 1, load_page(path, 1), engine=ToldEngine(crash), timeout_seconds=9)
    assert (reading.failure, reading.words) == ("ocr_crashed", ())


def test_a_missing_language_stops_the_work_with_a_remedy(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", white())
    engine = TesseractEngine("xyz")
    with pytest.raises(OcrUnavailable, match="tesseract-ocr-xyz"):
        read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=9)
    with pytest.raises(OcrUnavailable, match="xyz"):
        engine.check()


def test_the_engine_says_who_it_is() -> None:
    assert TesseractEngine().check().endswith(" vie")


def test_a_page_that_reads_badly_both_ways_is_left_alone_and_flagged(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", white())
    engine = ToldEngine(lambda *_: [a_line("vết bẩn", 0.3)])
    reading = read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=9)
    assert (reading.turn, reading.turn_sure, reading.text) == (0, False, "vết bẩn")
    assert [strip for _, _, strip in engine.asked] == [False, True, True]


def test_a_page_that_reads_well_is_read_once(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", white(), dpi=100)
    engine = ToldEngine(lambda *_: [a_line("đọc được")])
    reading = read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=9)
    assert len(engine.asked) == 1
    assert reading.words[1].x == pytest.approx(100 / 100 * 72, abs=0.1)


def test_a_colour_picture_at_another_resolution_gives_the_same_places(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", white(), dpi=100)
    loaded = load_page(path, 1)
    doubled = replace(
        loaded,
        image=PageImage(loaded.image.pixels.repeat(2, 0).repeat(2, 1), 200),
        to_points=loaded.to_points / [[2, 2, 1], [2, 2, 1], [1, 1, 1]],
    )
    engine = ToldEngine(lambda pixels, _: [a_line("đọc được")])
    reading = read_page(path, 1, doubled, engine=engine, timeout_seconds=9)
    ((rows, columns), dpi, _) = engine.asked[0]
    assert dpi == 150
    assert (rows, columns) == pytest.approx((1169 * 1.5, 827 * 1.5), abs=1)
    assert reading.words[1].x == pytest.approx(100 / dpi * 72, abs=0.2)


def test_what_the_engine_hardly_believes_is_no_word(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", white())
    engine = ToldEngine(lambda *_: [a_line("chữ thật"), a_line("nếp gấp", 0.2)])
    reading = read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=9)
    assert reading.text == "chữ thật"
    assert reading.confidence == 0.9
