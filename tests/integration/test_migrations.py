"""The migrations make the very tables that the code works with."""

import sqlite3
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from hoso import jobs
from hoso.archive_api import tables as accounts
from hoso.audit import log
from hoso.db import Database, Table
from hoso.dossier import tables as dossier
from hoso.migrations import is_current, migrate
from hoso.scanner_ingest import tables as scans
from hoso.telemetry import tally
from tests.builders import NOW

# Each of these declares tables; importing them is what puts the tables into the metadata.
DECLARING = (jobs, accounts, log, dossier, scans, tally)


def schema_of(path: Path) -> set[tuple[str, str]]:
    """Every table and index as SQLite keeps it."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
    connection.close()
    return {(name, sql or "") for name, sql in rows}


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
    database: Database, tmp_path: Path
) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")

    assert is_current(database)
    assert not is_current(empty)
    empty.close()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "twice.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    first = schema_of(path)

    migrate(database)

    assert schema_of(path) == first
    database.close()


def test_rows_outlive_a_migration(database: Database) -> None:
    with database.write() as session:
        log.record(session, "test.done", "paper", actor="lan", at=NOW)

    migrate(database)

    with database.read() as session:
        assert session.get(log.AuditEntry, 1) is not None
