import unicodedata
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from hoso.errors import OcrUnavailable, RecognitionCrashed
from hoso.imaging.page import PageImage
from hoso.imaging.pages import load_page
from hoso.ocr.calibration import chance_of_being_right
from hoso.ocr.clean import READING_DPI
from hoso.ocr.engine import RawLine
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
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
    lined,
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
    assert (reading.turn, abs(reading.skew)) == (270, pytest.approx(2.0, abs=0.2))
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
    reading = read_page(path, 1, page, engine=TesseractEngine(), timeout_seconds=0.1)
    assert (reading.failure, reading.words, reading.turn) == ("ocr_timed_out", (), 0)
    assert not reading.turn_sure


def test_a_page_that_crashes_the_engine_is_kept_without_words(tmp_path: Path) -> None:
    def crash(_: object) -> RawLine:
        raise RecognitionCrashed(reason="SIGSEGV")

    path = a_picture_pdf(tmp_path / "scan.pdf", lined(60))
    reading = read_page(path, 1, load_page(path, 1), engine=ToldEngine(crash), timeout_seconds=9)
    assert (reading.failure, reading.words) == ("ocr_crashed", ())


def test_a_missing_language_stops_the_work_with_a_remedy(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", lined(60))
    engine = TesseractEngine("xyz")
    with pytest.raises(OcrUnavailable, match="tesseract-ocr-xyz"):
        read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=9)
    with pytest.raises(OcrUnavailable, match="xyz"):
        engine.check()


def test_the_engine_says_who_it_is() -> None:
    assert TesseractEngine().check().endswith(" vie")


def test_a_page_that_reads_badly_both_ways_is_left_alone_and_flagged(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", lined(60))
    engine = ToldEngine(lambda _: a_line("vết bẩn", 0.3))
    reading = read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=9)
    assert (reading.turn, reading.turn_sure, reading.text) == (0, False, "vết bẩn")
    assert [len(asked) for asked in engine.asked[:2]] == [1, 2]  # then the line both ways up


def test_a_page_that_reads_well_is_read_once(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", lined(60), dpi=100)
    engine = ToldEngine(lambda _: a_line("đọc được"))
    reading = read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=9)
    assert len(engine.asked) == 1
    first, second = reading.words
    assert second.x - first.x == pytest.approx(72, abs=0.1)
    assert first.x == pytest.approx(72, abs=4)  # the line begins an inch from the edge
    assert first.y == pytest.approx(60 / 25.4 * 72, abs=5)


def test_a_page_without_lines_has_no_words(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", white())
    reading = read_page(path, 1, load_page(path, 1), engine=TesseractEngine(), timeout_seconds=9)
    assert (reading.words, reading.turn_sure, reading.failure) == ((), False, None)


def test_a_colour_picture_at_another_resolution_gives_the_same_places(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", lined(60), dpi=100)
    loaded = load_page(path, 1)
    larger = replace(
        loaded,
        image=PageImage(loaded.image.pixels.repeat(4, 0).repeat(4, 1), 400),
        to_points=loaded.to_points / [[4, 4, 1], [4, 4, 1], [1, 1, 1]],
    )
    engine = ToldEngine(lambda _: a_line("đọc được"))
    reading = read_page(path, 1, larger, engine=engine, timeout_seconds=9)
    assert engine.dpi == [READING_DPI]
    first, second = reading.words
    assert second.x - first.x == pytest.approx(100 / READING_DPI * 72, abs=0.2)
    assert first.y == pytest.approx(60 / 25.4 * 72, abs=5)


def test_what_the_engine_hardly_believes_is_no_word(tmp_path: Path) -> None:
    path = a_picture_pdf(tmp_path / "scan.pdf", lined(60, 80))
    answers = cycle([a_line("nếp gấp", 0.2), a_line("chữ thật")])
    engine = ToldEngine(lambda _: next(answers))
    reading = read_page(path, 1, load_page(path, 1), engine=engine, timeout_seconds=9)
    assert reading.text == "chữ thật"
    assert reading.confidence == round(chance_of_being_right(0.9), 3)
