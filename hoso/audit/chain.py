"""The seal of the log: each entry's hash covers the entry and the hash before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as it was kept: its place, its facts and its hash."""

    number: int
    facts: Mapping[str, object]
    hash: str


def seal(previous: str, facts: Mapping[str, object]) -> str:
    """SHA-256 (hex) over the previous hash and the facts in canonical JSON."""
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def first_broken(entries: Iterable[Sealed]) -> int | None:
    """Number of the first entry that was changed, added or whose forerunner is gone."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.number != expected or entry.hash != seal(previous, entry.facts):
            return expected
        previous, expected = entry.hash, expected + 1
    return None
