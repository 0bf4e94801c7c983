"""Servers that die while people are being served; `scripts/chaos` does so at random, for long."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL

import httpx
import pytest
from sqlalchemy import select

from hoso.archive_api.accounts import Role
from hoso.audit import log as audit
from hoso.scanner_ingest.tables import Batch
from hoso.settings import Settings
from hoso.storage.opening import open_store
from hoso.wiring import Archive
from tests.builders import BIRTH, LAN, a_dossier, a_pdf, a_token
from tests.e2e.service import Office, free_port, is_ready, kill
from tests.servers.buckets import a_bucket, keys_of, s3_server, url_of
from tests.servers.postgres import Postgres, cluster_of_ones_own
from tests.servers.unreliable import Way, a_way_to
from tests.serving import a_client
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

AWAY = b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n"
START_SECONDS = 60.0


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    with cluster_of_ones_own() as started:
        yield started


@pytest.fixture
def way() -> Iterator[Way]:
    with a_way_to(s3_server()["endpoint"]) as way:
        yield way


@contextmanager
def served(office: Office) -> Iterator[None]:
    """`hoso serve` without a worker: what is looked at is what a request leaves behind."""
    server = office.start("serve", "--no-worker")
    try:
        until(lambda: is_ready(office.address), START_SECONDS)
        yield
    finally:
        kill(server)


def taken_in(clerk: httpx.Client, path: Path, code: str) -> int:
    """The answer's status; 0 when none came."""
    with path.open("rb") as file:
        try:
            answer = clerk.post(
                "/api/v1/scans",
                files={"file": file},
                data={"dossier": code, "component_type": "birth_attestation"},
            )
        except httpx.TransportError:
            return 0
    assert answer.status_code != httpx.codes.INTERNAL_SERVER_ERROR
    return answer.status_code


def test_a_database_killed_during_intake_loses_and_doubles_nothing(
    tmp_path: Path, postgres: Postgres
) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=postgres.url)
    papers = [a_pdf(tmp_path / f"{number}.pdf", words=f"paper {number}") for number in range(4)]
    with Archive(settings) as archive:
        archive.migrate()
        token, code = a_token(archive, Role.CLERK), a_dossier(archive, procedure=BIRTH).code
        office = Office(settings.data_dir, free_port(), postgres.url)
        with served(office), a_client(office.address, token) as clerk:
            for number, paper in enumerate(papers):
                if number % 2:
                    postgres.stop(SIGKILL)
                    assert taken_in(clerk, paper, code) == httpx.codes.SERVICE_UNAVAILABLE
                    postgres.start()
                until(lambda: taken_in(clerk, paper, code) in {200, 202}, 30)  # noqa: B023  # called now

        with archive.database.read() as session:
            kept = sorted(session.scalars(select(Batch.sha256)))
            assert audit.verify(session) is None
        assert kept == sorted(hashlib.sha256(paper.read_bytes()).hexdigest() for paper in papers)
        assert set(kept) == set(archive.store.keys())


def test_with_the_s3_server_away_slips_are_printed_and_scans_wait_for_it(
    tmp_path: Path, way: Way
) -> None:
    server = s3_server()
    settings = Settings(
        data_dir=tmp_path / "data",
        storage_url=url_of(a_bucket(server), way.endpoint),
        s3_access_key=server["access_key"],
        s3_secret_key=server["secret_key"],
    )
    paper = a_pdf(tmp_path / "paper.pdf")
    with Archive(settings) as archive:
        archive.migrate()
        token = a_token(archive, Role.CLERK)
        more = {"HOSO_STORAGE_URL": settings.storage_url, **keys_of(server)}
        office = Office(settings.data_dir, free_port(), more=more)
        with served(office), a_client(office.address, token) as clerk:
            way.answer = AWAY
            given = {"procedure": BIRTH, "citizen_id": LAN.digits, "owner_name": "Nguyễn Thị Lan"}
            code = clerk.post("/api/v1/dossiers", json=given).json()["code"]

            assert clerk.get(f"/api/v1/dossiers/{code}/slip.pdf").status_code == httpx.codes.OK
            assert taken_in(clerk, paper, code) == httpx.codes.ACCEPTED

        way.mend()  # only after the web server was killed: another process brings the scan over
        far = open_store(settings.storage_url, settings)
        archive.store.tidy()
        until(lambda: list(far.keys()), 30)
        assert list(far.keys()) == [hashlib.sha256(paper.read_bytes()).hexdigest()]
