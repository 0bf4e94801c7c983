"""PostgreSQL: pools of connections that give up in time and notice a cut network.

Writers run READ COMMITTED: after waiting for a row's lock they go on with the row as it is now.
A stricter level would refuse the second of two writers instead, and the audit chain alone makes
every two writers meet. What is read and then changed is locked first (`hoso.db.for_change`), what
may be written only once has a unique constraint (`hoso.db.insert_once`). Readers run REPEATABLE
READ: all their statements see one moment, as on SQLite.
"""

import select
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import NullPool

from hoso.errors import DatabaseUnfit

OLDEST_VERSION = 15

_ABOUT_SERVER = text("""
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS number,
       current_setting('server_encoding') AS encoding,
       current_setting('fsync') AS fsync,
       current_setting('max_connections') AS connections,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used
""")

_LOCK_SECONDS = 10  # as long as SQLite's writers wait for each other
_WRITE_SECONDS = 30
_READ_SECONDS = 120
_IDLE_SECONDS = 60  # a process that hangs in a transaction gives its locks back
_WAIT_FOR_CONNECTION_SECONDS = 10
_MIGRATION_LOCK_SECONDS = 5
_MIGRATION_SECONDS = 600

# A cut network says nothing: unanswered after 15 s + 3 x 5 s, or data unacknowledged for 30 s.
_CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def writer(url: URL, *, connections: int, **options: Any) -> Engine:
    """At most that many connections that may write."""
    limits: dict[str, float] = {"statement_timeout": _WRITE_SECONDS, "lock_timeout": _LOCK_SECONDS}
    return _engine(
        url, "hoso", limits, isolation_level="READ COMMITTED", **_pool(connections), **options
    )


def reader(url: URL, *, connections: int, **options: Any) -> Engine:
    """At most that many connections, whose transactions the server itself refuses writes."""
    limits: dict[str, float] = {"statement_timeout": _READ_SECONDS, "lock_timeout": _LOCK_SECONDS}
    return _engine(
        url,
        "hoso reader",
        limits,
        read_only=True,
        isolation_level="REPEATABLE READ",
        **_pool(connections),
        **options,
    )


def migrator(url: URL) -> Engine:
    """Connections for the database's steps: they wait little for locks, others wait for theirs."""
    limits: dict[str, float] = {
        "statement_timeout": _MIGRATION_SECONDS,
        "lock_timeout": _MIGRATION_LOCK_SECONDS,
    }
    return _engine(url, "hoso migrate", limits, poolclass=NullPool)


def server(engine: Engine) -> str:
    """Version, encoding and the connections left; raises DatabaseUnfit for what cannot serve."""
    with engine.connect() as connection:
        row = connection.execute(_ABOUT_SERVER).one()
    if row.number < OLDEST_VERSION * 10_000:
        raise DatabaseUnfit(found=f"PostgreSQL {row.version}", needed=f"{OLDEST_VERSION}+")
    if row.encoding != "UTF8":
        raise DatabaseUnfit(found=row.encoding, needed="ENCODING 'UTF8'")
    if row.fsync != "on":  # what it has acknowledged would not survive a power cut
        raise DatabaseUnfit(found="fsync = off", needed="fsync = on")
    limits = ", ".join(
        f"{name} {seconds} s"
        for name, seconds in (
            ("statement_timeout", _WRITE_SECONDS),
            ("lock_timeout", _LOCK_SECONDS),
            ("idle_in_transaction_session_timeout", _IDLE_SECONDS),
        )
    )
    used = f"connections {row.used}/{row.connections}"
    return f"PostgreSQL {row.version}, {row.encoding}, {used}, {limits}"


def _pool(connections: int) -> dict[str, Any]:
    return {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": _WAIT_FOR_CONNECTION_SECONDS,
    }


def _engine(
    url: URL, name: str, limits: dict[str, float], *, read_only: bool = False, **options: Any
) -> Engine:
    session = {
        **{limit: f"{seconds * 1000:.0f}ms" for limit, seconds in limits.items()},
        "idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s",
        "default_transaction_read_only": "on" if read_only else "off",
    }
    ours = " ".join(f"-c {key}={value}" for key, value in session.items())
    # What the office wrote into the URL goes before what we think.
    theirs = dict(url.query)
    connecting: dict[str, Any] = {"application_name": name, **_CONNECTING}
    arguments = {key: value for key, value in connecting.items() if key not in theirs}
    arguments["options"] = f"{ours} {theirs.get('options', '')}".strip()
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), connect_args=arguments, **options
    )
    event.listen(engine, "handle_error", _keep_values_out)
    event.listen(engine, "checkout", _refuse_ended)
    return engine


def _refuse_ended(connection: DBAPIConnection, *_: object) -> None:
    """Before each use: a restarted server costs new connections, not an error page.

    A server says nothing on a connection at rest: something to read can only be its end. Asking
    it (`pool_pre_ping`) would cost a round trip each time, two in a lookup.
    """
    at_rest = select.poll()
    at_rest.register(connection.fileno(), select.POLLIN)
    if at_rest.poll(0):
        raise InvalidatePoolError


def _keep_values_out(context: ExceptionContext) -> None:
    """Leave an error its first line: the lines below it quote the row, a citizen's id included."""
    diagnosis = getattr(context.original_exception, "diag", None)
    first_line = getattr(diagnosis, "message_primary", None)
    if first_line is None:  # the connection itself failed: no row, and the reason is needed
        return
    context.original_exception.args = (first_line,)
    if context.sqlalchemy_exception is not None:
        kind = type(context.original_exception)
        context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__name__}) {first_line}",)
