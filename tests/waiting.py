"""Waiting for something that another thread or process does: asked often, given up on in time."""

import time
from collections.abc import Callable

_PAUSE_SECONDS = 0.01


def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Return as soon as `holds()` is true; fail the test when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(_PAUSE_SECONDS)
