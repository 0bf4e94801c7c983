"""The migrations make the very tables that the code works with, on either database."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import OperationalError

from hoso import migrations
from hoso.archive_api import tables as accounts
from hoso.audit import log
from hoso.db import Database, Table, for_change
from hoso.dossier import tables as dossier
from hoso.errors import DatabaseNewer
from hoso.jobs import beats
from hoso.migrations import is_current, migrate
from hoso.scanner_ingest import tables as scans
from hoso.storage import kept
from hoso.telemetry import tally
from tests.builders import NOW
from tests.databases import Kind, empty_database

# Each of these declares tables; importing them is what puts the tables into the metadata.
DECLARING = (beats, accounts, log, dossier, scans, kept, tally)

# A release to come: the owner gets a column that no row may be without.
NEXT_STEP = """
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("owner") as table:
        table.add_column(sa.Column("folded", sa.String(300), nullable=True))
    op.execute("UPDATE owner SET folded = lower(name)")
    with op.batch_alter_table("owner") as table:
        table.alter_column("folded", nullable=False)
"""


@pytest.fixture
def empty(database_kind: Kind, tmp_path: Path) -> Iterator[Database]:
    """A database without a table."""
    with empty_database(database_kind, tmp_path) as url:
        opened = Database(url)
        yield opened
        opened.close()


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the code is of a release that has one more step."""
    folder = tmp_path / "versions"
    shutil.copytree(migrations._VERSIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "9000_next.py").write_text(NEXT_STEP.format(before=migrations._head()))
    monkeypatch.setattr(migrations, "_VERSIONS", folder)


def an_owner(database: Database) -> None:
    with database.write() as session:
        session.add(
            dossier.Owner(
                id="lan", kind="citizen", number="1", name="Nguyễn Thị Lan", created_at=NOW
            )
        )


def folded_names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(text("SELECT folded FROM owner")))


def columns(database: Database) -> set[tuple[str, str]]:
    with database.read() as session:
        found = inspect(session.connection())
        return {
            (table, column["name"])
            for table in found.get_table_names()
            for column in found.get_columns(table)
        }


def test_the_migrations_make_the_tables_that_the_models_declare(database: Database) -> None:
    declared = set(Table.metadata.tables)
    assert {module.__name__ for module in DECLARING} <= {
        mapper.class_.__module__ for mapper in Table.registry.mappers
    }

    def ours(name: str | None, kind: str, _parents: object) -> bool:
        # The job library and the full-text index keep their own tables.
        return kind != "table" or name in declared

    with database.writer.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": ours, "compare_type": True}
        )
        assert compare_metadata(context, Table.metadata) == []


def test_a_migrated_database_is_current_and_an_empty_one_is_not(
    database: Database, empty: Database
) -> None:
    assert is_current(database)
    assert not is_current(empty)


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    migrate(empty)
    first = columns(empty)

    migrate(empty)

    assert columns(empty) == first


@pytest.mark.slow
def test_two_first_starts_at_once_migrate_once(empty: Database, tmp_path: Path) -> None:
    environment = {**os.environ, "HOSO_DATABASE_URL": empty.url, "HOSO_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "hoso", "migrate"]
    machines = [subprocess.Popen(command, env=environment) for _ in range(2)]

    assert [machine.wait(60) for machine in machines] == [0, 0]
    assert is_current(empty)


def test_rows_outlive_a_migration(database: Database) -> None:
    with database.write() as session:
        log.record(session, "test.done", "paper", actor="lan", at=NOW)

    migrate(database)

    with database.read() as session:
        assert session.get(log.AuditEntry, 1) is not None


def test_a_filled_database_is_brought_up_to_the_next_release(
    database: Database, next_release: None
) -> None:
    an_owner(database)
    assert not is_current(database)

    migrate(database)

    assert is_current(database)
    assert [name.casefold() for name in folded_names(database)] == ["nguyễn thị lan"]


@pytest.mark.postgresql
def test_a_migration_that_cannot_have_a_table_gives_up_and_leaves_nothing(
    database: Database, next_release: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoso.postgresql._MIGRATION_LOCK_SECONDS", 0.1)
    an_owner(database)
    machine = Database(database.url)
    with database.write() as session:
        session.scalars(for_change(select(dossier.Owner))).one()
        with pytest.raises(OperationalError, match="lock"):
            migrate(machine)
    assert not is_current(machine)

    migrate(machine)

    assert is_current(machine)
    machine.close()


def test_an_older_release_says_that_the_database_is_newer(
    database: Database, next_release: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database)
    monkeypatch.undo()

    with pytest.raises(DatabaseNewer, match="9000"):
        is_current(database)
