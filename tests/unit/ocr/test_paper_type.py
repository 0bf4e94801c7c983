"""The kind of a paper, from the title printed on it."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest

from hoso.dossier.catalogue_files import load_catalogue
from hoso.ocr.paper_type import TypeGuess, guess_type
from hoso.ocr.words import Word
from tests.paper.render import ALL_KINDS, read_perfectly

# Kinds that forms alone have, and the kind under which every form is filed.
FILED_AS = {"birth_registration_form": "application_form"}
# Anything may be brought to be certified: it has no title of its own.
UNTITLED = {"document_to_certify"}
MISREAD = "aáàăâbcdeéêghiíklmnoóôơpqrstuúưvxyđ0123456789.,'|"


@pytest.fixture(scope="module")
def headings() -> Mapping[str, Sequence[str]]:
    kinds = load_catalogue().component_types
    return {key: kind.headings for key, kind in kinds.items()}


def page(*lines: str, height: float = 10.0) -> list[Word]:
    """Lines below one another; a line that begins with # is large, as titles are."""
    return [
        Word(word, 0.95, 60 + 50 * at, 40 + 20 * number, 45, height * (1.4 if large else 1), number)
        for number, line in enumerate(lines)
        for large in [line.startswith("#")]
        for at, word in enumerate(line.removeprefix("#").split())
    ]


def guess(headings: Mapping[str, Sequence[str]], *lines: str) -> TypeGuess | None:
    return guess_type([page(*lines)], headings)


MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
BODY = ("Họ và tên: Nguyễn Thị Lan", "Nơi cư trú: phường Long Xuyên", "và các giấy tờ kèm theo.")


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("kind", sorted(ALL_KINDS.keys() - UNTITLED))
def test_every_kind_that_is_read_well_is_known(
    headings: Mapping[str, Sequence[str]], kind: str, seed: int
) -> None:
    _, pages = read_perfectly(kind, seed)

    found = guess_type(pages, headings)

    assert found is not None
    assert (found.type, found.is_sure) == (FILED_AS.get(kind, kind), True)


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("marriage_certificate", "#GIẤY CHỨNG NHẬN KÉT HÔN"),
        ("household_business_certificate", "#GIẤY CHỨNG NHẠN ĐẢNG KÝ HỎ KINH DOANH"),
        ("birth_certificate", "#GIAY KHAl SINH"),
        ("birth_certificate", "#GIẤYKHAI SINH"),
    ],
)
def test_letters_that_readers_mistake_cost_little(
    headings: Mapping[str, Sequence[str]], kind: str, title: str
) -> None:
    found = guess(headings, *MOTTO, title, *BODY)

    assert found is not None
    assert (found.type, found.is_sure) == (kind, True)


def test_a_title_on_several_lines_is_one(headings: Mapping[str, Sequence[str]]) -> None:
    found = guess(headings, *MOTTO, "#GIẤY XÁC NHẬN", "#TÌNH TRẠNG", "#HÔN NHÂN", *BODY)

    assert found is not None
    assert found.type == "marital_status_certificate"
    assert found.title.text == "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN"
    assert found.title.box == (60, 80, 205, 134)


def test_a_longer_heading_goes_before_the_general_one(
    headings: Mapping[str, Sequence[str]],
) -> None:
    form = guess(headings, *MOTTO, "#TỜ KHAI ĐĂNG KÝ KHAI SINH", *BODY)
    own = guess(headings, *MOTTO, "#TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ", *BODY)

    assert form is not None
    assert own is not None
    assert (form.type, own.type) == ("application_form", "residence_change_form")


@pytest.mark.parametrize(
    "line",
    [
        "theo Giấy chứng nhận kết hôn số 7/2015 chấm dứt",
        "- Giấy khai sinh",
        "Giấy khai sinh",
    ],
)
def test_a_paper_that_only_speaks_of_another_is_not_taken_for_it(
    headings: Mapping[str, Sequence[str]], line: str
) -> None:
    found = guess(headings, *MOTTO, *BODY, line, *BODY)

    assert found is None or not found.is_sure


def test_titles_as_like_as_two_peas_leave_no_confidence() -> None:
    found = guess({"one": ["GIẤY PHÉP"], "two": ["GIẤY PHÉP"]}, "#GIẤY PHÉP", *BODY)

    assert found is not None
    assert not found.is_sure
    assert {found.type, found.other} == {"one", "two"}


def test_the_first_page_that_is_sure_says_what_the_paper_is(
    headings: Mapping[str, Sequence[str]],
) -> None:
    cover, title = page("kèm theo giấy khai sinh", *BODY), page("#GIẤY ỦY QUYỀN", *BODY)

    found = guess_type([cover, title, page("#GIẤY KHAI SINH", *BODY)], headings)

    assert found is not None
    assert found.type == "authorisation"


@pytest.mark.parametrize("pages", [[], [[]], [page("1")], [page("—", "•")]])
def test_pages_that_say_nothing_are_no_kind(
    headings: Mapping[str, Sequence[str]], pages: list[list[Word]]
) -> None:
    assert guess_type(pages, headings) is None


def test_bad_reading_makes_kinds_unknown_and_never_wrong(
    headings: Mapping[str, Sequence[str]],
) -> None:
    dice = Random(5)  # noqa: S311  # the same misreadings every time
    known = {0.05: 0, 0.15: 0, 0.3: 0}
    kinds = sorted(ALL_KINDS.keys() - UNTITLED)
    for kind in kinds:
        _, pages = read_perfectly(kind, 13)
        for share in known:
            misread = [[_misread(word, share, dice) for word in words] for words in pages]
            found = guess_type(misread, headings)
            if found is not None and found.is_sure:
                assert found.type == FILED_AS.get(kind, kind)
                known[share] += 1

    assert known[0.05] >= 0.9 * len(kinds)
    assert known[0.15] >= 0.7 * len(kinds)


def _misread(word: Word, share: float, dice: Random) -> Word:
    letters = [
        letter if dice.random() > share else _like(letter, dice.choice(MISREAD))
        for letter in word.text
    ]
    return Word("".join(letters), 0.6, word.x, word.y, word.width, word.height, word.line)


def _like(letter: str, other: str) -> str:
    return other.upper() if letter.isupper() else other
