"""What search promises, on SQLite's full-text index and on PostgreSQL's alike."""

import random
import uuid

import pytest

from hoso.db import Database
from hoso.dossier import page_index, pages
from hoso.ocr import search
from hoso.ocr.question import places, read_question, weight
from hoso.text import exact_terms, fold

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
            page_index.index(session, page)
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


def test_equal_pages_come_newest_first_and_in_parts(database: Database) -> None:
    ids = keep(database, *[MARRIAGE] * 5)[::-1]

    assert [page for page, _ in found(database, "kết hôn")] == ids
    assert [page for page, _ in found(database, "kết hôn", limit=2, offset=2)] == ids[2:4]


def test_a_page_indexed_again_is_found_by_its_new_words_alone(database: Database) -> None:
    (changed,) = keep(database, MARRIAGE)
    with database.write() as session:
        page = pages.by_id(session, changed, lock=True)
        page.text = BIRTH
        page_index.index(session, page)

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


@pytest.mark.parametrize(
    ("written", "asked"),
    [("Hòa Bình", "Hoà Bình"), ("Thuỷ", "Thủy"), ("khỏe", "khoẻ"), ("QÚY", "quý")],
)
def test_a_tone_is_found_exactly_wherever_it_is_written(
    database: Database, written: str, asked: str
) -> None:
    (page,) = keep(database, f"Ông {written} ký")

    assert found(database, asked) == [(page, True)]


@pytest.mark.parametrize(
    "question", ["12/HĐ-LĐ", "12 / HĐ", '"HĐ LĐ"', "“số 12/HĐ”", "hđ-lđ, ngày"]
)
def test_numbers_and_quoted_words_are_found_where_they_stand_side_by_side(
    database: Database, question: str
) -> None:
    (contract,) = keep(database, CONTRACT)

    assert [page for page, _ in found(database, question)] == [contract]


@pytest.mark.parametrize("question", ["12/LĐ", "LĐ-HĐ/12", '"đồng 12"', "07/12/HĐ", '"ngày 12"'])
def test_what_stands_on_a_page_in_another_order_is_another_number(
    database: Database, question: str
) -> None:
    keep(database, CONTRACT, "sổ 02020.GCS.12096.25, 12 lá; LĐ ở trang 07")

    assert found(database, question) == []


def test_a_number_is_found_across_the_end_of_a_line(database: Database) -> None:
    (page,) = keep(database, "Số vào sổ: 02020.GCS.\n12096.25 ngày 3")

    assert found(database, "02020.GCS.12096.25") == [(page, True)]
    assert found(database, "02020.12096.25") == []


def test_the_accents_of_a_phrase_count_too(database: Database) -> None:
    plain, accented = keep(database, "so 12/HD-LD", CONTRACT)

    assert found(database, "12/HĐ-LĐ") == [(accented, True), (plain, False)]


def test_pages_where_the_words_stand_close_together_come_first(database: Database) -> None:
    far, near, in_another_order = keep(
        database,
        "Nguyễn Thị Lan; ngày sinh; con ông Trần Văn Bình Lan Lan Lan Nguyễn",
        "Con của bà Nguyễn Thị Lan và ông Bình, thường trú tại xã An Hòa, huyện Phú Vang",
        "Lan Nguyễn Thị, con của ông Bình, thường trú tại xã An Hòa, huyện Phú Vang, tỉnh cũ",
    )

    assert found(database, "thị lan nguyễn bình")[-1][0] == far
    assert {page for page, _ in found(database, "thị lan nguyễn bình")[:2]} == {
        near,
        in_another_order,
    }


def test_whatever_stands_on_more_pages_than_are_weighed_is_still_found(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_WEIGHED", 3)
    ids = keep(database, "đất đất", *["đất này"] * 3, "dat", "đất đất nữa", "dat dat")

    everything = [page for page, _ in found(database, "đất")]

    # Of the three newest exact ones the densest first, then the older ones, then those without.
    assert everything == [ids[5], ids[3], ids[2], ids[1], ids[0], ids[6], ids[4]]
    assert [page for page, _ in found(database, "đất", limit=3, offset=4)] == everything[4:]


def test_a_word_no_database_keeps_whole_is_cut_alike(database: Database) -> None:
    (page,) = keep(database, "x" * 700)

    assert found(database, "x" * 600) == [(page, True)]


def test_many_pages_come_in_the_order_that_the_rules_say(database: Database) -> None:
    """Against a search that looks at every page: what each database would rank by plays no part."""
    chance = random.Random(7)  # noqa: S311  # the same pages each time
    words = ["đất", "dat", "đạt", "số", "so", "hoà", "hòa", "12/HĐ", "12", "hd", "xã", "bình"]
    texts = [" ".join(chance.choices(words, k=chance.randint(2, 14))) for _ in range(120)]
    ids = keep(database, *texts)

    for asked in ("đất", "dat so", "hoà bình", "12/HĐ xã", '"số 12"', "so hd 12"):
        assert found(database, asked, limit=100) == by_hand(texts, ids, asked)[:100], asked


def by_hand(texts: list[str], ids: list[int], asked: str) -> list[tuple[int, bool]]:
    question, ranked = read_question(asked), []
    for id_, text in zip(ids, texts, strict=True):
        for exact, terms in ((True, exact_terms(text).split()), (False, fold(text).split())):
            phrases = question.phrases(exact=exact)
            if all(places(terms, phrase) for phrase in phrases):
                ranked.append((not exact, weight(terms, phrases), -id_))
                break
    return [(-id_, not loose) for loose, _, id_ in sorted(ranked)]
