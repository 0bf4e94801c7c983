"""What a paper says of its owner and of itself, from the words on it."""

from datetime import date

import pytest

from hoso.ocr.fields import Field, FieldKey, read_fields
from hoso.ocr.words import Word
from hoso.text import nfc
from tests.paper.render import ALL_KINDS, read_perfectly

FORM = "application_form"


def page(*lines: str) -> list[Word]:
    """Lines below one another, as they were read."""
    return [
        Word(word, 0.95, 60 + 50 * at, 40 + 20 * number, 45, 10, number)
        for number, line in enumerate(lines)
        for at, word in enumerate(line.split())
    ]


def fields(*lines: str, kind: str = FORM) -> dict[str, str]:
    return {field.key.value: field.value for field in read_fields([page(*lines)], kind)}


def field(key: FieldKey, *lines: str) -> Field:
    return next(field for field in read_fields([page(*lines)], FORM) if field.key is key)


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("kind", sorted(ALL_KINDS))
def test_every_field_of_every_kind_is_found_where_it_is_read_well(kind: str, seed: int) -> None:
    known, pages = read_perfectly(kind, seed)

    found = {field.key.value: field.value for field in read_fields(pages, kind)}

    wanted = {
        key: value.isoformat() if isinstance(value, date) else nfc(value)
        for key, value in known.items()
    }
    assert wanted.items() <= found.items()


def test_a_field_knows_its_page_its_box_and_its_least_sure_word() -> None:
    first = page("GIẤY ỦY QUYỀN")
    second = page("Họ và tên: Nguyễn Thị Lan", "Số định danh cá nhân: 001185012345")
    doubtful = [
        word if word.text != "Thị" else Word(word.text, 0.4, *_place(word)) for word in second
    ]

    name, number = (
        next(each for each in read_fields([first, doubtful], FORM) if each.key is key)
        for key in (FieldKey.OWNER_NAME, FieldKey.CITIZEN_ID)
    )

    assert (name.page, name.box, name.confidence) == (1, (210, 40, 355, 50), 0.4)
    assert (number.page, number.confidence) == (1, 0.95)


def _place(word: Word) -> tuple[float, float, float, float, int]:
    return word.x, word.y, word.width, word.height, word.line


@pytest.mark.parametrize(
    "line",
    [
        "Họ, chữ đệm, tên: NGUYỄN THỊ LAN",
        "Ho. chữ đêm, tẽn: NGUYỄN THỊ LAN",
        "Họ và tên chủ hộ: Nguyễn Thị Lan Giới tính: Nữ",
        "1. Bà Nguyễn Thị Lan, sinh ngày 05/03/1985",
        "Cho: Bà Nguyễn Thị Lan",
        "Hovà tên: Nguyễn Thị Lan",
    ],
)
def test_a_name_is_found_behind_each_label_and_as_it_is_misread(line: str) -> None:
    assert fields(line)["owner_name"] == "Nguyễn Thị Lan"


def test_a_name_that_is_the_next_labels_first_word_is_kept() -> None:
    assert fields("Họ và tên: Hồ Quốc Dân Quốc tịch: Việt Nam")["owner_name"] == "Hồ Quốc Dân"


def test_an_answer_below_its_label_belongs_to_it() -> None:
    found = fields("Họ và tên:", "Nguyễn Thị Lan", "Ngày sinh:", "05/03/1985")

    assert (found["owner_name"], found["birth_date"]) == ("Nguyễn Thị Lan", "1985-03-05")


def test_what_is_said_of_others_is_not_the_owners() -> None:
    found = fields(
        "Họ và tên mẹ: Nguyễn Thị Lan",
        "Họ và tên cha: Đặng Văn Hùng",
        "Ngày sinh: 01/02/1988",
        "Số định danh cá nhân: 037088004321",
    )

    assert found["owner_name"] == "Nguyễn Thị Lan"
    assert not found.keys() & {"citizen_id", "birth_date"}


@pytest.mark.parametrize(
    "line",
    [
        "Số định danh: 001185012345.",
        "Số định danh: 001185 012345",
        "Số định danh: 0 0 1 1 8 5 0 1 2 3 4 5",
    ],
)
def test_an_id_in_parts_or_boxes_is_one(line: str) -> None:
    assert fields("Họ và tên: Nguyễn Thị Lan", line)["citizen_id"] == "001185012345"


@pytest.mark.parametrize(
    "line", ["Điện thoại: 0951792020", "Số: 0011850123456", "001185012345, 001185012346"]
)
def test_only_twelve_digits_are_an_id(line: str) -> None:
    found = fields("Họ và tên: Nguyễn Thị Lan", line).get("citizen_id")

    assert found == ("001185012345" if "," in line else None)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Ngày sinh: 05/03/1985", "1985-03-05"),
        ("Ngày sinh: 5-3-1985", "1985-03-05"),
        ("Ngày sinh: ngày 05 tháng 03 năm 1985", "1985-03-05"),
        ("Ngay sính: 05.03.1985", "1985-03-05"),
        ("Ngày sinh: 31/02/1985", None),
        ("Ngày sinh: 1985", None),
    ],
)
def test_dates_in_every_form_and_only_those_that_exist(line: str, day: str | None) -> None:
    assert fields("Họ và tên: Nguyễn Thị Lan", line).get("birth_date") == day


def test_the_papers_own_number_is_not_a_laws() -> None:
    found = fields("Mẫu theo Thông tư số 53/2025/TT-BCA", "Số: 873/XN-CAX")

    assert found["paper_number"] == "873/XN-CAX"


def test_the_day_of_issue_stands_with_the_place_and_not_in_the_text() -> None:
    found = fields(
        "Căn cứ Nghị định ngày 15 tháng 03 năm 2021 của Chính phủ",
        "Long Xuyên, ngày 06 tháng 10 năm 2025",
    )

    assert found["issued_on"] == "2025-10-06"


@pytest.mark.parametrize("pages", [[], [[]], [page("—")], [page("Họ và tên:")], [page("Số:")]])
def test_pages_that_say_nothing_have_no_fields(pages: list[list[Word]]) -> None:
    assert read_fields(pages, None) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Họ và tên: Nguyễn Thị Lan", "Giới tính: Nữ Dân tộc: Kinh"), "Nữ"),
        (("Họ và tên: Nguyễn Văn Hùng Giới tính: Nam",), "Nam"),
        (("Họ và tên: Nguyễn Thị Lan", "Giới tinh: Nử"), "Nữ"),
        (("Họ và tên: Nguyễn Thị Lan", "Giới tính: .........."), None),
        (("Họ và tên: Nguyễn Thị Lan", "Họ và tên: Trần Văn An", "Giới tính: Nam"), None),
    ],
)
def test_the_sex_stands_behind_its_label_and_is_the_first_persons(
    lines: tuple[str, ...], expected: str | None
) -> None:
    assert fields(*lines).get("sex") == expected
