"""Addresses of every kind of store that the contract must hold for."""

from hoso.storage.opening import open_store
from hoso.storage.store import ObjectStore

SPOOLED = "spooled+"


def open_again(url: str) -> ObjectStore:
    """The store at that address; `spooled+` before it: behind a spool."""
    return open_store(url.removeprefix(SPOOLED), spooling=url.startswith(SPOOLED))
