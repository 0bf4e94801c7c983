"""Files taken in over HTTP: acknowledged when safe, refused in a sentence, never half kept."""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import pytest
from sqlalchemy import select

from hoso.archive_api.accounts import Role
from hoso.archive_api.app import create_app
from hoso.dossier.work import SORT_BATCH
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive
from tests.builders import SetClock, a_dossier, a_pdf, a_token, an_archive
from tests.databases import MigratedDatabase
from tests.disks import small_disk
from tests.serving import a_client, served

AClient = Callable[..., httpx.Client]
SMALL_LIMIT = 256 * 1024


@pytest.fixture
def clerk(client: AClient) -> httpx.Client:
    return client(Role.CLERK)


def send(
    client: httpx.Client, content: bytes, name: str = "scan.pdf", **fields: str
) -> httpx.Response:
    return client.post("/api/v1/scans", files={"file": (name, content)}, data=fields)


def a_clerk(archive: Archive, address: str) -> httpx.Client:
    return a_client(address, a_token(archive, Role.CLERK))


def batches_of(archive: Archive) -> list[Batch]:
    with archive.database.read() as session:
        return list(session.scalars(select(Batch)))


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def assert_nothing_was_taken_in(archive: Archive) -> None:
    assert batches_of(archive) == []
    assert list(archive.store.keys()) == []
    assert left_in(archive.incoming_dir) == []


# Taken in ------------------------------------------------------------------------------------


def test_a_scan_is_stored_and_its_job_put_before_it_is_acknowledged(
    clerk: httpx.Client, archive: Archive, tmp_path: Path
) -> None:
    content = a_pdf(tmp_path / "scan.pdf", pages=3).read_bytes()

    answer = send(clerk, content)

    assert answer.status_code == HTTPStatus.ACCEPTED
    receipt = answer.json()
    assert not receipt["already"]
    assert answer.headers["Location"] == receipt["href"] == f"/api/v1/scans/{receipt['batch']}"
    (batch,) = batches_of(archive)
    assert (batch.id, batch.pages, batch.state) == (receipt["batch"], 3, "taken_in")
    with archive.store.open(hashlib.sha256(content).hexdigest()) as kept:
        assert kept.read() == content
    assert archive.jobs.is_waiting(SORT_BATCH, batch.id)
    assert left_in(archive.incoming_dir) == []


def test_the_same_bytes_again_are_said_to_be_here(
    clerk: httpx.Client, archive: Archive, tmp_path: Path
) -> None:
    content = a_pdf(tmp_path / "scan.pdf").read_bytes()
    first = send(clerk, content)

    again = send(clerk, content, "another name.pdf")

    assert again.status_code == HTTPStatus.OK
    assert again.json() == {**first.json(), "already": True}
    assert len(batches_of(archive)) == 1


def test_the_same_bytes_from_many_at_once_are_one_batch(
    clerk: httpx.Client, archive: Archive, tmp_path: Path
) -> None:
    content = a_pdf(tmp_path / "scan.pdf").read_bytes()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: send(clerk, content), range(8)))

    assert {answer.status_code for answer in answers} <= {HTTPStatus.ACCEPTED, HTTPStatus.OK}
    assert len({answer.json()["batch"] for answer in answers}) == 1
    assert len(batches_of(archive)) == 1


def test_what_the_clerk_says_of_a_scan_is_kept_with_it(
    clerk: httpx.Client, archive: Archive, tmp_path: Path
) -> None:
    code = a_dossier(archive).code
    content = a_pdf(tmp_path / "scan.pdf").read_bytes()

    send(clerk, content, dossier=f" {code.lower()}", component_type="birth_certificate")

    (batch,) = batches_of(archive)
    assert (batch.dossier_code, batch.component_type) == (code, "birth_certificate")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Giấy khai sinh – Mỹ.pdf", "Giấy khai sinh – Mỹ.pdf"),
        ("Gia\u0302\u0301y.pdf", "Giấy.pdf"),
        ("../../../etc/cron.d/scan.pdf", "scan.pdf"),
        ("..\\..\\scan.pdf", "scan.pdf"),
        ("quét 1\x1b[2J.pdf", "quét 1[2J.pdf"),
        ("x" * 300 + ".pdf", "x" * 115 + "….pdf"),
    ],
)
def test_a_file_name_is_made_fit_to_show(
    clerk: httpx.Client, archive: Archive, tmp_path: Path, sent: str, shown: str
) -> None:
    answer = send(clerk, a_pdf(tmp_path / "scan.pdf").read_bytes(), sent)

    assert answer.status_code == HTTPStatus.ACCEPTED
    (batch,) = batches_of(archive)
    assert batch.name == shown


def test_a_mislabelled_file_is_taken_in_as_what_it_is(
    clerk: httpx.Client, archive: Archive, tmp_path: Path
) -> None:
    send(clerk, a_pdf(tmp_path / "scan.pdf").read_bytes(), "scan.jpg")

    (batch,) = batches_of(archive)
    assert (batch.kind, batch.notices) == ("pdf", ["file_mislabelled"])


# Refused -------------------------------------------------------------------------------------


def encrypted(path: Path) -> bytes:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    return path.read_bytes()


def without_pages(path: Path) -> bytes:
    pikepdf.new().save(path)
    return path.read_bytes()


