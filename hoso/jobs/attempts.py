"""When a job is tried again, and how long after. Pure but for its dice."""

import random
from typing import Final

from hoso.db import PASSING
from hoso.errors import HosoError, Unavailable, says_full

_FIRST_SECONDS: Final = 0.5
# Tried so often in hand, in some three seconds; what fails longer rests in nobody's hands.
_TRIES_IN_HAND: Final = 4
# An hour's outage is over for a job at most this long after it is over.
LONGEST_REST_SECONDS: Final = 30.0


def will_pass(exc: BaseException) -> bool:
    """Faults that trying again cures: a locked or restarted database, a store away, a full disk."""
    return isinstance(exc, (*PASSING, Unavailable)) or says_full(exc)


def pause_seconds(attempt: int) -> float:
    """How long to wait after the `attempt`th failure (from 1) of a job in hand.

    Half to the whole of 0.5, 1, 2 and 4 s: workers that fell over one fault come back apart.
    """
    return _half_to_whole(_FIRST_SECONDS * 2 ** (min(attempt, _TRIES_IN_HAND) - 1))


def shall_rest(attempt: int) -> bool:
    """Whether a job failed so often that it only keeps others out of the worker's hands."""
    return attempt >= _TRIES_IN_HAND


def rest_seconds() -> float:
    """How long a job rests before it is tried again."""
    return _half_to_whole(LONGEST_REST_SECONDS)


def _half_to_whole(seconds: float) -> float:
    return random.uniform(seconds / 2, seconds)  # noqa: S311  # nothing is kept secret by it


def fault_of(exc: BaseException) -> str:
    """A stable word for a fault, without anybody's data: our code, or the kind of exception."""
    return exc.code if isinstance(exc, HosoError) else type(exc).__name__
