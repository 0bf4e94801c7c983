"""What only a store on an S3 server promises; the server is real, the way to it may be broken."""

import io
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from minio.error import S3Error

from hoso.errors import (
    ObjectMissing,
    RetentionImpossible,
    SettingWrong,
    StoreBusy,
    StoreCertificateRefused,
    StoreChangedOnTheWay,
    StoreDenied,
    StorePlaceMissing,
    StoreUnreachable,
    Unavailable,
)
from hoso.settings import load_settings
from hoso.storage.disk import DiskStore
from hoso.storage.opening import open_store
from hoso.storage.retention import retain_where_possible
from hoso.storage.s3 import client as s3_client
from hoso.storage.s3 import store as s3_store
from hoso.storage.s3.store import PART_BYTES, S3Store
from tests.servers import certificates
from tests.servers.buckets import a_bucket, admin_of, an_empty_place, keys_of, s3_server, url_of
from tests.servers.shared import Facts
from tests.servers.unreliable import Way, a_way_to

PAPER = b"a paper"
NEVER_KEPT = "0" * 64
MEBIBYTE = 1024 * 1024
TOMORROW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Facts:
    facts = s3_server()
    for name, value in keys_of(facts).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOSO_DATA_DIR", str(tmp_path / "data"))
    return facts


@pytest.fixture
def way(server: Facts) -> Iterator[Way]:
    with a_way_to(server["endpoint"]) as way:
        yield way


@pytest.fixture
def store() -> S3Store:
    return opened(an_empty_place())


@pytest.fixture
def far_store(server: Facts, way: Way) -> S3Store:
    """The store at the end of the way."""
    return opened(an_empty_place().replace(server["endpoint"], way.endpoint))


def opened(url: str) -> S3Store:
    store = open_store(url, load_settings())
    assert isinstance(store, S3Store)
    return store


