"""What a procedure asks for, line by line."""

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """Where a statement of the catalogue comes from: how far an office may rely on it unread."""

    PUBLISHED = "S"
    SEEN = "C"
    RECALLED = "R"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a checklist: a paper of one of several kinds, and how many of it.

    `key` is stable within its procedure; an `optional` one is asked for only in the cases that
    its note names.
    """

    key: str
    any_of: tuple[str, ...]
    name: str
    originals: int = 1
    copies: int = 0
    optional: bool = False
    note: str = ""
    certainty: Certainty = Certainty.RECALLED
