"""What is asked of a search, and how well a page answers."""

import pytest

from hoso.ocr.question import places, read_question, weight


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("khai sinh", ["khai", "sinh"]),
        ("số 12/HĐ-LĐ", ["so", "12 hd ld"]),
        ("02020.GCS.12096.25", ["02020 gcs 12096 25"]),
        ('"khai sinh" xã', ["khai sinh", "xa"]),
        ("“khai sinh” «lý do»", ["khai sinh", "ly do"]),
        ('khai "sinh', ["khai", "sinh"]),
        ('"" " - ', []),
        ("đi đi đi", ["di"]),
    ],
)
def test_a_question_is_cut_into_words_and_phrases(text: str, phrases: list[str]) -> None:
    assert [" ".join(each) for each in read_question(text).folded] == phrases


def test_words_that_differ_in_accents_alone_are_one_without_them() -> None:
    question = read_question("ma má")

    assert question.folded == (("ma",),)
    assert question.exact == (("ma",), ("maˢ",))


def test_a_phrase_is_found_where_all_of_it_stands_in_its_order() -> None:
    assert places(["a", "b", "a", "b", "c", "b", "a"], ("a", "b")) == [0, 2]
    assert places(["a", "b"], ("a", "b", "c")) == []


@pytest.mark.parametrize(
    ("page", "apart"),
    [
        ("a b c", 0),
        ("c a b", 0),
        ("a x b x c", 2),
        ("a x x b x x x a b c x", 0),
        ("b x x x c a", 3),
    ],
)
def test_words_are_as_far_apart_as_at_their_closest(page: str, apart: int) -> None:
    assert weight(page.split(), [("a",), ("b",), ("c",)])[0] == apart


def test_of_pages_with_the_words_side_by_side_the_denser_one_weighs_less() -> None:
    phrases = [("a", "b")]

    assert weight(["a", "b", "a", "b", "x"], phrases) < weight(["a", "b", "x", "x", "x"], phrases)
