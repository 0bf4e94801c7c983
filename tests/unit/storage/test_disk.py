"""What only a store on the local disk has: files, their modes, and a disk that fills up."""

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hoso.errors import StorageUrlUnknown, StoreFull
from hoso.storage.disk import DiskStore
from hoso.storage.opening import open_store
from tests.disks import small_disk

MEBIBYTE = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "objects")


@pytest.fixture
def small_store(tmp_path: Path) -> Iterator[DiskStore]:
    with small_disk(tmp_path / "small", kibibytes=512) as folder:
        yield DiskStore(folder)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_nobody_may_write_to_a_kept_file(store: DiskStore) -> None:
    stored = store.put(io.BytesIO(b"paper"))

    with store.local_copy(stored.sha256) as path:
        assert path.stat().st_mode & 0o777 == 0o440


def test_putting_again_leaves_the_kept_file_alone(store: DiskStore) -> None:
    stored = store.put(io.BytesIO(b"paper"))
    with store.local_copy(stored.sha256) as path:
        os.utime(path, (0, 0))
        before = path.stat()

    store.put(io.BytesIO(b"paper"))

    after = path.stat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)
    assert after.st_mtime_ns > before.st_mtime_ns  # or a pruning might take it for forgotten


def test_nothing_but_the_object_is_left_on_the_disk(store: DiskStore) -> None:
    stored = store.put(io.BytesIO(b"paper"))
    store.put(io.BytesIO(b"paper"))

    assert [path.name for path in files_in(store.root)] == [stored.sha256]


def test_a_full_disk_is_said_and_leaves_nothing_behind(small_store: DiskStore) -> None:
    with pytest.raises(StoreFull) as refused:
        small_store.put(io.BytesIO(os.urandom(MEBIBYTE)))

    assert isinstance(refused.value.__cause__, OSError)
    assert not files_in(small_store.root)


def test_a_disk_that_was_full_takes_the_next_object(small_store: DiskStore) -> None:
    with pytest.raises(StoreFull):
        small_store.put(io.BytesIO(os.urandom(MEBIBYTE)))

    stored = small_store.put(io.BytesIO(b"small"))

    assert small_store.size(stored.sha256) == len(b"small")


def test_a_quota_that_is_used_up_is_a_full_store(
    store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some file systems find room only when data are flushed, and say so only then.
    def no_room(_descriptor: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(os, "fsync", no_room)

    with pytest.raises(StoreFull):
        store.put(io.BytesIO(b"paper"))

    assert not files_in(store.root)


def test_other_faults_of_the_disk_keep_their_own_cause(
    store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)

    with pytest.raises(OSError, match="Input/output error"):
        store.put(io.BytesIO(b"paper"))

    assert not list(store.keys())


@pytest.mark.parametrize("url", ["", "file:", "s4://bucket", "/srv/objects"])
def test_an_address_of_no_known_store_is_refused(url: str) -> None:
    with pytest.raises(StorageUrlUnknown):
        open_store(url)


@pytest.mark.parametrize("form", ["file:{}", "file://{}"])
def test_both_forms_of_a_file_address_open_the_same_folder(form: str, tmp_path: Path) -> None:
    store = open_store(form.format(tmp_path / "objects"))

    assert isinstance(store, DiskStore)
    assert store.root == tmp_path / "objects"
