"""Who is one with whom, by decisions that two and two are. Pure."""

from collections.abc import Iterable

Pair = tuple[str, str]


def parts(owners: Iterable[str], merges: Iterable[Pair]) -> list[frozenset[str]]:
    """The owners cut into those that merges lead between, directly or over others.

    In no particular order; an owner whom no merge names is a part alone.
    """
    part_of = {owner: frozenset({owner}) for owner in owners}
    for one, other in merges:
        joined = part_of[one] | part_of[other]
        part_of |= dict.fromkeys(joined, joined)
    return list(set(part_of.values()))
