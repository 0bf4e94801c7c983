"""Fixtures for tests that need a whole archive: a migrated database, a store, a web server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings

from hoso.archive_api.accounts import Role
from hoso.archive_api.app import create_app
from hoso.db import Database
from hoso.wiring import Archive
from tests.builders import COUNTER, SetClock, a_token, an_archive
from tests.databases import KINDS, Kind, MigratedDatabase
from tests.serving import a_client, served

AClient = Callable[..., httpx.Client]

# How long an example takes says something about the machine, nothing about the code.
settings.register_profile("hoso", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hoso")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(*KINDS, "both"),
        default="both",
        help="where tests that need a database run (default: on SQLite, and on PostgreSQL)",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that needs a database, however far from it, runs on each."""
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        kinds = KINDS if chosen == "both" else (chosen,)
        if metafunc.definition.get_closest_marker("postgresql"):
            kinds = tuple(kind for kind in kinds if kind == "postgresql")
        metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.fixture(scope="session")
def migrated_database(
    database_kind: Kind, tmp_path_factory: pytest.TempPathFactory
) -> MigratedDatabase:
    """A database with every table and no rows, to be copied."""
    return MigratedDatabase(database_kind, tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def archive(
    tmp_path: Path, migrated_database: MigratedDatabase, clock: SetClock
) -> Iterator[Archive]:
    """An archive with nothing in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    with an_archive(folder, migrated_database, clock) as made:
        yield made


@pytest.fixture
def database(tmp_path: Path, migrated_database: MigratedDatabase) -> Iterator[Database]:
    """A migrated database with no rows."""
    with migrated_database.copy(tmp_path) as url:
        opened = Database(url)
        yield opened
        opened.close()


@pytest.fixture
def address(archive: Archive) -> Iterator[str]:
    """Where the archive is served."""
    with served(create_app(archive)) as at:
        yield at


@pytest.fixture
def client(archive: Archive, address: str) -> Iterator[AClient]:
    """Makes clients: `client()` shows nothing, `client(Role.CLERK)` an access token."""
    made: list[httpx.Client] = []

    def make(role: Role | None = None, *, desk: str | None = None) -> httpx.Client:
        if role is Role.DEVICE:
            desk = desk or COUNTER
        token = a_token(archive, role, desk=desk) if role else None
        made.append(a_client(address, token))
        return made[-1]

    yield make
    for each in made:
        each.close()
