"""Choosing an object store by its address."""

from pathlib import Path

from hoso.errors import StorageUrlUnknown
from hoso.storage.disk import DiskStore
from hoso.storage.store import ObjectStore


def open_store(url: str) -> ObjectStore:
    """The store at `file:/some/folder`."""
    kind, _, place = url.partition(":")
    if kind == "file" and place:
        return DiskStore(Path(place.removeprefix("//")))
    raise StorageUrlUnknown(url=url)
