"""The second store: filled with what it lacks, so that damage in the first can be put right."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from hoso.dossier.work import Workbench
from hoso.errors import ObjectDamaged, ObjectMissing, ReplicaUnset
from hoso.preservation import checking
from hoso.preservation.checking import Step
from hoso.storage.fixity import copy_object
from hoso.storage.store import ObjectStore

# Enough to keep a store across a network busy; a disk is no slower for it.
_COPIED_AT_ONCE = 8
_HELD = 256

Wanted = tuple[str, int | None]
"""An object's key, and its size where it is known."""


def replicate(bench: Workbench, *, step: Step = lambda: None) -> tuple[int, list[str]]:
    """Copy to the replica what it lacks; gives how many, and keys without a good copy here.

    Doing it again goes on where it was ended: an object is in the replica whole or not at all.
    """
    if bench.replica is None:
        raise ReplicaUnset
    wanted = ((row.sha256, row.size) for rows in checking.in_order(bench) for row in rows)
    copied, lacking = 0, []
    for sha256, outcome in copy_missing(bench.store, bench.replica, wanted):
        copied += outcome == COPIED
        lacking += [sha256] if outcome == LACKING else []
        step()
    return copied, lacking


COPIED, PRESENT, LACKING = "copied", "present", "lacking"


def copy_missing(
    source: ObjectStore, target: ObjectStore, wanted: Iterable[Wanted]
) -> Iterator[tuple[str, str]]:
    """Copy what the target lacks; gives each key with COPIED, PRESENT, or LACKING (no good copy).

    Some are copied at once. Any other fault, such as a full target, ends it.
    """

    def copy(one: Wanted) -> tuple[str, str]:
        sha256, size = one
        if _has(target, sha256, size):
            return sha256, PRESENT
        try:
            copy_object(source, target, sha256)
        except (ObjectMissing, ObjectDamaged):
            return sha256, LACKING
        return sha256, COPIED

    rest = iter(wanted)
    with ThreadPoolExecutor(_COPIED_AT_ONCE) as threads:
        while some := list(islice(rest, _HELD)):
            yield from threads.map(copy, some)


def _has(store: ObjectStore, sha256: str, size: int | None) -> bool:
    """Whether it is there in full; a copy of another size is set aside to make room."""
    try:
        found = store.size(sha256)
    except ObjectMissing:
        return False
    if size is not None and found != size:
        store.set_aside(sha256)
        return False
    return True
