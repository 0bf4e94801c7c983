"""What search promises, on SQLite's full-text index and on PostgreSQL's alike."""

import uuid

import pytest

from hoso.db import Database
from hoso.dossier import pages
from hoso.ocr import search

MARRIAGE = "GIẤY CHỨNG NHẬN KẾT HÔN\nHọ và tên: Đặng Thị Hồng Đào"
BIRTH = "GIẤY KHAI SINH\nHọ và tên: Dang Thi Hong Dao"
CONTRACT = "Hợp đồng số 12/HĐ-LĐ, ngày 1e5 tháng 07/2026; it's 'quoted' & (more | or:less)*"


def keep(database: Database, *texts: str) -> list[int]:
    """Pages with these texts, indexed; their ids in the same order."""
    ids = []
    with database.write() as session:
        for text in texts:
            page = pages.see(session, uuid.uuid4().hex * 2, 1, blank=False, codes=[])
            page.text = text
            session.flush()
            search.index(session, page)
            ids.append(page.id)
    return ids


def found(database: Database, question: str, **part: int) -> list[tuple[int, bool]]:
    with database.read() as session:
        hits = search.find(session, question, **{"limit": 20, **part})
        return [(hit.page.id, hit.exact) for hit in hits]


def test_words_are_found_with_their_accents_and_without(database: Database) -> None:
    marriage, _ = keep(database, MARRIAGE, BIRTH)

    assert found(database, "kết hôn") == [(marriage, True)]
    assert found(database, "ket hon") == [(marriage, False)]


def test_pages_that_match_with_accents_come_first(database: Database) -> None:
    plain, accented = keep(database, "dang " * 9, MARRIAGE)

    assert found(database, "Đặng") == [(accented, True), (plain, False)]
    assert found(database, "dang") == [(plain, True), (accented, False)]


def test_all_words_must_stand_on_the_page_in_any_order(database: Database) -> None:
    marriage, birth = keep(database, MARRIAGE, BIRTH)

    assert {page for page, _ in found(database, "dao hong giay")} == {marriage, birth}
    assert found(database, "giấy kết sinh") == []


def test_a_word_is_not_found_by_its_beginning(database: Database) -> None:
    keep(database, MARRIAGE)

    assert found(database, "chứ") == []


@pytest.mark.parametrize(
    "question",
    ["12/HĐ-LĐ", "12 hd ld", "HĐ", "1e5", "07/2026", "it's quoted", "& | ( ) : * ' \" \\ or"],
)
def test_numbers_and_signs_are_words_like_others(database: Database, question: str) -> None:
    (contract,) = keep(database, CONTRACT)

    assert [page for page, _ in found(database, question)] == [contract]


@pytest.mark.parametrize("question", ["", "  ", "'", "-- ; & |", "\\", "\x00"])
def test_a_question_without_words_finds_nothing(database: Database, question: str) -> None:
    keep(database, CONTRACT)

    assert found(database, question) == []


def test_the_page_on_which_a_word_stands_more_often_comes_first(database: Database) -> None:
    filler = "chữ khác đứng quanh đây cho đủ dài "
    once, often = keep(database, "đất " + filler * 3, "đất đất đất đất " + filler * 3)

    assert [page for page, _ in found(database, "đất")] == [often, once]


def test_equal_pages_come_in_the_order_they_were_read_and_in_parts(database: Database) -> None:
    ids = keep(database, *[MARRIAGE] * 5)

    assert [page for page, _ in found(database, "kết hôn")] == ids
    assert [page for page, _ in found(database, "kết hôn", limit=2, offset=2)] == ids[2:4]


def test_a_page_indexed_again_is_found_by_its_new_words_alone(database: Database) -> None:
    (changed,) = keep(database, MARRIAGE)
    with database.write() as session:
        page = pages.by_id(session, changed, lock=True)
        page.text = BIRTH
        search.index(session, page)

    assert found(database, "kết hôn") == []
    assert found(database, "khai sinh") == [(changed, True)]


def test_a_page_of_any_length_and_a_word_of_any_length_are_kept(database: Database) -> None:
    long_word, many_words = "x" * 5000, "từ " * 30_000 + "cuối"

    one, other = keep(database, long_word, many_words)

    assert found(database, long_word) == [(one, True)]
    assert found(database, "cuối từ") == [(other, True)]


def test_letters_composed_or_not_are_the_same(database: Database) -> None:
    (page,) = keep(database, "Ho\u0323 va\u0300 te\u0302n")

    assert found(database, "Họ và tên") == [(page, True)]
