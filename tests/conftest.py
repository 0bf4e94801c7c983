"""Fixtures for tests that need a whole archive: a migrated database, a store, a web server."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings

from hoso.archive_api.accounts import Role
from hoso.archive_api.app import create_app
from hoso.db import Database
from hoso.migrations import migrate
from hoso.wiring import Archive
from tests.builders import COUNTER, SetClock, a_token, an_archive
from tests.serving import a_client, served

AClient = Callable[..., httpx.Client]

# How long an example takes says something about the machine, nothing about the code.
settings.register_profile("hoso", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hoso")


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no rows, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "hoso.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def archive(tmp_path: Path, migrated_database: Path, clock: SetClock) -> Iterator[Archive]:
    """An archive with nothing in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    with an_archive(folder, migrated_database, clock) as made:
        yield made


@pytest.fixture
def database(tmp_path: Path, migrated_database: Path) -> Iterator[Database]:
    """A migrated database with no rows."""
    copy = shutil.copy(migrated_database, tmp_path / "hoso.db")
    opened = Database(f"sqlite:///{copy}")
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
