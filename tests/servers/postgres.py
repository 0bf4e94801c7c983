"""A private PostgreSQL for tests and measurements: its own cluster, on loopback, in a temp folder.

Debian keeps the server's programs out of the PATH and may run a cluster of the system's; this one
has nothing to do with it. `initdb` refuses root, so root hands the folder to another account.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.shared import Facts, run_until_stopped, shared_server
from tests.waiting import until

START_SECONDS = 30.0
_OLDEST = 15
_DEBIAN = Path("/usr/lib/postgresql")
_ACCOUNTS = ("postgres", "nobody")
_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_TEMPLATE_LOCK = 1


@dataclass
class Postgres:
    """A cluster in `folder`: started, stopped and killed at will. `hasty` forgoes every fsync."""

    folder: Path
    port: int
    hasty: bool = False
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Of the database that is always there."""
        return url_of(self.port, "postgres")

    def make(self) -> None:
        """Make the cluster, as an account that is not root."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, *_account())
        # C.UTF-8 as docs/howto/postgresql.md advises; nobody's password on a loopback port.
        how = ("--username=hoso", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        initdb = [*_as_somebody(), _program("initdb"), *how, "--no-sync", "-D", self._data]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = (
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            *(_HASTY if self.hasty else ()),
        )
        chosen = [word for setting in settings for word in ("-c", setting)]
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_as_somebody(), _program("postgres"), "-D", self._data, *chosen],
                stdout=log,
                stderr=log,
                cwd="/",
            )
        until(self._answers, START_SECONDS)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT `fast`, SIGQUIT `immediate` (as a crash), SIGKILL as a power cut."""
        if self.process is None:
            return
        # Servers of single connections outlive a killed postmaster for a moment, a power cut not.
        orphans = _children_of(self.process.pid) if how is signal.SIGKILL else []
        self.process.send_signal(how)
        for orphan in orphans:
            with suppress(ProcessLookupError):
                os.kill(orphan, how)
        self.process.wait(START_SECONDS)
        self.process = None

    @property
    def _data(self) -> str:
        return str(self.folder)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "PostgreSQL ended; see postgres.log"
        with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=2):
            return True
        return False


@contextmanager
def started(folder: Path) -> Iterator[Facts]:
    """A cluster that survives a crash, as an office's does."""
    with cluster(folder) as server:
        yield {"url": server.url, "port": str(server.port)}


@contextmanager
def started_hasty(folder: Path) -> Iterator[Facts]:
    """A cluster for tests of everything but crashes."""
    with cluster(folder, hasty=True) as server:
        yield {"url": server.url, "port": str(server.port)}


@contextmanager
def cluster(folder: Path, *, hasty: bool = False) -> Iterator[Postgres]:
    """A cluster of one's own, to be stopped and killed in the middle of things."""
    server = Postgres(folder / "postgres", _free_port(), hasty)
    server.make()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def cluster_of_ones_own() -> Iterator[Postgres]:
    """The same in a folder that its account can reach, which pytest's are not."""
    with tempfile.TemporaryDirectory(prefix="hoso-postgres-") as folder:
        Path(folder).chmod(0o755)
        with cluster(Path(folder)) as server:
            yield server


def shared_postgres() -> int:
    """The port of this test run's cluster, started now if it is not."""
    return int(shared_server("postgres", started_hasty)["port"])


def url_of(port: int, database: str) -> str:
    """How hoso is told of a database on a cluster of ours."""
    return f"postgresql://hoso@127.0.0.1:{port}/{database}"


def template(port: int, name: str, fill: Callable[[str], None]) -> None:
    """Have a database `name`, made and filled once, by whichever process comes first."""
    with psycopg.connect(url_of(port, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            fill(url_of(port, name))


@contextmanager
def fresh_database(port: int, copied_from: str = "template1") -> Iterator[str]:
    """The URL of a database of one's own; it is gone when the block ends."""
    name = f"t_{uuid.uuid4().hex}"
    ours, source = sql.Identifier(name), sql.Identifier(copied_from)
    with psycopg.connect(url_of(port, "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(ours, source)
        )
        try:
            yield url_of(port, name)
        finally:
            # FORCE: a process that was killed on purpose may have left its connections.
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(ours))


def _program(name: str) -> str:
    """Debian's newest server of a version that hoso supports, else whatever the PATH has."""
    versions = sorted((int(path.name), path) for path in _DEBIAN.glob("[0-9]*"))
    fit = [path / "bin" / name for version, path in versions if version >= _OLDEST]
    found = str(fit[-1]) if fit else shutil.which(name)
    assert found, "PostgreSQL 15 or newer is missing: scripts/bootstrap --tests installs it."
    return found


def _children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _account() -> tuple[int, int]:
    for name in _ACCOUNTS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise AssertionError(f"none of these accounts exists: {_ACCOUNTS}")


def _as_somebody() -> list[str]:
    """Not as root, and ended (SIGINT) when whoever started it is killed."""
    tied = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        uid, gid = _account()
        tied += [f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    return [*tied, "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    run_until_stopped(started)
