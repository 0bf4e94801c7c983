"""A full disk is said as such wherever bytes are written."""

from collections.abc import Iterator
from contextlib import contextmanager

from hoso.errors import StoreFull, says_full


@contextmanager
def refusing_when_full() -> Iterator[None]:
    """Turn the system's "no space left" and "quota exceeded" into StoreFull."""
    try:
        yield
    except OSError as exc:
        if says_full(exc):
            raise StoreFull from exc
        raise
