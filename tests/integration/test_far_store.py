"""An archive whose objects lie on an S3 server, which may be away."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hoso.archive_api.accounts import Role
from hoso.archive_api.app import create_app
from hoso.cli.checkup import checkup
from hoso.dossier import catalogue_import, catalogue_store, components
from hoso.dossier.catalogue_files import COMPONENT_TYPES
from hoso.dossier.catalogue_import import ALWAYS
from hoso.errors import ObjectMissing, ObjectNotHereYet
from hoso.ocr import archiving
from hoso.scanner_ingest import batches, sorting
from hoso.scanner_ingest.intake import WayIn
from hoso.storage.opening import open_store
from hoso.storage.spooling import SpoolingStore
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.builders import (
    MARITAL_STATUS,
    NOW,
    SetClock,
    a_component,
    a_dossier,
    a_pdf,
    a_token,
    an_archive,
)
from tests.servers.buckets import a_bucket, an_empty_place, s3_server, url_of
from tests.servers.unreliable import Way, a_way_to
from tests.serving import a_client, served
from tests.waiting import until

AWAY = b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def way() -> Iterator[Way]:
    with a_way_to(s3_server()["endpoint"]) as way:
        yield way


@pytest.fixture
def place(way: Way) -> str:
    """An address whose server can be made to go away."""
    return an_empty_place().replace(s3_server()["endpoint"], way.endpoint)


@pytest.fixture
def archive(
    tmp_path: Path, migrated_database: Path, clock: SetClock, place: str
) -> Iterator[Archive]:
    server = s3_server()
    folder = tmp_path / "data"
    folder.mkdir()
    with an_archive(
        folder,
        migrated_database,
        clock,
        storage_url=place,
        s3_access_key=server["access_key"],
        s3_secret_key=server["secret_key"],
        s3_direct_downloads=True,
    ) as made:
        yield made


def spool_of(archive: Archive) -> SpoolingStore:
    assert isinstance(archive.store, SpoolingStore)
    return archive.store


def arrived(archive: Archive) -> set[str]:
    return set(open_store(archive.settings.storage_url, archive.settings).keys())


def take_in(archive: Archive, path: Path) -> str:
    return take_in_file(archive, path, path.name, way_in=WayIn.UPLOAD, by="clerk").batch_id


def test_a_stack_is_taken_in_and_sorted_while_the_server_is_away(
    archive: Archive, way: Way, tmp_path: Path
) -> None:
    way.answer = AWAY

    batch_id = take_in(archive, a_pdf(tmp_path / "stack.pdf", pages=2))
    sorting.sort_batch(archive.workbench, batch_id)

    with archive.database.read() as session:
        batch = batches.by_id(session, batch_id)
    assert batch.state in {"sorted", "finished"}
    way.mend()
    until(lambda: spool_of(archive).waiting()[0] == 0, 30)
    assert arrived(archive) == {batch.sha256}


def test_another_machine_waits_a_day_for_what_lies_in_this_ones_spool(
    archive: Archive, way: Way, clock: SetClock, tmp_path: Path
) -> None:
    way.answer = AWAY
    batch_id = take_in(archive, a_pdf(tmp_path / "stack.pdf"))
    reached = archive.settings.storage_url.replace(way.endpoint, s3_server()["endpoint"])
    elsewhere = archive.settings.model_copy(
        update={"data_dir": tmp_path / "elsewhere", "storage_url": reached}
    )

    with Archive(elsewhere, clock=clock) as other:
        with pytest.raises(ObjectNotHereYet):
            sorting.sort_batch(other.workbench, batch_id)
        clock.advance(hours=25)
        with pytest.raises(ObjectMissing):
            sorting.sort_batch(other.workbench, batch_id)


def test_a_dossier_is_received_while_the_server_is_away(archive: Archive, way: Way) -> None:
    way.answer = AWAY

    assert a_dossier(archive, procedure=MARITAL_STATUS).code


def test_the_doctor_says_what_the_store_can_and_what_waits(archive: Archive) -> None:
    found = {item["check"]: item for item in checkup(archive)}["Kho lưu trữ"]

    assert found["ok"]
    assert "0 tệp chờ" in found["found"]
    assert "không có" in found["found"]


def test_the_doctor_says_that_the_server_is_away(archive: Archive, way: Way) -> None:
    way.answer = AWAY

    found = {item["check"]: item for item in checkup(archive)}["Kho lưu trữ"]

    assert not found["ok"]
    assert "503" in found["found"]


def test_an_original_is_handed_out_by_the_server_itself(archive: Archive, tmp_path: Path) -> None:
    path = a_pdf(tmp_path / "paper.pdf")
    batch_id = take_in(archive, path)
    component = a_component(archive, a_dossier(archive), "birth_certificate")
    with archive.database.write() as session:
        row = components.by_id(session, component.id)
        row.batch_id = batch_id
        row.original = batches.by_id(session, batch_id).sha256

    with (
        served(create_app(archive)) as address,
        a_client(address, a_token(archive, Role.CLERK)) as client,
    ):
        answer = client.get(f"/api/v1/components/{component.id}/original?purpose=check")

    assert answer.status_code == 307
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert httpx.get(answer.headers["Location"]).content == path.read_bytes()


class TestOnABucketWithObjectLock:
    @pytest.fixture
    def place(self) -> str:
        server = s3_server()
        return url_of(a_bucket(server, object_lock=True), server["endpoint"])

    def test_a_paper_is_retained_as_its_type_says_once_it_is_archived(
        self, archive: Archive
    ) -> None:
        retain_birth_certificates(archive, years=1)
        sha256 = archive.store.put(io.BytesIO(b"a signed paper")).sha256
        component = a_component(archive, a_dossier(archive), "birth_certificate")
        with archive.database.write() as session:
            row = components.by_id(session, component.id)
            row.original, row.trust = sha256, "e_signed"

        archiving.archive_component(archive.workbench, component.id)

        until = spool_of(archive).retained_until(sha256)
        assert until == NOW.replace(year=NOW.year + 1)


def retain_birth_certificates(archive: Archive, *, years: int) -> None:
    with archive.database.write() as session:
        texts = catalogue_store.files_in_force(session)
        heading = "[birth_certificate]\n"
        types = texts[COMPONENT_TYPES].replace(heading, f"{heading}retention_years = {years}\n")
        edited = {**texts, COMPONENT_TYPES: types}
        catalogue_import.import_files(
            session, edited, valid_from=ALWAYS, by="test", at=archive.clock()
        )
