"""What is going on in this thread or task: facts that every log line said meanwhile carries."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_facts: ContextVar[Mapping[str, str]] = ContextVar("facts_of_what_goes_on", default={})  # noqa: B039  # never changed, only replaced


@contextmanager
def going_on(**facts: str) -> Iterator[None]:
    """Within this block every log line carries these facts; opaque ids only, nobody's data."""
    before = _facts.set({**_facts.get(), **facts})
    try:
        yield
    finally:
        _facts.reset(before)


def facts() -> Mapping[str, str]:
    """The facts of what is going on here."""
    return _facts.get()
