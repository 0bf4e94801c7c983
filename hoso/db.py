"""The database: one engine for writers, one for readers, and nothing committed in between.

A use case is given a session and never ends its transaction; the edge (request, job, command)
opens it with `Database.write` or `Database.read` and it is committed there, whole or not at all.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MILLISECONDS = 10_000

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Base of every table; constraint names are fixed so that migrations can speak of them."""

    metadata = MetaData(naming_convention=_NAMING)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC (SQLite has no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive datetime is a mistake in our code and is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as an aware UTC datetime."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """Writers and readers on one database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            _prepare_sqlite_file(url)
        self._writer = self._engine()
        self._reader = self._engine()
        # SQLite has one writer, and those who wait for it ask again after ever longer pauses. This
        # process's own threads queue here instead: 16 clients' slowest lookups were 2 s, not 0.2.
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )
        if self.is_sqlite:
            # Take the write lock at once: upgrading a read lock later lost a quarter of all writes.
            _begin_with(self._writer, "BEGIN IMMEDIATE")
            _begin_with(self._reader, "BEGIN")
            event.listen(self._reader, "connect", _refuse_writes)

    def _engine(self) -> Engine:
        engine = create_engine(
            self.url,
            json_serializer=_compact_json,
            hide_parameters=True,  # they may hold a citizen id, and errors end up in logs
        )
        if self.is_sqlite:
            event.listen(engine, "connect", _set_sqlite_pragmas)
        return engine

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that may write; committed when the block ends well."""
        with (
            self._turn,
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that only reads; it never waits for a writer on SQLite.

        Rows stay readable after the block, as far as they were loaded in it.
        """
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @property
    def engines(self) -> tuple[Engine, Engine]:
        """The writers' and the readers', for whoever listens to both."""
        return self._writer, self._reader

    @property
    def writer(self) -> Engine:
        """For migrations and the job library, which open their own transactions."""
        return self._writer

    def close(self) -> None:
        """Give every connection back."""
        self._writer.dispose()
        self._reader.dispose()


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare_sqlite_file(url: str) -> None:
    """Write-ahead logging must be on before the job library opens the same file."""
    path = make_url(url).database
    if path and path != ":memory:":
        # People's papers lie here: no other account of this machine may look in.
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    engine.dispose()


def _set_sqlite_pragmas(connection: Any, record: Any) -> None:
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


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)
