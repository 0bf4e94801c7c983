"""What a spool before an S3 store promises: nothing waits for the server, nothing is lost."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hoso.errors import ObjectMissing, ObjectNotHereYet, StoreUnreachable
from hoso.settings import load_settings
from hoso.storage import courier, spooling
from hoso.storage.opening import open_store
from hoso.storage.spooling import SpoolingStore
from tests.servers.buckets import an_empty_place, keys_of, s3_server
from tests.servers.unreliable import Way, a_way_to
from tests.waiting import until

PAPER = b"a paper"
NEVER_KEPT = "0" * 64
NO_ANSWER = b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    server = s3_server()
    for name, value in keys_of(server).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOSO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(courier, "_AGAIN_AFTER_SECONDS", 0.1)
    with a_way_to(server["endpoint"]) as way:
        yield way


@pytest.fixture
def place(way: Way) -> str:
    """An address whose server can be made to go away."""
    return an_empty_place().replace(s3_server()["endpoint"], way.endpoint)


@pytest.fixture
def store(place: str) -> SpoolingStore:
    return opened(place)


def opened(place: str) -> SpoolingStore:
    store = open_store(place, load_settings(), spooling=True)
    assert isinstance(store, SpoolingStore)
    return store


def take_away(way: Way) -> None:
    way.answer = NO_ANSWER
    way.cut_all()


def read(store: SpoolingStore, sha256: str) -> bytes:
    with store.open(sha256) as source:
        return source.read()


def test_with_the_server_there_an_object_has_arrived_when_it_is_acknowledged(
    store: SpoolingStore, place: str
) -> None:
    sha256 = store.put(io.BytesIO(PAPER)).sha256

    assert store.waiting() == (0, 0.0)
    assert list(open_store(place).keys()) == [sha256]


def test_with_the_server_away_an_object_is_acknowledged_and_can_be_read(
    store: SpoolingStore, way: Way
) -> None:
    take_away(way)

    sha256 = store.put(io.BytesIO(PAPER)).sha256

    assert read(store, sha256) == PAPER
    assert store.size(sha256) == len(PAPER)
    with store.local_copy(sha256) as path:
        assert path.read_bytes() == PAPER
    assert store.waiting()[0] == 1


def test_nobody_waits_for_a_server_that_is_known_to_be_away(
    store: SpoolingStore, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_away(way)
    store.put(io.BytesIO(PAPER))
    monkeypatch.setattr(spooling, "_PATIENCE_SECONDS", 60.0)
    started = time.monotonic()

    store.put(io.BytesIO(b"another"))

    assert time.monotonic() - started < 30


def test_a_slow_server_is_waited_for_only_so_long(
    store: SpoolingStore, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "_PATIENCE_SECONDS", 0.1)
    way.silent = True

    sha256 = store.put(io.BytesIO(PAPER)).sha256

    assert store.waiting()[0] == 1
    assert read(store, sha256) == PAPER
    way.cut_all()


def test_what_waited_arrives_once_the_server_is_back(
    store: SpoolingStore, way: Way, place: str
) -> None:
    take_away(way)
    papers = [b"paper %d" % number for number in range(20)]
    kept = {store.put(io.BytesIO(paper)).sha256 for paper in papers}

    way.mend()

    until(lambda: store.waiting()[0] == 0, 30)
    assert set(open_store(place).keys()) == kept


def test_what_a_killed_process_left_in_the_spool_is_brought_over_by_the_next(
    way: Way, place: str, tmp_path: Path
) -> None:
    take_away(way)
    done = tmp_path / "done"
    arguments = [sys.executable, "-c", PUTS_AND_HANGS, place, str(done)]
    with subprocess.Popen(arguments) as putting:
        until(done.exists, 30)
        putting.kill()
    way.mend()

    store = opened(place)

    until(lambda: store.waiting()[0] == 0, 30)
    assert len(list(open_store(place).keys())) == 1


def test_a_copy_in_use_stays_although_its_object_has_arrived(
    store: SpoolingStore, way: Way, place: str
) -> None:
    take_away(way)
    sha256 = store.put(io.BytesIO(PAPER)).sha256

    with store.local_copy(sha256) as path:
        way.mend()
        until(lambda: list(open_store(place).keys()) == [sha256], 30)
        assert path.read_bytes() == PAPER

    until(lambda: not path.exists(), 30)
    assert read(store, sha256) == PAPER


def test_what_is_nowhere_is_missing_and_to_whom_expects_it_not_here_yet(
    store: SpoolingStore,
) -> None:
    patient = store.patient(lambda sha256: sha256 == NEVER_KEPT)
    with pytest.raises(ObjectMissing):
        store.open(NEVER_KEPT)
    with pytest.raises(ObjectNotHereYet):
        patient.open(NEVER_KEPT)
    with pytest.raises(ObjectNotHereYet), patient.local_copy(NEVER_KEPT):
        pass
    with pytest.raises(ObjectMissing):
        patient.size("f" * 64)


def test_with_the_server_away_what_is_not_here_is_not_called_missing(
    store: SpoolingStore, way: Way
) -> None:
    way.cut_after_sent = 0
    way.cut_all()

    with pytest.raises(StoreUnreachable):
        store.open(NEVER_KEPT)


def test_a_link_is_given_only_for_what_has_arrived(store: SpoolingStore, way: Way) -> None:
    arrived = store.put(io.BytesIO(PAPER)).sha256
    take_away(way)
    here = store.put(io.BytesIO(b"another")).sha256

    assert store.download_link(arrived, media_type="image/png", name="a.png")
    assert store.download_link(here, media_type="image/png", name="a.png") is None


def test_a_reader_of_a_spooled_object_is_not_disturbed_by_its_arrival(
    store: SpoolingStore, way: Way
) -> None:
    take_away(way)
    content = os.urandom(300_000)
    sha256 = store.put(io.BytesIO(content)).sha256

    with store.open(sha256) as source:
        first = source.read(1000)
        way.mend()
        until(lambda: store.waiting()[0] == 0, 30)
        assert first + source.read() == content


PUTS_AND_HANGS = """
import io, sys, threading
from pathlib import Path
from hoso.storage.opening import open_store
open_store(sys.argv[1], spooling=True).put(io.BytesIO(b"kept"))
Path(sys.argv[2]).touch()
threading.Event().wait()
"""
