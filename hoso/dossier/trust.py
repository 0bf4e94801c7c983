"""How far a paper in the archive can be relied on, in four steps."""

from enum import StrEnum


class Trust(StrEnum):
    """The archive's own scale, best first; no national one was found (domain: TT 01/2023)."""

    E_SIGNED = "e_signed"  # an original with a valid digital signature
    COMPARED = "compared"  # a scan that a clerk compared with the original
    KEYED = "keyed"  # an officer says what it is, and nobody compared it
    OCR_ONLY = "ocr_only"  # nobody but the machine has looked at it

    def is_at_least(self, least: "Trust") -> bool:
        """Whether it can be relied on as far as `least` or further."""
        steps = list(Trust)
        return steps.index(self) <= steps.index(least)

    def stricter(self, other: "Trust | None") -> "Trust":
        """The one of the two that demands more."""
        return self if other is None or self.is_at_least(other) else other
