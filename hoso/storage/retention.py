"""Retaining and holding objects on whatever store there is.

A store that is away raises: what must be retained is not passed over.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeGuard

from hoso.storage.store import ObjectStore, RetainingStore


def can_lock(store: ObjectStore) -> TypeGuard[RetainingStore]:
    """Whether the store can promise that an object stays, whoever asks for its removal."""
    return isinstance(store, RetainingStore) and store.capabilities().object_lock


def retain_where_possible(store: ObjectStore, keys: Iterable[str], until: datetime | None) -> None:
    """Keep the objects at least until then, on a store that can promise it; None: no promise."""
    if until is not None and can_lock(store):
        for key in keys:
            store.retain(key, until)
