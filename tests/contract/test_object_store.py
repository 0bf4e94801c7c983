"""What every object store promises (hoso.storage.store.ObjectStore)."""

import hashlib
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoso.errors import ObjectMissing
from hoso.storage.store import ObjectStore, StoredObject
from tests.contract.stores import open_again
from tests.waiting import until

PAPER = "Giấy khai sinh".encode() * 10_000
NEVER_KEPT = "0" * 64


def put(store: ObjectStore, content: bytes) -> StoredObject:
    return store.put(io.BytesIO(content))


def content_of(store: ObjectStore, sha256: str) -> bytes:
    with store.open(sha256) as source:
        return source.read()


def test_what_was_put_comes_back_under_its_hash(store: ObjectStore) -> None:
    stored = put(store, PAPER)

    assert stored == StoredObject(hashlib.sha256(PAPER).hexdigest(), len(PAPER))
    assert content_of(store, stored.sha256) == PAPER
    assert store.size(stored.sha256) == len(PAPER)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.binary(max_size=300))
def test_any_bytes_come_back_the_same(store: ObjectStore, content: bytes) -> None:
    assert content_of(store, put(store, content).sha256) == content


def test_a_file_is_kept_and_stays_where_it_was(store: ObjectStore, tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(PAPER)

    stored = store.put_file(file)

    assert content_of(store, stored.sha256) == PAPER
    assert file.read_bytes() == PAPER


def test_only_what_the_source_still_has_to_give_is_kept(store: ObjectStore) -> None:
    source = io.BytesIO(b"read already, kept")
    source.seek(14)

    assert content_of(store, store.put(source).sha256) == b"kept"


def test_a_local_copy_holds_the_object(store: ObjectStore) -> None:
    stored = put(store, PAPER)

    with store.local_copy(stored.sha256) as path:
        assert path.read_bytes() == PAPER


def test_the_same_bytes_twice_are_one_object(store: ObjectStore) -> None:
    first, second = put(store, PAPER), put(store, PAPER)

    assert first == second
    assert list(store.keys()) == [first.sha256]


def test_many_putting_the_same_bytes_at_once_keep_one_object(store: ObjectStore) -> None:
    with ThreadPoolExecutor(16) as threads:
        stored = set(threads.map(lambda _: put(store, PAPER), range(32)))

    assert [one.sha256 for one in stored] == list(store.keys())
    assert content_of(store, stored.pop().sha256) == PAPER


def test_keys_names_every_object(store: ObjectStore) -> None:
    kept = {put(store, bytes([number])).sha256 for number in range(20)}

    assert set(store.keys()) == kept


def test_objects_are_there_when_the_store_is_opened_again(
    store: ObjectStore, store_url: str
) -> None:
    stored = put(store, PAPER)

    assert content_of(open_again(store_url), stored.sha256) == PAPER


@pytest.mark.parametrize(
    "key",
    [
        NEVER_KEPT,
        "",
        "..",
        "../../../etc/passwd",
        "/etc/passwd",
        "incoming",
        "0" * 63,
        "0" * 64 + "\n",
        "0" * 64 + "/../x",
        "A" * 64,
        "٠" * 64,
    ],
)
def test_a_key_that_was_never_given_out_is_missing(store: ObjectStore, key: str) -> None:
    with pytest.raises(ObjectMissing):
        store.open(key)
    with pytest.raises(ObjectMissing):
        store.size(key)
    with pytest.raises(ObjectMissing), store.local_copy(key):
        pass


def test_a_source_that_breaks_off_leaves_nothing(store: ObjectStore) -> None:
    with pytest.raises(ConnectionResetError):
        store.put(BreaksOff(PAPER))

    assert not list(store.keys())


def test_a_process_killed_while_putting_leaves_no_object(
    store: ObjectStore, store_url: str, tmp_path: Path
) -> None:
    half_way = tmp_path / "half-way"
    os.mkfifo(half_way)
    arguments = [sys.executable, "-c", PUTS_FROM_A_PIPE, store_url, str(half_way)]
    with subprocess.Popen(arguments) as putting, half_way.open("wb") as source:
        source.write(PAPER * 20)  # returns once all but a pipe's worth was taken over
        source.flush()
        assert not list(store.keys())
        putting.kill()
    assert putting.returncode < 0

    assert not list(store.keys())
    assert content_of(store, put(store, PAPER).sha256) == PAPER


def test_a_process_killed_right_after_putting_has_kept_the_object(
    store: ObjectStore, store_url: str, tmp_path: Path
) -> None:
    done = tmp_path / "done"
    arguments = [sys.executable, "-c", PUTS_AND_HANGS, store_url, str(done)]
    with subprocess.Popen(arguments) as putting:
        until(done.exists, 30)
        putting.kill()

    assert content_of(store, hashlib.sha256(b"kept").hexdigest()) == b"kept"


class BreaksOff(io.BytesIO):
    """A source whose connection is lost after the first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(1000)


PUTS_FROM_A_PIPE = """
import sys
from tests.contract.stores import open_again
with open(sys.argv[2], "rb") as source:
    open_again(sys.argv[1]).put(source)
"""

PUTS_AND_HANGS = """
import io, sys, threading
from pathlib import Path
from tests.contract.stores import open_again
open_again(sys.argv[1]).put(io.BytesIO(b"kept"))
Path(sys.argv[2]).touch()
threading.Event().wait()
"""
