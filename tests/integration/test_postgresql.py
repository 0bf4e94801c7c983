"""PostgreSQL's own troubles: restarts, locks held too long, rows quoted in errors."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from signal import SIGQUIT

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from hoso.archive_api.app import create_app
from hoso.db import PASSING, Database, for_change
from hoso.dossier.tables import Owner
from hoso.errors import DatabaseUnfit
from hoso.migrations import migrate
from hoso.settings import Settings
from hoso.wiring import Archive
from tests.builders import LAN, NOW
from tests.servers.postgres import Postgres, cluster_of_ones_own
from tests.serving import served

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server of these tests' own, to be stopped."""
    with cluster_of_ones_own() as started:
        yield started


@pytest.fixture
def own(server: Postgres) -> Iterator[Database]:
    opened = Database(server.url)
    migrate(opened)
    yield opened
    opened.close()


def settings_of(database: Database, *names: str) -> list[str]:
    with database.read() as session:
        return [str(session.scalar(text(f"SHOW {name}"))) for name in names]


def test_connections_give_up_in_time(database: Database) -> None:
    with database.write() as session:
        limits = [
            session.scalar(text(f"SHOW {name}"))
            for name in (
                "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
                "application_name", "transaction_isolation",
            )
        ]  # fmt: skip

    assert limits == ["30s", "10s", "1min", "hoso", "read committed"]
    assert settings_of(database, "application_name", "transaction_read_only") == [
        "hoso reader",
        "on",
    ]
    assert settings_of(database, "transaction_isolation") == ["repeatable read"]


def test_what_the_office_writes_into_the_url_goes_before(database: Database) -> None:
    opened = Database(database.url + "?application_name=xa&options=-c%20lock_timeout%3D1s")

    assert settings_of(opened, "application_name", "lock_timeout", "statement_timeout") == [
        "xa",
        "1s",
        "2min",
    ]
    opened.close()


def test_an_error_does_not_quote_the_row(database: Database) -> None:
    twice = [
        Owner(id=id_, kind="citizen", number=LAN.digits, name="Lan", created_at=NOW)
        for id_ in ("a", "b")
    ]
    with pytest.raises(IntegrityError) as refused, database.write() as session:
        session.add_all(twice)

    assert "uq_owner_number" in str(refused.value)
    assert LAN.digits not in f"{refused.value} {refused.value.orig}"


def test_a_restarted_server_costs_no_error(own: Database, server: Postgres) -> None:
    with own.read() as session:
        assert session.scalar(select(1)) == 1
    with own.write() as session:
        session.execute(select(1))

    server.stop(SIGQUIT)
    server.start()

    with own.read() as session:
        assert session.scalar(select(1)) == 1
    with own.write() as session:
        assert session.scalar(select(1)) == 1


def test_a_server_lost_in_a_transaction_is_a_fault_that_passes(
    own: Database, server: Postgres
) -> None:
    def lose_it() -> None:
        with own.write() as session:
            session.execute(select(1))
            server.stop(SIGQUIT)
            session.execute(select(1))

    with pytest.raises(PASSING):
        lose_it()
    server.start()

    with own.write() as session:
        assert session.scalar(select(1)) == 1


def test_without_its_server_the_service_says_so_and_recovers(
    own: Database, server: Postgres, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=server.url)
    with Archive(settings) as archive, served(create_app(archive)) as address:

        def ask() -> httpx.Response:  # whose token that is has to be looked up
            path = f"{address}/api/v1/dossiers/H57.22.10-261122-0001"
            return httpx.get(path, headers={"Authorization": "Bearer nobody's"})

        assert ask().status_code == HTTPStatus.UNAUTHORIZED
        server.stop(SIGQUIT)
        with caplog.at_level(logging.CRITICAL):
            refused = ask()
        assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert refused.json()["code"] == "database_busy"

        server.start()

        assert ask().status_code == HTTPStatus.UNAUTHORIZED


def test_a_server_that_would_lose_what_it_acknowledged_is_unfit(database: Database) -> None:
    with pytest.raises(DatabaseUnfit, match="fsync"):  # the suite's server is a hasty one
        database.server()


def test_doctor_says_version_encoding_and_limits(own: Database) -> None:
    said = own.server()

    assert said.startswith("PostgreSQL ")
    assert "UTF8" in said
    assert "lock_timeout 10 s" in said


def test_a_lock_held_too_long_is_a_fault_that_passes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoso.postgresql._LOCK_SECONDS", 0.01)
    impatient = Database(database.url)
    with database.write() as session:
        session.add(Owner(id="lan", kind="citizen", number="1", name="Lan", created_at=NOW))
    with database.write() as session:
        session.scalars(for_change(select(Owner))).one()
        with pytest.raises(OperationalError), impatient.write() as other:
            other.scalars(for_change(select(Owner))).one()
    impatient.close()
