"""How like a typed name is to the name on file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from hoso.dossier.likeness import is_alike, one_typo_away, typos

WORDS = st.text(alphabet="abghnu", min_size=2, max_size=6)


@given(WORDS, WORDS)
def test_the_words_one_typo_away_are_exactly_those(one: str, other: str) -> None:
    assert (other in one_typo_away(one)) == (OSA.distance(one, other) <= 1)


@pytest.mark.parametrize("word", ["a", "319", "a1"])
def test_single_letters_and_numbers_have_no_typos(word: str) -> None:
    assert one_typo_away(word) == (word,)


@given(
    st.lists(WORDS, min_size=1, max_size=6).flatmap(
        lambda name: st.tuples(st.just(name), st.permutations(name))
    )
)
def test_the_order_of_words_is_no_typo(names: tuple[list[str], list[str]]) -> None:
    assert typos(*names) == 0


@pytest.mark.parametrize(
    ("asked", "name", "count", "alike"),
    [
        ("nguyen van anh", "nguyen thi van anh", 0, True),
        ("nguyen van ahn", "nguyen van anh", 1, True),
        ("nguyen thi van anh", "nguyen van anh", 2, True),
        ("nguyeen vann anh", "nguyen van anh", 2, True),
        ("giay khai sinh", "giap khai minh", 2, False),
        ("tran quoc toan", "nguyen van anh", 6, False),
        ("an an", "an", 2, False),
    ],
)
def test_typos_are_counted_word_by_word(asked: str, name: str, count: int, *, alike: bool) -> None:
    assert typos(asked.split(), name.split()) == count
    assert is_alike(asked.split(), name.split()) is alike
