"""What every recognition engine promises (hoso.ocr.engine.OcrEngine)."""

import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from hoso.barcode.typeset import FONTS_DIR
from hoso.errors import OcrUnavailable, PageTimedOut
from hoso.imaging.page import Pixels
from hoso.ocr.engine import OcrEngine, RawLine
from hoso.ocr.inprocess import InProcessEngine
from hoso.ocr.tesseract import TesseractEngine

DPI = 200
SECONDS = 60.0
NAMES = "Nguyễn Thị Hường, phường Đông Ngạc"
TITLE = "Giấy chứng nhận kết hôn số 0123456789"
NUMBER = "001199012345"

MakeEngine = Callable[..., OcrEngine]


@pytest.fixture(params=[TesseractEngine, InProcessEngine], ids=["pytesseract", "tesserocr"])
def make(request: pytest.FixtureRequest) -> MakeEngine:
    """Makes an engine of a language and a data folder. A new engine joins here."""
    kind: MakeEngine = request.param
    return kind


@pytest.fixture
def engine(make: MakeEngine) -> OcrEngine:
    return make()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def a_line(text: str) -> Pixels:
    """A line of 12 pt with some paper around it, as `hoso.ocr.lines` cuts it out."""
    font = ImageFont.truetype(str(FONTS_DIR / "LiberationSerif-Regular.ttf"), 34)
    picture = Image.new("L", (round(font.getlength(text)) + 40, 60), 255)
    ImageDraw.Draw(picture).text((20, 8), text, font=font, fill=0)
    return np.asarray(picture)


def blank(height: int, width: int, level: int = 255) -> Pixels:
    return np.full((height, width), level, np.uint8)


def read(engine: OcrEngine, *lines: Pixels, digits_only: bool = False) -> list[RawLine]:
    return engine.recognise(lines, dpi=DPI, timeout_seconds=SECONDS, digits_only=digits_only)


def text(line: RawLine) -> str:
    return " ".join(word.text for word in line)


def test_vietnamese_is_read_in_nfc(engine: OcrEngine) -> None:
    lines = read(engine, a_line(NAMES), a_line(TITLE))
    assert [text(line) for line in lines] == [NAMES, TITLE]
    assert all(unicodedata.is_normalized("NFC", text(line)) for line in lines)


def test_words_stand_from_left_to_right_inside_their_picture(engine: OcrEngine) -> None:
    picture = a_line(TITLE)
    [line] = read(engine, picture)
    height, width = picture.shape
    assert [word.x for word in line] == sorted(word.x for word in line)
    for word in line:
        assert 0 <= word.x < word.x + word.width <= width
        assert 0 <= word.y < word.y + word.height <= height
        assert 0 <= word.confidence <= 1
    assert line[0].x == pytest.approx(20, abs=3)
    assert line[-1].x + line[-1].width == pytest.approx(width - 20, abs=3)


@pytest.mark.parametrize(
    "picture",
    [
        blank(60, 900),
        blank(60, 900, level=0),
        blank(1, 1),
        blank(6, 300),
        blank(60, 2),
        blank(7, 7),
    ],
    ids=["white", "black", "a pixel", "flat", "narrow", "tiny"],
)
def test_a_picture_without_text_costs_its_neighbours_nothing(
    engine: OcrEngine, picture: Pixels
) -> None:
    lines = read(engine, a_line(NAMES), picture, a_line(TITLE))
    assert (len(lines), text(lines[0]), text(lines[2])) == (3, NAMES, TITLE)


def test_no_pictures_no_answers(engine: OcrEngine) -> None:
    assert read(engine) == []
    assert read(engine, blank(1, 1)) == [()]


def test_with_digits_only_letters_are_never_read(engine: OcrEngine) -> None:
    lines = read(engine, a_line(NUMBER), a_line(TITLE), digits_only=True)
    assert text(lines[0]) == NUMBER
    assert all(re.fullmatch("[0-9/.-]+", word.text) for line in lines for word in line)


def test_nothing_is_kept_from_one_call_to_the_next(engine: OcrEngine) -> None:
    pictures = [a_line(NAMES), a_line(NUMBER), a_line(TITLE)]
    first = read(engine, *pictures)
    read(engine, *pictures, digits_only=True)
    assert read(engine, *pictures) == first
    assert [read(engine, picture)[0] for picture in reversed(pictures)] == first[::-1]


def test_two_engines_of_one_kind_do_not_meet(make: MakeEngine) -> None:
    one, other = make(), make()
    before = read(one, a_line(TITLE))
    read(other, a_line(TITLE), digits_only=True)
    assert read(one, a_line(TITLE)) == before


@pytest.mark.parametrize("seconds", [0.2, 0.001])
def test_time_that_is_up_is_said_so(engine: OcrEngine, seconds: float) -> None:
    with pytest.raises(PageTimedOut):
        engine.recognise([a_line(TITLE)] * 300, dpi=DPI, timeout_seconds=seconds)
    assert text(read(engine, a_line(TITLE))[0]) == TITLE


def test_a_language_that_is_not_installed_is_refused(make: MakeEngine) -> None:
    missing = make("xyz")
    with pytest.raises(OcrUnavailable, match="tesseract-ocr-xyz"):
        missing.check()
    with pytest.raises(OcrUnavailable, match="tesseract-ocr-xyz"):
        read(missing, a_line(TITLE))


def test_a_data_folder_without_the_language_is_refused(make: MakeEngine, tmp_path: Path) -> None:
    assert make().check()
    empty = make("vie", tmp_path)
    with pytest.raises(OcrUnavailable):
        empty.check()
    with pytest.raises(OcrUnavailable):
        read(empty, a_line(TITLE))


def test_the_name_says_version_and_language(engine: OcrEngine) -> None:
    assert re.fullmatch(r"\w+ \d+\.\d+\.\d+ vie", engine.name)
    assert engine.check() == engine.name


def test_nothing_stays_in_the_temporary_folder(make: MakeEngine, temporary: Path) -> None:
    read(make(), a_line(TITLE))
    with pytest.raises(PageTimedOut):
        make().recognise([a_line(TITLE)] * 300, dpi=DPI, timeout_seconds=0.1)
    with pytest.raises(OcrUnavailable):
        read(make("xyz"), a_line(TITLE))
    assert not list(temporary.iterdir())
