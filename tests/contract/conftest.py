"""Every object store that the contract must hold for."""

from pathlib import Path

import pytest

from hoso.storage.opening import open_store
from hoso.storage.store import ObjectStore


@pytest.fixture(params=["disk"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store. A new kind of store joins here."""
    assert request.param == "disk"
    return f"file:{tmp_path / 'objects'}"


@pytest.fixture
def store(store_url: str) -> ObjectStore:
    return open_store(store_url)
