"""How like a typed name is to the name on file. Pure.

Names here are folded: lower case, no accents, words parted by spaces. A typo is one letter too
many, too few, another one, or two that changed places.
"""

from collections.abc import Sequence
from string import ascii_lowercase

from rapidfuzz.distance import OSA

_SHORTEST_WORD = 2  # a single letter with a typo may be anything
# In a name of so many letters one typo more is believed.
_LETTERS_PER_TYPO = 7
_UNLIKE = 2


def one_typo_away(word: str) -> tuple[str, ...]:
    """The word and, in alphabetical order, all that one typo makes of it; numbers have no typos."""
    if len(word) < _SHORTEST_WORD or not word.isalpha():
        return (word,)
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    lacking = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    changed = {left + one + right[1:] for left, right in cuts if right for one in ascii_lowercase}
    added = {left + one + right for left, right in cuts for one in ascii_lowercase}
    return (word, *sorted((lacking | swapped | changed | added) - {word}))


def is_alike(asked: Sequence[str], name: Sequence[str]) -> bool:
    """Whether so few typos part them that the same person may be meant."""
    return typos(asked, name) <= max(1, sum(map(len, asked)) // _LETTERS_PER_TYPO)


def typos(asked: Sequence[str], name: Sequence[str]) -> int:
    """How many typos make words of the name of what was asked, in any order.

    A word that is unlike all others counts as two; words of the name beyond those asked for count
    nothing.
    """
    left, total = list(name), 0
    # The words that fit best take their counterparts first.
    for word in sorted(asked, key=lambda one: _to_nearest(one, name)):
        away = _to_nearest(word, left)
        if away < _UNLIKE:
            left.remove(min(left, key=lambda one: OSA.distance(word, one)))
        total += away
    return total


def _to_nearest(word: str, others: Sequence[str]) -> int:
    return min((_UNLIKE, *(OSA.distance(word, other) for other in others)))
