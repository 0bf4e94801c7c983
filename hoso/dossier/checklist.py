"""What a procedure asks for, line by line."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from hoso.dossier.trust import Trust


class Certainty(StrEnum):
    """Where a statement of the catalogue comes from: how far an office may rely on it unread."""

    PUBLISHED = "S"
    SEEN = "C"
    RECALLED = "R"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a checklist: a paper of one of several kinds, and how many of it.

    `key` is stable within its procedure. One with a case (`when`) is asked for only where the clerk
    says that the case holds; an `optional` one only where its note says so. `original_by_law` names
    the law that demands the original itself, `least_trust` how far a copy must be relied on.
    """

    key: str
    any_of: tuple[str, ...]
    name: str
    originals: int = 1
    copies: int = 0
    optional: bool = False
    when: str | None = None
    original_by_law: str | None = None
    least_trust: Trust | None = None
    note: str = ""
    certainty: Certainty = Certainty.RECALLED

    def is_required(self, cases: Collection[str]) -> bool:
        """Whether it must be there, given the cases that hold."""
        return self.when in cases if self.when else not self.optional
