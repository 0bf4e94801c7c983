"""Reasons that people give for what they decide."""

from hoso.errors import ReasonMissing

_LONGEST = 500


def stated(reason: str) -> str:
    """What somebody gave as a reason, tidied; refuses with ReasonMissing where that is nothing."""
    reason = " ".join(reason.split())
    if not reason:
        raise ReasonMissing
    return reason[:_LONGEST]
