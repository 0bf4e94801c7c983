"""Retaining objects on whatever store there is."""

from collections.abc import Iterable
from datetime import datetime

from hoso.storage.store import ObjectStore, RetainingStore


def retain_where_possible(store: ObjectStore, keys: Iterable[str], until: datetime | None) -> None:
    """Keep the objects at least until then, on a store that can promise it; None: as long as now.

    A store that is away raises: what must be retained is not passed over.
    """
    if until is None or not isinstance(store, RetainingStore):
        return
    if store.capabilities().object_lock:
        for key in keys:
            store.retain(key, until)
