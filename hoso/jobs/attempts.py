"""When a job is tried again, and how long after. Pure but for its dice."""

import errno
import random
from typing import Final

from hoso.db import PASSING
from hoso.errors import HosoError, Unavailable

_FIRST_SECONDS: Final = 0.5
# An hour's outage is over for a job at most this long after it is over.
_LONGEST_SECONDS: Final = 60.0
_DOUBLINGS: Final = 7


def will_pass(exc: BaseException) -> bool:
    """Faults that trying again cures: a locked or restarted database, a store away, a full disk."""
    if isinstance(exc, OSError):
        return exc.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(exc, (*PASSING, Unavailable))


def pause_seconds(attempt: int) -> float:
    """How long to wait after the `attempt`th failure (from 1): doubling, and never in step.

    Half to the whole of 0.5, 1, 2 … 60 s: workers that fell over one fault come back apart.
    """
    longest = min(_FIRST_SECONDS * 2 ** min(attempt - 1, _DOUBLINGS), _LONGEST_SECONDS)
    return random.uniform(longest / 2, longest)  # noqa: S311  # nothing is kept secret by it


def fault_of(exc: BaseException) -> str:
    """A stable word for a fault, without anybody's data: our code, or the kind of exception."""
    return exc.code if isinstance(exc, HosoError) else type(exc).__name__
