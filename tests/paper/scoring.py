"""How much of a paper was read: character error with and without the order of words.

`character_error` = edit distance / characters of the truth, white space counted once.

`order_free_error` forgives blocks that were read in another order, which full-text search
does not mind and layout analysis likes to do. Words (by white space, NFC) that are equal on both
sides are taken off in pairs. What is left is paired truth with reading, cheapest edit distance
first; a word without partner costs its length. The sum, divided by the truth's characters
without white space, is the error: 0 is perfect, and invented words can carry it above 1.
A word that was cut in two costs more here than its one missing space.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]


def character_error(truth: str, read: str) -> float:
    """Edit distance per character of the truth, after folding white space (0 is perfect)."""
    wanted, got = " ".join(_words(truth)), " ".join(_words(read))
    return edit_distance(wanted, got) / max(1, len(wanted))


def order_free_error(truth: str, read: str) -> float:
    """Character error that does not mind the order of words (0 is perfect)."""
    wanted, got = Counter(_words(truth)), Counter(_words(read))
    missed, invented = list((wanted - got).elements()), list((got - wanted).elements())
    letters = sum(len(word) * count for word, count in wanted.items())
    return _cheapest_pairing(missed, invented) / max(1, letters)


def edit_distance(one: str, other: str) -> int:
    """Levenshtein distance, a row of the table at a time."""
    a, b = _codes(one), _codes(other)
    columns = np.arange(len(b) + 1)
    row = columns.copy()
    for i, letter in enumerate(a, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (b != letter))
        # Insertions run along the row: a running minimum of what each cell offers its right side.
        row = np.minimum.accumulate(np.concatenate([[i], best]) - columns) + columns
    return int(row[-1])


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le"), np.int32)


def _cheapest_pairing(missed: Sequence[str], invented: Sequence[str]) -> int:
    """Edits that turn `missed` into `invented`, pairing greedily from the cheapest on."""
    distances = _distances(missed, invented)
    spare_missed, spare_invented = set(range(len(missed))), set(range(len(invented)))
    cost = 0
    for flat in np.argsort(distances, axis=None, kind="stable"):
        i, j = divmod(int(flat), len(invented))
        if i in spare_missed and j in spare_invented:
            cost += int(distances[i, j])
            spare_missed.remove(i)
            spare_invented.remove(j)
    cost += sum(len(missed[i]) for i in spare_missed)
    return cost + sum(len(invented[j]) for j in spare_invented)


def _distances(missed: Sequence[str], invented: Sequence[str]) -> Codes:
    """Edit distance of every word to every other, M×N."""
    a, b = _padded(missed, -1), _padded(invented, -2)
    a_lengths, b_lengths = (np.array([len(w) for w in words], int) for words in (missed, invented))
    row = np.broadcast_to(np.arange(b.shape[1] + 1), (len(a), len(b), b.shape[1] + 1)).astype(int)
    columns = np.arange(b.shape[1] + 1)
    done = np.zeros((len(a), len(b)), np.int32)
    for i in range(1, a.shape[1] + 1):
        differs = a[:, i - 1, None, None] != b[None]
        best = np.minimum(row[..., 1:] + 1, row[..., :-1] + differs)
        first = np.full((*best.shape[:2], 1), i)
        offered = np.concatenate([first, best], axis=2) - columns
        row = np.minimum.accumulate(offered, axis=2) + columns
        ended = a_lengths == i
        done[ended] = row[ended][:, np.arange(len(b)), b_lengths]
    return done


def _padded(words: Sequence[str], filler: int) -> Codes:
    """Words as rows of code points, the short ones filled up."""
    table = np.full((len(words), max(map(len, words), default=0)), filler, np.int32)
    for row, word in zip(table, words, strict=True):
        row[: len(word)] = _codes(word)
    return table
