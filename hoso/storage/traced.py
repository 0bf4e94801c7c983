"""A store whose every call is a span; used only where tracing is wanted."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Final, cast

from hoso.storage.store import ObjectStore
from hoso.telemetry.tracing import span

_TRACED: Final = {"put", "put_file", "open", "size"}


def traced(store: ObjectStore) -> ObjectStore:
    """The store, each of its calls a span."""
    return cast("ObjectStore", _TracedStore(store))  # it passes on what it does not have itself


class _TracedStore:
    """Does what the store does, whatever else that one can do beside the promise."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)
        return _within_span(name, real) if name in _TRACED else real

    @contextmanager
    def local_copy(self, sha256: str) -> Iterator[Path]:
        """The span is the fetching; what is done with the copy is not the store's time."""
        with ExitStack() as open_copy:
            with span("store local_copy"):
                path = open_copy.enter_context(self._store.local_copy(sha256))
            yield path


def _within_span(name: str, real: Any) -> Any:
    @wraps(real)
    def traced(*args: Any, **named: Any) -> Any:
        with span(f"store {name}"):
            return real(*args, **named)

    return traced
