from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.ocr.order import Cell, Piece, in_reading_order
from hoso.ocr.words import Word, text_of


def a_word(text: str, x: float, y: float, *, height: float = 12.0) -> Word:
    return Word(text, 0.9, x, y, 10.0 * len(text), height)


def line(text: str, x: float, y: float, *, centre: bool = False) -> list[Word]:
    """Words of 6 points a letter; `x` is the left edge or the middle."""
    width = 6.0 * len(text)
    left = x - width / 2 if centre else x
    words = []
    for word in text.split():
        words.append(Word(word, 0.9, left, y, 6.0 * len(word), 12.0))
        left += 6.0 * (len(word) + 1)
    return words


def read(*pieces: Sequence[Word], cells: dict[int, Cell] | None = None) -> tuple[Word, ...]:
    cells = cells or {}
    return in_reading_order(Piece(words, cells.get(at)) for at, words in enumerate(pieces))


def text(*pieces: Sequence[Word], cells: dict[int, Cell] | None = None) -> str:
    return text_of(read(*pieces, cells=cells))


def test_pieces_at_one_height_become_one_line_from_left_to_right() -> None:
    pieces = [
        [a_word("Độc", 300, 101)],
        [a_word("dưới", 50, 130)],
        [a_word("PHƯỜNG", 50, 100), a_word("LÁI", 130, 100)],
    ]
    assert text(*pieces) == "PHƯỜNG LÁI Độc\ndưới"


def test_lines_are_numbered_in_reading_order() -> None:
    words = read([a_word("hai", 50, 130)], [a_word("một", 50, 100)])
    assert [(word.text, word.line) for word in words] == [("một", 0), ("hai", 1)]


def test_what_lies_above_another_word_is_never_on_its_line() -> None:
    pieces = [[a_word("trên", 50, 100)], [a_word("dưới", 50, 103)]]
    assert text(*pieces) == "trên\ndưới"


def test_a_tall_word_does_not_pull_two_lines_together() -> None:
    pieces = [
        [a_word("một", 50, 100)],
        [a_word("hai", 50, 116)],
        [a_word("DẤU", 300, 95, height=40)],
    ]
    assert text(*pieces).splitlines() == ["một", "DẤU", "hai"]


HEADING = [
    line("ỦY BAN NHÂN DÂN", 150, 80, centre=True),
    line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 420, 81, centre=True),
    line("XÃ QUẢNG YÊN", 150, 96, centre=True),
    line("Độc lập - Tự do - Hạnh phúc", 420, 97, centre=True),
]


@pytest.mark.parametrize("turned", [False, True])
def test_the_agency_is_read_before_the_motto(*, turned: bool) -> None:
    pieces = HEADING[::-1] if turned else HEADING
    assert text(*pieces).splitlines() == [
        "ỦY BAN NHÂN DÂN",
        "XÃ QUẢNG YÊN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]


def test_two_signatures_side_by_side_are_read_one_after_the_other() -> None:
    pieces = [
        line("BÊN A", 150, 700, centre=True),
        line("BÊN B", 450, 700, centre=True),
        line("(Ký, ghi rõ họ tên)", 150, 716, centre=True),
        line("(Ký và đóng dấu)", 450, 716, centre=True),
    ]
    assert text(*pieces).splitlines() == [
        "BÊN A", "(Ký, ghi rõ họ tên)", "BÊN B", "(Ký và đóng dấu)",
    ]  # fmt: skip


def test_answers_of_a_form_are_read_across() -> None:
    pieces = [
        line("Sinh ngày: 09/03/2001", 60, 100),
        line("Dân tộc: Kinh", 260, 100),
        line("Quốc tịch: Việt Nam", 420, 100),
        line("Số định danh: 066201362765", 60, 118),
        line("Giới tính: Nam", 420, 118),
    ]
    assert text(*pieces).splitlines() == [
        "Sinh ngày: 09/03/2001 Dân tộc: Kinh Quốc tịch: Việt Nam",
        "Số định danh: 066201362765 Giới tính: Nam",
    ]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [
        line(f"cột trái dòng thứ {number} đầy chữ", 60, 100 + 16 * number) for number in range(6)
    ]
    right = [
        line(f"cột phải dòng thứ {number} đầy chữ", 320, 100 + 16 * number) for number in range(6)
    ]
    read_lines = text(*(it for pair in zip(left, right, strict=True) for it in pair)).splitlines()
    assert [it.split()[1] for it in read_lines] == ["trái"] * 6 + ["phải"] * 6


def test_a_table_is_read_row_by_row_and_cell_by_cell() -> None:
    name, born = (60.0, 100.0, 200.0, 140.0), (200.0, 100.0, 300.0, 140.0)
    first, day = (60.0, 140.0, 200.0, 160.0), (200.0, 140.0, 300.0, 160.0)
    pieces = [
        line("Họ, chữ đệm", 70, 104),
        line("Ngày, tháng,", 205, 104),
        line("và tên", 70, 120),
        line("năm sinh", 205, 120),
        line("Mai Thế Huỳnh", 70, 145),
        line("08/02/1996", 205, 145),
    ]
    cells = {0: name, 1: born, 2: name, 3: born, 4: first, 5: day}
    assert text(*pieces, cells=cells).splitlines() == [
        "Họ, chữ đệm", "và tên", "Ngày, tháng,", "năm sinh", "Mai Thế Huỳnh 08/02/1996",
    ]  # fmt: skip


BOXES = st.tuples(st.integers(0, 500), st.integers(0, 800), st.integers(5, 90), st.integers(8, 40))


@given(st.lists(BOXES, max_size=25))
def test_every_word_comes_once_whatever_lies_where(boxes: list[tuple[int, int, int, int]]) -> None:
    words = [Word(str(at), 0.9, *box) for at, box in enumerate(boxes)]
    ordered = in_reading_order(Piece([word]) for word in words)
    assert sorted(int(word.text) for word in ordered) == list(range(len(boxes)))
    assert [word.line for word in ordered] == sorted(word.line for word in ordered)