REFUSED: dict[str, Callable[[Path], bytes]] = {
    "file_empty": lambda _: b"",
    "file_kind_unknown": lambda _: b"MZ\x90 a program called scan.pdf",
    "file_encrypted": encrypted,
    "file_damaged": lambda path: path.read_bytes()[:-2000],
    "file_has_no_pages": without_pages,
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_file_that_cannot_become_pages_leaves_nothing(
    clerk: httpx.Client, archive: Archive, tmp_path: Path, code: str
) -> None:
    content = REFUSED[code](a_pdf(tmp_path / "scan.pdf"))

    answer = send(clerk, content, "quét.pdf")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert "quét.pdf" in answer.json()["detail"]
    assert_nothing_was_taken_in(archive)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"content": b"%PDF-1.7", "headers": {"Content-Type": "application/pdf"}},
         "request_malformed"),
        ({"json": {"file": "scan.pdf"}}, "request_malformed"),
        ({"content": b"no boundary", "headers": {"Content-Type": "multipart/form-data"}},
         "request_malformed"),
        ({"content": b"garbage" * 99,
          "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, "request_malformed"),
        ({"content": b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"'
                     b"\r\n\r\n%PDF-1.7 and then the connection broke",
          "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, "request_malformed"),
        ({"files": {"note": (None, "a form without a file")}}, "request_malformed"),
        ({}, "request_malformed"),
    ],
    ids=["a bare PDF", "JSON", "no boundary", "no parts", "cut short", "no file", "nothing"],
)  # fmt: skip
def test_what_is_no_upload_is_refused(
    clerk: httpx.Client, archive: Archive, how: dict[str, Any], code: str
) -> None:
    answer = clerk.post("/api/v1/scans", **how)

    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, code)
    assert_nothing_was_taken_in(archive)


def test_two_files_in_one_request_are_refused_not_half_taken(
    clerk: httpx.Client, archive: Archive, tmp_path: Path
) -> None:
    files = [
        ("file", (f"{words}.pdf", a_pdf(tmp_path / "scan.pdf", words=words).read_bytes()))
        for words in ("one", "two")
    ]

    answer = clerk.post("/api/v1/scans", files=files)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert_nothing_was_taken_in(archive)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"dossier": "H57.22.10-261126-9999"}, "dossier_unknown"),
        ({"component_type": "love_letter"}, "component_type_unknown"),
        ({"component_type": "identity_card"}, "presented_only"),
    ],
)
def test_a_scan_for_what_does_not_exist_makes_no_batch(
    clerk: httpx.Client, archive: Archive, tmp_path: Path, fields: dict[str, str], code: str
) -> None:
    answer = send(clerk, a_pdf(tmp_path / "scan.pdf").read_bytes(), **fields)

    assert answer.json()["code"] == code
    assert batches_of(archive) == []
    assert left_in(archive.incoming_dir) == []


def test_a_card_that_is_only_presented_is_not_kept_in_the_store(
    clerk: httpx.Client, archive: Archive, tmp_path: Path
) -> None:
    send(clerk, a_pdf(tmp_path / "card.pdf").read_bytes(), component_type="identity_card")

    assert_nothing_was_taken_in(archive)


def test_a_scan_that_is_not_there_is_not_found(clerk: httpx.Client) -> None:
    answer = clerk.get(f"/api/v1/scans/{'0' * 32}")

    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.NOT_FOUND, "batch_unknown")


# Too large, and no room ----------------------------------------------------------------------


@pytest.fixture
def narrow(
    tmp_path: Path, migrated_database: MigratedDatabase, clock: SetClock
) -> Iterator[Archive]:
    """An archive that takes a quarter of a megabyte at most."""
    (tmp_path / "narrow").mkdir()
    with an_archive(
        tmp_path / "narrow", migrated_database, clock, max_upload_bytes=SMALL_LIMIT
    ) as made:
        yield made


@pytest.mark.parametrize("beyond", [1, 1_000_000, 20_000_000])
def test_a_file_beyond_the_limit_is_refused_and_gone(narrow: Archive, beyond: int) -> None:
    content = b"%PDF-1.7" + bytes(SMALL_LIMIT - 8 + beyond)
    with served(create_app(narrow)) as address, a_clerk(narrow, address) as clerk:
        answer = send(clerk, content, "lớn.pdf")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "file_too_large"
    assert_nothing_was_taken_in(narrow)


def test_a_file_that_says_it_is_small_is_still_counted(narrow: Archive) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'
        for _ in range(1000):
            yield bytes(64 * 1024)

    with served(create_app(narrow)) as address, a_clerk(narrow, address) as clerk:
        answer = clerk.post(
            "/api/v1/scans",
            content=endless(),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )

    assert answer.json()["code"] == "file_too_large"
    assert_nothing_was_taken_in(narrow)


@pytest.mark.parametrize("full", ["objects", "incoming"])
def test_a_full_disk_is_said_and_the_next_scan_is_taken_in(
    tmp_path: Path, migrated_database: MigratedDatabase, clock: SetClock, full: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    large = a_pdf(tmp_path / "large.pdf").read_bytes() + os.urandom(SMALL_LIMIT * 3)
    small = a_pdf(tmp_path / "small.pdf").read_bytes()
    with (
        small_disk(data / full, kibibytes=512),
        an_archive(data, migrated_database, clock) as archive,
        served(create_app(archive)) as address,
        a_clerk(archive, address) as clerk,
    ):
        refused = send(clerk, large + b"\n%%EOF\n")
        assert (refused.status_code, refused.json()["code"]) == (
            HTTPStatus.SERVICE_UNAVAILABLE,
            "store_full",
        )
        assert_nothing_was_taken_in(archive)

        assert send(clerk, small).status_code == HTTPStatus.ACCEPTED
        assert len(batches_of(archive)) == 1


def test_what_a_kill_left_on_its_way_in_goes_after_a_day(archive: Archive) -> None:
    old, new = archive.incoming_dir / "tmpold", archive.incoming_dir / "tmpnew"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "upload").write_bytes(b"half a scan")
    os.utime(old, (0, 0))

    with Archive(archive.settings):
        assert not old.exists()
        assert left_in(new)
