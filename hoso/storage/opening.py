"""Choosing an object store by its address."""

from pathlib import Path

from hoso.errors import StorageUrlUnknown
from hoso.storage.disk import DiskStore
from hoso.storage.documents import Documents, FolderDocuments
from hoso.storage.store import ObjectStore


def open_store(url: str) -> ObjectStore:
    """The store at `file:/some/folder`."""
    kind, _, place = url.partition(":")
    if kind == "file" and place:
        return DiskStore(Path(place.removeprefix("//")))
    raise StorageUrlUnknown(url=url)


def open_documents(url: str) -> Documents:
    """The named documents at `file:/some/folder`."""
    kind, _, place = url.partition(":")
    if kind == "file" and place:
        return FolderDocuments(Path(place.removeprefix("//")))
    raise StorageUrlUnknown(url=url)


def within(url: str, name: str) -> str:
    """The address of a place inside another: `s3://bucket/a?region=x` → `s3://bucket/a/name?…`."""
    place, mark, query = url.partition("?")
    return f"{place.rstrip('/')}/{name}{mark}{query}"
