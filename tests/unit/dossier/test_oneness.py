"""Who is one with whom, whatever was said of two and two."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.oneness import parts

NAMES = "abcdef"
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=9)


def test_nobody_is_one_with_anybody_unless_it_was_said() -> None:
    assert set(parts("abc", [])) == {frozenset("a"), frozenset("b"), frozenset("c")}


def test_a_chain_and_a_circle_make_one_of_all_in_it() -> None:
    assert set(parts("abcd", [("a", "b"), ("c", "b")])) == {frozenset("abc"), frozenset("d")}
    assert parts("abc", [("a", "b"), ("b", "c"), ("c", "a")]) == [frozenset("abc")]


@given(PAIRS)
def test_everybody_is_in_one_part_and_pairs_are_never_parted(pairs: list[tuple[str, str]]) -> None:
    found = parts(NAMES, pairs)

    assert sorted(name for part in found for name in part) == list(NAMES)
    assert all(any({one, other} <= part for part in found) for one, other in pairs)


@given(PAIRS)
def test_no_two_parts_could_be_told_apart_further(pairs: list[tuple[str, str]]) -> None:
    """Within a part, whoever is cut off from the rest is cut off by no pair."""
    for part in parts(NAMES, pairs):
        start = min(part)
        reached = {start}
        while more := {name for pair in pairs if reached & set(pair) for name in pair} - reached:
            reached |= more
        assert reached == part


@given(PAIRS, st.randoms())
def test_in_which_order_it_was_said_does_not_matter(
    pairs: list[tuple[str, str]], chance: Random
) -> None:
    shuffled = list(pairs)
    chance.shuffle(shuffled)

    assert set(parts(NAMES, shuffled)) == set(parts(NAMES, pairs))
