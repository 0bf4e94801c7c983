"""Where a question's words stand on a page."""

import pytest

from hoso.dossier.page_index import Said
from hoso.ocr.question import read_question
from hoso.ocr.spots import spots_on
from hoso.ocr.words import Word

LINE = "Số: 12/HĐ-LĐ ngày 12 tháng 3, ông Đặng đang ký HĐ"
NAME = Said("owner_name", "Đặng Văn Ánh", (10.0, 20.0, 60.0, 32.0))


def marked(asked: str, *, exact: bool = False, line: str = LINE) -> list[str]:
    words = [Word(text, 0.9, 10.0 * at, 5.0, 9.0, 8.0) for at, text in enumerate(line.split())]
    return [spot.text for spot in spots_on(words, [NAME], read_question(asked), exact=exact)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("12/HĐ-LĐ", ["12/HĐ-LĐ"]),
        ("12", ["12/HĐ-LĐ", "12"]),
        ('"12 tháng 3"', ["12", "tháng", "3,"]),
        ("ld ngay", ["12/HĐ-LĐ", "ngày"]),
        ("vắng", []),
        ("van anh", ["Đặng Văn Ánh"]),
    ],
)
def test_only_the_words_that_answer_are_marked(asked: str, words: list[str]) -> None:
    assert marked(asked) == words


def test_a_page_that_answers_with_its_accents_is_marked_by_them() -> None:
    assert marked("đang") == ["Đặng", "đang", "Đặng Văn Ánh"]
    assert marked("đang", exact=True) == ["đang"]


def test_a_phrase_runs_on_from_line_to_line_and_not_into_a_field() -> None:
    assert marked("LĐ ngày", line="12/HĐ-LĐ\n\nngày") == ["12/HĐ-LĐ", "ngày"]
    assert marked('"ký HĐ Đặng"') == []


def test_a_field_that_somebody_corrected_has_its_own_box() -> None:
    (spot,) = spots_on([], [NAME], read_question("ánh"), exact=True)

    assert (spot.field, spot.x, spot.y, spot.width, spot.height) == ("owner_name", 10, 20, 50, 12)
