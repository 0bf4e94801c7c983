"""The database: one engine for writers, one for readers, and nothing committed in between.

A use case is given a session and never ends its transaction; the edge (request, job, command)
opens it with `Database.write` or `Database.read` and it is committed there, whole or not at all.

SQLite has one writer at a time. On PostgreSQL many write at once, so whoever changes what it has
read says so: `for_change` locks the rows, `insert_once` leaves the choice between two to a unique
constraint, `alone` is for what has no row to lock, `at_the_end` for the one row that all want.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, MetaData, Select, inspect, text
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from hoso import postgresql, sqlite

PASSING = (OperationalError, InterfaceError, InternalError, NoConnectionFree)
"""Faults of the server, the network or a lock: the same work done again may well succeed."""

_DEEDS = "at_the_end"
Row = TypeVar("Row")
Deed = Callable[[Session], None]

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
    """Writers and readers on one database; a process keeps `connections` of each at most.

    Raises ArgumentError for the URL of something else. `url` is one that libpq reads, too.
    """

    def __init__(self, url: str, *, connections: int = 10) -> None:
        parsed = make_url(url)
        kind = parsed.get_backend_name()
        if kind not in {"sqlite", "postgresql", "postgres"}:
            raise ArgumentError(f"{kind} is neither SQLite nor PostgreSQL.")
        self.is_sqlite = kind == "sqlite"
        if not self.is_sqlite:
            parsed = parsed.set(drivername="postgresql")
        self.url = parsed.render_as_string(hide_password=False)
        options: dict[str, Any] = {
            "json_serializer": _compact_json,
            "hide_parameters": True,  # they may hold a citizen id, and errors end up in logs
        }
        self.open_migrator: Callable[[], Engine]
        if self.is_sqlite:
            sqlite.prepare_file(parsed)
            self._writer = sqlite.writer(parsed, **options)
            self._reader = sqlite.reader(parsed, **options)
            self.open_migrator = partial(sqlite.writer, parsed)
        else:
            self._writer = postgresql.writer(parsed, connections=connections, **options)
            self._reader = postgresql.reader(parsed, connections=connections, **options)
            self.open_migrator = partial(postgresql.migrator, parsed)
        # SQLite has one writer, and those who wait for it ask again after ever longer pauses. This
        # process's own threads queue here instead: 16 clients' slowest lookups were 2 s, not 0.2.
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that may write; committed when the block ends well."""
        deeds: list[Deed] = []
        with (
            self._turn,
            Session(self._writer, expire_on_commit=False, info={_DEEDS: deeds}) as session,
            session.begin(),
        ):
            yield session
            for deed in deeds:
                deed(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that only reads; it never waits for a writer.

        Rows stay readable after the block, as far as they were loaded in it.
        """
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    def server(self) -> str:
        """What the database is, for operators; raises DatabaseUnfit where it cannot serve."""
        return sqlite.server() if self.is_sqlite else postgresql.server(self._reader)

    @property
    def writer(self) -> Engine:
        """For the job library, which opens its own transactions."""
        return self._writer

    def close(self) -> None:
        """Give every connection back."""
        self._writer.dispose()
        self._reader.dispose()


def for_change(query: Select[Row]) -> Select[Row]:
    """The first entity's rows as they are now; until the transaction ends nobody else changes them.

    Others may still read them, and name them in rows of their own. Lock in this order, or two
    transactions wait for each other: batch, dossier (by code), page (by id), component.
    """
    entity = query.column_descriptions[0]["entity"]
    # What the session read before it had the lock may be old by now.
    query = query.execution_options(populate_existing=True)
    return query.with_for_update(of=entity, key_share=True)


def insert_once(session: Session, table: type[Table], **row: Any) -> bool:
    """Insert a row unless a unique constraint says that it is there; gives whether it was not.

    Waits for another transaction that is inserting the same.
    """
    session.flush()
    dialect = sqlite_dialect if is_sqlite(session) else postgresql_dialect
    insert = dialect.insert(table).values(row).on_conflict_do_nothing()
    keys = insert.returning(*inspect(table).primary_key)
    return session.execute(keys).first() is not None


def alone(session: Session, errand: str) -> None:
    """Until the transaction ends, no other does this errand. SQLite's writers are alone anyway."""
    if not is_sqlite(session):
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:errand, 0))"), {"errand": errand}
        )


def at_the_end(session: Session, deed: Deed) -> None:
    """Have something done in this transaction, right before its commit.

    For rows that every transaction wants: they are locked no longer than the commit takes, and
    by somebody who waits for nothing else any more.
    """
    session.info[_DEEDS].append(deed)


def is_sqlite(session: Session) -> bool:
    """For the few statements that differ."""
    return session.get_bind().dialect.name == "sqlite"


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