def some_bytes(count: int) -> bytes:
    return os.urandom(MEBIBYTE) * (count // MEBIBYTE) + os.urandom(count % MEBIBYTE)


def kept(store: S3Store, content: bytes = PAPER) -> str:
    return store.put(io.BytesIO(content)).sha256


def read(store: S3Store, sha256: str) -> bytes:
    with store.open(sha256) as source:
        return source.read()


# Faults keep their cause ---------------------------------------------------------------------

Ask = Callable[[S3Store], object]
EVERY_QUESTION: dict[str, Ask] = {
    "put": kept,
    "open": lambda store: store.open(NEVER_KEPT),
    "size": lambda store: store.size(NEVER_KEPT),
    "keys": lambda store: list(store.keys()),
    "capabilities": lambda store: store.capabilities(),
    "tidy": lambda store: store.tidy(),
}
questions = pytest.mark.parametrize("ask", EVERY_QUESTION.values(), ids=EVERY_QUESTION.keys())


def test_opening_a_store_asks_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        opened(f"s3://bucket?endpoint=http://127.0.0.1:{server.getsockname()[1]}")

        server.settimeout(0)
        with pytest.raises(BlockingIOError):  # nobody has knocked
            server.accept()


@questions
def test_a_missing_bucket_is_no_missing_object(ask: Ask, server: Facts) -> None:
    with pytest.raises(StorePlaceMissing, match="no-such-bucket"):
        ask(opened(url_of("no-such-bucket", server["endpoint"])))


@questions
@pytest.mark.parametrize("setting", ["HOSO_S3_ACCESS_KEY", "HOSO_S3_SECRET_KEY"])
def test_a_wrong_key_is_said_as_such(
    ask: Ask, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = an_empty_place()
    monkeypatch.setenv(setting, "somebody-else")

    with pytest.raises(StoreDenied, match=r"HOSO_S3_ACCESS_KEY|HOSO_S3_SECRET_KEY"):
        ask(opened(place))


@questions
def test_a_port_where_nobody_listens_is_unreachable(ask: Ask) -> None:
    with pytest.raises(StoreUnreachable, match="connection refused"):
        ask(opened("s3://bucket?endpoint=http://127.0.0.1:9"))


@questions
def test_a_server_in_trouble_is_busy(ask: Ask, way: Way, far_store: S3Store) -> None:
    way.answer = b"HTTP/1.1 503 Slow Down\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"

    with pytest.raises(StoreBusy, match="503"):
        ask(far_store)


@questions
def test_a_server_that_never_answers_is_given_up_on(
    ask: Ask, way: Way, server: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_client, "READ_SECONDS", 0.1)
    way.silent = True

    with pytest.raises(StoreUnreachable, match="in time"):
        ask(opened(url_of("bucket", way.endpoint)))


def test_a_page_of_some_other_server_is_not_taken_for_an_answer(
    way: Way, far_store: S3Store
) -> None:
    way.answer = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno"

    with pytest.raises(Unavailable):
        far_store.open(NEVER_KEPT)


def test_only_what_the_server_has_not_is_missing(store: S3Store) -> None:
    with pytest.raises(ObjectMissing):
        store.open(NEVER_KEPT)


# TLS -----------------------------------------------------------------------------------------


def test_a_certificate_of_nobody_we_know_is_refused(tmp_path: Path) -> None:
    with (
        certificates.a_tls_server(tmp_path) as (endpoint, _),
        pytest.raises(StoreCertificateRefused, match="HOSO_S3_CA_CERTIFICATE"),
    ):
        list(opened(url_of("bucket", endpoint)).keys())


def test_the_office_s_own_authority_is_trusted_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with certificates.a_tls_server(tmp_path) as (endpoint, authority):
        monkeypatch.setenv("HOSO_S3_CA_CERTIFICATE", str(authority))

        with pytest.raises(StoreBusy):  # all that this server ever says
            list(opened(url_of("bucket", endpoint)).keys())


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_file_that_holds_none_is_a_wrong_setting(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    monkeypatch.setenv("HOSO_S3_CA_CERTIFICATE", str(file))

    with pytest.raises(SettingWrong, match="HOSO_S3_CA_CERTIFICATE"):
        opened("s3://bucket?endpoint=https://127.0.0.1:9")


# Connections that are lost --------------------------------------------------------------------


@pytest.mark.parametrize("size", [MEBIBYTE, 3 * PART_BYTES], ids=["whole", "in parts"])
def test_an_upload_that_is_cut_leaves_nothing_and_can_be_made_again(
    size: int, way: Way, far_store: S3Store
) -> None:
    content = some_bytes(size)
    way.cut_after_sent = way.sent + size // 2

    with pytest.raises(StoreUnreachable):
        kept(far_store, content)
    way.mend()

    assert list(far_store.keys()) == []
    assert read(far_store, kept(far_store, content)) == content


def test_reading_goes_on_where_the_connection_was_lost(way: Way, far_store: S3Store) -> None:
    content = some_bytes(5 * MEBIBYTE)
    sha256 = kept(far_store, content)
    way.cut_all()
    way.cut_after_received = 2 * MEBIBYTE

    assert read(far_store, sha256) == content


def test_reading_gives_up_when_nothing_comes_any_more(way: Way, far_store: S3Store) -> None:
    sha256 = kept(far_store, some_bytes(2 * MEBIBYTE))
    way.cut_all()
    way.cut_after_received = 300_000

    with far_store.open(sha256) as source:
        source.read(1000)
        way.answer = b""
        way.cut_all()
        with pytest.raises(StoreUnreachable):
            source.read()


def test_any_part_of_an_object_can_be_read(store: S3Store) -> None:
    content = some_bytes(MEBIBYTE)

    with store.open(kept(store, content)) as source:
        assert source.seekable()
        assert source.seek(-10, io.SEEK_END) == len(content) - 10
        assert source.read() == content[-10:]
        assert source.seek(700_000) == 700_000
        assert source.read(5) == content[700_000:700_005]
        assert source.read() == content[700_005:]
        assert source.read() == b""


def test_closing_gives_the_connection_back(way: Way, far_store: S3Store) -> None:
    sha256 = kept(far_store, PAPER)
    before = way.connections
    for _ in range(50):
        assert read(far_store, sha256) == PAPER

    assert way.connections == before


# What it holds and says -----------------------------------------------------------------------


@pytest.mark.slow
def test_memory_stays_flat_however_large_the_object() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PUTS_AND_READS, an_empty_place()],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    small, large = map(int, done.stdout.split())

    assert large - small < 48 * 1024, "KiB more for 200 MiB"


def test_a_changed_object_is_not_handed_out_as_a_copy(server: Facts, store: S3Store) -> None:
    sha256 = kept(store)
    bucket, prefix = place_of(store)
    admin_of(server).put_object(bucket, prefix + sha256, io.BytesIO(b"other"), 5)

    with pytest.raises(StoreChangedOnTheWay), store.local_copy(sha256):
        pass


def test_a_damaged_object_is_set_aside_and_can_be_put_again(store: S3Store) -> None:
    sha256 = kept(store)

    store.set_aside(sha256)

    assert list(store.keys()) == []
    assert kept(store) == sha256


def test_what_was_just_put_is_not_removed(store: S3Store) -> None:
    sha256 = kept(store)

    assert not store.remove(sha256, unless_put_since=datetime.now(UTC) - timedelta(hours=1))
    assert store.remove(sha256, unless_put_since=datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(ObjectMissing):
        store.open(sha256)


def test_keys_never_appear_in_what_is_said_or_logged(
    server: Facts, way: Way, far_store: S3Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = [repr(far_store), repr(vars(far_store)), repr(load_settings())]
    kept(far_store)
    way.cut_after_sent = 0
    with pytest.raises(StoreUnreachable) as refused:
        kept(far_store, b"another")
    fault: BaseException | None = refused.value
    while fault:
        said += [str(fault), repr(fault)]
        fault = fault.__cause__ or fault.__context__

    assert server["secret_key"] not in caplog.text + "".join(said)
    assert server["access_key"] not in caplog.text + "".join(said)


@pytest.mark.parametrize(
    "url",
    [
        "s3://key:secret@bucket?endpoint=http://127.0.0.1:9",
        "s3://bucket?endpoint=http://key:secret@127.0.0.1:9",
        "s3://bucket?endpoint=127.0.0.1:9",
        "s3://bucket?endpoint=http://127.0.0.1:port",
        "s3://bucket",
        "s3://?endpoint=http://127.0.0.1:9",
        "s3://bucket?endpoint=http://127.0.0.1:9&secret=secret",
    ],
)
def test_an_address_that_cannot_be_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingWrong, match="HOSO_STORAGE_URL") as refused:
        opened(url)

    assert "secret@" not in str(refused.value)


def test_keys_that_are_not_set_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOSO_S3_SECRET_KEY")

    with pytest.raises(SettingWrong, match="HOSO_S3_SECRET_KEY"):
        opened("s3://bucket?endpoint=http://127.0.0.1:9")


def test_uploads_whose_process_is_gone_are_ended(
    server: Facts, store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket, prefix = place_of(store)
    admin = admin_of(server)
    admin._create_multipart_upload(bucket, prefix + NEVER_KEPT, {})

    store.tidy()
    assert len(admin._list_multipart_uploads(bucket, prefix=prefix).uploads) == 1
    monkeypatch.setattr(s3_store, "_STALE_AFTER", timedelta(seconds=-5))
    store.tidy()
    assert admin._list_multipart_uploads(bucket, prefix=prefix).uploads == []


def test_a_link_gives_the_object_for_five_minutes(store: S3Store) -> None:
    link = store.download_link(kept(store), media_type="application/pdf", name="Giấy.pdf")
    assert link is not None

    answer = httpx.get(link)

    assert answer.content == PAPER
    assert answer.headers["Content-Type"] == "application/pdf"
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["300"]
    assert httpx.get(link.replace("X-Amz-Expires=300", "X-Amz-Expires=3000")).status_code == 403


# Versions, retention, holds ---------------------------------------------------------------------


@pytest.fixture
def locking_store(server: Facts) -> S3Store:
    return opened(url_of(a_bucket(server, object_lock=True), server["endpoint"]))


def test_a_store_says_what_its_bucket_can(store: S3Store, locking_store: S3Store) -> None:
    plain, locking = store.capabilities(), locking_store.capabilities()

    assert (plain.versioning, plain.object_lock) == (False, False)
    assert (locking.versioning, locking.object_lock) == (True, True)


def test_what_is_retained_cannot_be_removed_by_anybody(
    server: Facts, locking_store: S3Store
) -> None:
    sha256 = kept(locking_store)
    locking_store.retain(sha256, TOMORROW)
    bucket, _ = place_of(locking_store)
    version = next(iter(admin_of(server).list_objects(bucket, include_version=True))).version_id

    assert locking_store.retained_until(sha256) == TOMORROW
    with pytest.raises(S3Error, match="AccessDenied"):
        admin_of(server).remove_object(bucket, sha256, version)


def test_a_retention_is_prolonged_and_never_shortened(locking_store: S3Store) -> None:
    sha256 = kept(locking_store)
    locking_store.retain(sha256, TOMORROW)

    locking_store.retain(sha256, TOMORROW - timedelta(hours=5))
    assert locking_store.retained_until(sha256) == TOMORROW
    locking_store.retain(sha256, TOMORROW + timedelta(days=5))
    assert locking_store.retained_until(sha256) == TOMORROW + timedelta(days=5)


def test_a_hold_is_put_on_and_lifted_and_leaves_the_retention(locking_store: S3Store) -> None:
    sha256 = kept(locking_store)
    locking_store.retain(sha256, TOMORROW)

    locking_store.hold(sha256, on=True)
    locking_store.hold(sha256, on=True)
    assert locking_store.is_held(sha256)
    locking_store.hold(sha256, on=False)
    assert not locking_store.is_held(sha256)
    assert locking_store.retained_until(sha256) == TOMORROW


def test_a_bucket_without_locks_promises_nothing(store: S3Store) -> None:
    sha256 = kept(store)

    with pytest.raises(RetentionImpossible):
        store.retain(sha256, TOMORROW)
    with pytest.raises(RetentionImpossible):
        store.hold(sha256, on=True)
    assert store.retained_until(sha256) is None


def test_objects_are_retained_where_the_store_can_and_kept_where_it_cannot(
    store: S3Store, locking_store: S3Store, tmp_path: Path
) -> None:
    disk = DiskStore(tmp_path / "objects")

    for each in (store, locking_store, disk):
        retain_where_possible(each, [each.put(io.BytesIO(PAPER)).sha256], TOMORROW)

    assert locking_store.retained_until(kept(locking_store)) == TOMORROW


def test_what_is_not_there_cannot_be_retained(locking_store: S3Store) -> None:
    with pytest.raises(ObjectMissing):
        locking_store.retain(NEVER_KEPT, TOMORROW)


def place_of(store: S3Store) -> tuple[str, str]:
    return store._bucket.name, store._bucket.prefix


PUTS_AND_READS = """
import resource, sys
from hoso.storage.opening import open_store

class Zeros:
    def __init__(self, size):
        self.left = size
    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        return bytes(size)

store = open_store(sys.argv[1])
for size in (20 << 20, 200 << 20):
    key = store.put(Zeros(size)).sha256
    with store.open(key) as source:
        while source.read(1 << 20):
            pass
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
