"""The database's steps: Alembic versions of our tables, and the job library's own."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from hoso.db import Database
from hoso.jobs import create_job_tables


def migrate(database: Database) -> None:
    """Bring the database up to this release."""
    config = _config()
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    create_job_tables(database)


def is_current(database: Database) -> bool:
    """Whether every step of this release was taken."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with database.writer.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
