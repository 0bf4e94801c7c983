"""SQLite: one file, one writer at a time, readers that never wait for it."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import Connection

BUSY_TIMEOUT_MILLISECONDS = 10_000


def writer(url: URL, **options: Any) -> Engine:
    """An engine whose transactions take the write lock at once.

    Upgrading a read lock later lost a quarter of all writes.
    """
    return _begin_with("BEGIN IMMEDIATE", _engine(url, **options))


def reader(url: URL, **options: Any) -> Engine:
    """An engine that refuses to write."""
    engine = _begin_with("BEGIN", _engine(url, **options))
    event.listen(engine, "connect", _refuse_writes)
    return engine


def prepare_file(url: URL) -> None:
    """Write-ahead logging must be on before the job library opens the same file."""
    if url.database and url.database != ":memory:":
        # People's papers lie here: no other account of this machine may look in.
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    engine.dispose()


def server() -> str:
    """The library's version."""
    return f"SQLite {sqlite3.sqlite_version}"


def _engine(url: URL, **options: Any) -> Engine:
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None  # SQLAlchemy's events, not the driver, begin transactions
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}",
        "foreign_keys=ON",
        "synchronous=FULL",  # an acknowledged scan survives a power cut
    ):
        connection.execute(f"PRAGMA {pragma}")


def _refuse_writes(connection: Any, record: Any) -> None:
    del record
    connection.execute("PRAGMA query_only=ON")


def _begin_with(statement: str, engine: Engine) -> Engine:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return engine
