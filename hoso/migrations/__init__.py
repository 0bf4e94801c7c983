"""The database's steps: Alembic versions of our tables, and the job library's own."""

from pathlib import Path

from sqlalchemy import inspect, text

from hoso.db import Database
from hoso.jobs import create_job_tables

_VERSIONS = Path(__file__).parent / "versions"


def migrate(database: Database) -> None:
    """Bring the database up to this release; nothing is loaded or locked when it is.

    The job library's tables come first, so that a database at our head has them as well.
    """
    if is_current(database):
        return
    from alembic import command  # noqa: PLC0415  # 0.3 s that no other start needs
    from alembic.config import Config  # noqa: PLC0415

    create_job_tables(database)
    config = Config()
    config.set_main_option("script_location", str(_VERSIONS.parent))
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether every step of this release was taken."""
    with database.read() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return False
        version = session.scalar(text("SELECT version_num FROM alembic_version"))
    return bool(version == _head())


def _head() -> str:
    """The newest version; files are named by their numbers."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))
