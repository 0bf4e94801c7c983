"""The database's steps: Alembic versions of our tables, and the job library's own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from hoso.db import Database
from hoso.errors import DatabaseNewer
from hoso.jobs import create_job_tables

_SCRIPTS = Path(__file__).parent
_VERSIONS = _SCRIPTS / "versions"
_LOCK = "hoso.migrations"
_ASK_AGAIN_SECONDS = 0.2


def migrate(database: Database) -> None:
    """Bring the database up to this release; nothing is loaded or locked when it is.

    The job library's tables come first, so that a database at our head has them as well. Raises
    DatabaseNewer when a later release has changed it.
    """
    if is_current(database):
        return
    from alembic import command  # noqa: PLC0415  # 0.3 s that no other start needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("version_locations", str(_VERSIONS))
    config.set_main_option("path_separator", "newline")
    create_job_tables(database)
    with _only_migrator(database) as connection:
        if is_current(database):  # another start was quicker
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether every step of this release was taken."""
    with database.read() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return False
        version = str(session.scalar(text("SELECT version_num FROM alembic_version")))
    if version > _head():
        raise DatabaseNewer(version=version, known=_head())
    return version == _head()


@contextmanager
def _only_migrator(database: Database) -> Iterator[Connection]:
    """A connection for the steps, while nobody else takes any.

    On SQLite all steps are one transaction. On PostgreSQL each is one, under a lock that is the
    connection's own: it goes when the process does, however that ends.
    """
    engine = database.open_migrator()
    try:
        if database.is_sqlite:
            with engine.begin() as connection:
                yield connection
        else:
            with engine.connect() as connection:
                _wait_for_turn(connection)
                yield connection
    finally:
        engine.dispose()


def _wait_for_turn(connection: Connection) -> None:
    """Ask again and again: a lock waited for in one long statement would hold up the other's
    steps, which wait for every statement begun before them."""
    ask = text("SELECT pg_try_advisory_lock(hashtextextended(:lock, 0))")
    while not connection.scalar(ask, {"lock": _LOCK}):
        connection.rollback()
        time.sleep(_ASK_AGAIN_SECONDS)
    connection.commit()


def _head() -> str:
    """The newest version; files are named by their numbers."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))
