"""Every object store that the contract must hold for."""

from pathlib import Path

import pytest

from hoso.storage.store import ObjectStore
from tests.contract.stores import SPOOLED, open_again
from tests.servers.buckets import an_empty_place, keys_of, s3_server


@pytest.fixture(params=["disk", "s3", "spooled"])
def store_url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The address of an empty store. A new kind of store joins here."""
    if request.param == "disk":
        return f"file:{tmp_path / 'objects'}"
    for name, value in keys_of(s3_server()).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOSO_DATA_DIR", str(tmp_path / "data"))
    place = an_empty_place()
    return SPOOLED + place if request.param == "spooled" else place


@pytest.fixture
def store(store_url: str) -> ObjectStore:
    return open_again(store_url)
