"""What clients were told, written down by them and read at the end by the judge."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the client saw it; times are of the machine's monotonic clock.

    `status` is 0 where no answer came.
    """

    what: str
    status: int
    code: str
    begun: float
    ended: float


@dataclass(frozen=True, slots=True)
class ReceivedDossier:
    """A dossier that a client was told is received."""

    dossier: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that a client was told is taken in (HTTP 202, or 200 `already`)."""

    sha256: str
    batch: str
    dossier: str
    pages: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A desk's scan that a client was told is accepted, and who holds the dossier after it."""

    event: str
    dossier: str
    holder: str


@dataclass(frozen=True, slots=True)
class GaveUp:
    """A client that was never told: it asked for as long as a client may."""

    what: str


@dataclass(frozen=True, slots=True)
class Through:
    """All stacks are taken in; only slips are still asked for."""

    stacks: int


Line = Asked | ReceivedDossier | TakenIn | HandedOver | GaveUp | Through
_KINDS = {kind.__name__: kind for kind in Line.__args__}


def write(target: TextIO, line: Line) -> None:
    """Add one line; it is in the file when this returns."""
    target.write(json.dumps({"kind": type(line).__name__, **asdict(line)}) + "\n")
    target.flush()


def read(path: Path) -> Iterator[Line]:
    """Every line, in the order of writing; a last one that is cut off is none."""
    for text in path.read_text().splitlines(keepends=True):
        if text.endswith("\n"):
            facts: dict[str, Any] = json.loads(text)
            kind = facts.pop("kind")
            yield _KINDS[kind](**facts)
