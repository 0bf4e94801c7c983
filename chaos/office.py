"""An office under test: its servers, its machines, its clients, and what was done to it."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random
from signal import SIGKILL, SIGQUIT, Signals

import psycopg
from sqlalchemy import func, select

from bench.filled import a_token
from chaos import promises
from chaos.machines import START_SECONDS, Machine, wait_until_it_serves
from chaos.promises import Through
from hoso.archive_api.accounts import Role
from hoso.jobs import WorkerBeat, ledger
from hoso.scanner_ingest.tables import Batch
from hoso.settings import Settings
from hoso.storage.opening import open_store
from hoso.storage.store import ObjectStore
from hoso.wiring import Archive
from tests.e2e.service import free_port
from tests.servers import postgres
from tests.servers.buckets import a_bucket, keys_of, url_of
from tests.servers.ceph import Gateway, gateway_of_ones_own
from tests.servers.postgres import Postgres, cluster_of_ones_own
from tests.waiting import until

WORKERS = ("worker-1", "worker-2")
_TAKEN_UP_LOOK_SECONDS = 0.1
_LONGEST_TAKE_UP_SECONDS = 60.0
_LONGEST_IDLE_SECONDS = 30.0
_NOTHING_MORE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything. `pause_seconds`: how long each of two counters rests on average."""

    batches: int
    pause_seconds: float
    seed: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Servers:
    """The real servers of all scenarios; each has a database and a bucket of its own on them."""

    database: Postgres
    s3: Gateway


@dataclass(frozen=True, slots=True)
class Outage:
    """From when to when something was away, by the monotonic clock."""

    what: str
    begun: float
    ended: float


@dataclass(frozen=True, slots=True)
class TakenUp:
    """Seconds until a dead worker's jobs were free for others, and until others had begun them.

    Between the two lies what these others had in hand.
    """

    freed: float
    begun: float


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """A private PostgreSQL and a private Ceph, both ended with the block."""
    place = folder / "ceph"
    place.mkdir()
    with cluster_of_ones_own() as database, gateway_of_ones_own(place) as s3:
        yield Servers(database, s3)


@dataclass
class Office:
    """One web server, two workers on machines of their own, and clients."""

    folder: Path
    servers: Servers
    database_name: str
    bucket: str
    rng: Random
    port: int = field(default_factory=free_port)
    machines: dict[str, Machine] = field(default_factory=dict)
    outages: list[Outage] = field(default_factory=list)
    taken_up: list[TakenUp] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    clients: "subprocess.Popen[bytes] | None" = None

    # What it is made of -------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def promises_file(self) -> Path:
        """What the clients wrote down."""
        return self.folder / "promises.jsonl"

    @property
    def database_url(self) -> str:
        """The office's own database, by the straight way."""
        return postgres.url_of(self.servers.database.port, self.database_name)

    @property
    def storage_url(self) -> str:
        """The office's own bucket, by the straight way."""
        return url_of(self.bucket, self.servers.s3.facts["endpoint"])

    def environment(self, **chosen: str) -> Mapping[str, str]:
        """The settings of a machine; `chosen` replaces some of them."""
        return {
            "HOSO_DATABASE_URL": self.database_url,
            "HOSO_STORAGE_URL": self.storage_url,
            "HOSO_PORT": str(self.port),
            "HOSO_PUBLIC_URL": self.address,
            "HOSO_LOG_LEVEL": "WARNING",
            **keys_of(self.servers.s3.facts),
            **chosen,
        }

    @cached_property
    def archive(self) -> Archive:
        """The judge's own way in; its machine is none of the office's."""
        facts = self.servers.s3.facts
        return Archive(
            Settings.model_validate(
                {
                    "data_dir": self.folder / "judge",
                    "database_url": self.database_url,
                    "storage_url": self.storage_url,
                    "s3_access_key": facts["access_key"],
                    "s3_secret_key": facts["secret_key"],
                }
            )
        )

    @property
    def far_store(self) -> ObjectStore:
        """What lies on the S3 server itself, no spool before it."""
        return open_store(self.storage_url, self.archive.settings)

    # Running it ---------------------------------------------------------------------------------

    def prepare(self, *, storage_url: str = "") -> None:
        """Lay the machines out; nothing is started."""
        environment = self.environment(**({"HOSO_STORAGE_URL": storage_url} if storage_url else {}))
        self._add("web", ["serve", "--no-worker"], environment)
        for name in WORKERS:
            self._add(name, ["work", "--processes", "1"], environment)

    def open(self, plan: Plan, *, large: int = 0) -> None:
        """Start every machine, then the clients."""
        self.promises_file.touch()
        self.archive.migrate()
        token = a_token(self.archive, "chaos", Role.CLERK)
        for machine in self.machines.values():
            machine.start()
        wait_until_it_serves(self.address)
        until(lambda: self._are_beating(set(WORKERS)), START_SECONDS)
        words = (self.address, self.promises_file, self.folder, plan.batches, large,
                 plan.pause_seconds, plan.seed)  # fmt: skip
        tied = ["setpriv", "--pdeathsig", "KILL", "--"]
        command = [*tied, sys.executable, "-m", "chaos.clients", *map(str, words)]
        with (self.folder / "clients.log").open("ab") as log:
            self.clients = subprocess.Popen(
                command,
                env={**os.environ, "CHAOS_TOKEN": token},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def close(self) -> None:
        """End what still runs."""
        if self.clients is not None:
            self.clients.kill()
            self.clients.wait()
        self.end_machines()
        if "archive" in self.__dict__:
            self.archive.jobs.close()
            self.archive.database.close()

    def end_machines(self) -> None:
        """Kill every process of the office that still runs."""
        for machine in self.machines.values():
            machine.kill()

    @property
    def web(self) -> Machine:
        """The web server's machine."""
        return self.machines["web"]

    def rest(self, least: float, most: float) -> None:
        """Let things go on for a while that the seed decides."""
        time.sleep(self.rng.uniform(least, most))
        self._start_again()

    def _start_again(self) -> None:
        """Start what ended by itself, as systemd does, and say so."""
        for machine in self.machines.values():
            if machine.has_ended:
                self.notes.append(f"{machine.name} ended by itself and was started again")
                machine.start()

    # What can be done to it -----------------------------------------------------------------------

    def kill_web(self, down_seconds: float) -> None:
        """Kill the web server and start it again."""
        with self.away("web"):
            self.web.kill()
            time.sleep(down_seconds)
            self.web.start()
            wait_until_it_serves(self.address)

    def kill_worker(self, name: str) -> None:
        """Kill a worker, see how long its jobs lie, and start it again."""
        machine = self.machines[name]
        pid = machine.pid
        until(lambda: self._are_beating(set(WORKERS) - {name}), START_SECONDS)  # who takes them up
        machine.kill()
        self.see_taken_up(pid)
        machine.start()

    def hold_up_at_work(self, machine: Machine) -> None:
        """Stop a worker while it has a job in hand; one that has ended its job is let go on."""
        deadline = time.monotonic() + _LONGEST_IDLE_SECONDS
        while time.monotonic() < deadline:
            if self._in_hand_of(machine.pid)[1]:
                machine.hold_up()
                if self._in_hand_of(machine.pid)[1]:
                    return
                machine.go_on()
            time.sleep(_TAKEN_UP_LOOK_SECONDS)
        self.notes.append("no job was ever in hand")
        machine.hold_up()

    def restart_database(self, how: Signals, down_seconds: float) -> None:
        """End PostgreSQL (SIGKILL: with all its servers, SIGQUIT: immediate) and start it again."""
        with self.away("database"):
            self.servers.database.stop(how)
            time.sleep(down_seconds)
            self.servers.database.start()
            wait_until_it_serves(self.address)

    def kill_s3(self, down_seconds: float) -> None:
        """Kill the S3 server: connections are refused until it is back."""
        with self.away("s3"):
            self.servers.s3.kill()
            time.sleep(down_seconds)
            self.servers.s3.start()

    @contextmanager
    def away(self, what: str) -> Iterator[None]:
        """Note that something is away for this block."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.outages.append(Outage(what, begun, time.monotonic()))

    def see_taken_up(self, pid: int) -> None:
        """Measure how long a dead worker's jobs lie with it, and until others have begun them."""
        begun = time.monotonic()
        owner, jobs = self._in_hand_of(pid)
        if not jobs:
            return
        freed = None
        while time.monotonic() < begun + _LONGEST_TAKE_UP_SECONDS:
            states = self._still_of(owner, jobs)
            if freed is None and ledger.State.RUNNING not in states:
                freed = time.monotonic() - begun
            if not states:
                break
            time.sleep(_TAKEN_UP_LOOK_SECONDS)
        taken = time.monotonic() - begun
        self.taken_up.append(TakenUp(taken if freed is None else freed, taken))

    def _in_hand_of(self, pid: int) -> tuple[str, set[str]]:
        with self.archive.database.read() as session:
            beats = session.scalars(select(WorkerBeat.executor_id)).all()
            owner = next((beat for beat in beats if beat.rsplit("-", 2)[1] == str(pid)), "")
            job = ledger._jobs(session)  # noqa: SLF001  # the table that hoso itself keeps private
            mine = select(job.c.workflow_uuid).where(
                job.c.executor_id == owner, job.c.status == ledger.State.RUNNING
            )
            return owner, set(session.scalars(mine))

    def _still_of(self, owner: str, jobs: set[str]) -> set[str]:
        """The states of those jobs that nobody else has begun."""
        with self.archive.database.read() as session:
            job = ledger._jobs(session)  # noqa: SLF001  # as above
            states = select(job.c.status).where(
                job.c.workflow_uuid.in_(jobs),
                job.c.executor_id == owner,
                job.c.status.in_(ledger.IN_FLIGHT),
            )
            return set(session.scalars(states))

    # How far it is ------------------------------------------------------------------------------

    def taken_in(self) -> int:
        """Batches that the database knows."""
        with self.archive.database.read() as session:
            return session.scalar(select(func.count()).select_from(Batch)) or 0

    def unfinished(self) -> int:
        """Batches that are not finished."""
        with self.archive.database.read() as session:
            waiting = select(func.count()).select_from(Batch).where(Batch.state != "finished")
            return session.scalar(waiting) or 0

    def is_taking_in(self) -> bool:
        """Whether the clients are not through with their stacks yet."""
        assert self.clients is not None
        assert self.clients.poll() is None, "the clients ended; see clients.log"
        return not any(isinstance(line, Through) for line in promises.read(self.promises_file))

    def wait_until_taken_in(self, batches: int) -> None:
        """Until that many batches are known, or the clients are through."""
        until(lambda: self.taken_in() >= batches or not self.is_taking_in(), _NOTHING_MORE_SECONDS)

    def come_to_rest(self) -> None:
        """Wait until nothing is left to be done (as long as something changes, and some); then
        the clients go home. Doing it again changes nothing.
        """
        assert self.clients is not None
        if self.clients.poll() is not None:
            return
        seen, changed = (-1, -1, -1), time.monotonic()
        while time.monotonic() < changed + _NOTHING_MORE_SECONDS / 5:
            self._start_again()
            now = (self.is_taking_in(), self.taken_in(), self._left())
            if now != seen:
                seen, changed = now, time.monotonic()
            if not self.is_taking_in() and not self._left():
                break
            time.sleep(0.2)
        else:
            self.notes.append("it did not come to rest")
        self._send_clients_home()

    def _send_clients_home(self) -> None:
        """No more slips; all that the clients were told is written down when this returns."""
        assert self.clients is not None
        assert self.clients.stdin is not None
        self.clients.stdin.close()
        self.clients.wait()

    def _left(self) -> int:
        """Batches, jobs and objects on their way."""
        figures = self.archive.jobs.figures()
        jobs = sum(figures.waiting.values()) + sum(figures.running.values())
        return self.unfinished() + jobs + sum(map(_spooled, self.machines.values()))

    def _are_beating(self, names: Iterable[str]) -> bool:
        """Whether these workers, as they were started last, have been heard of."""
        self._start_again()
        with self.archive.database.read() as session:
            beats = session.scalars(select(WorkerBeat.executor_id)).all()
        pids = {beat.rsplit("-", 2)[1] for beat in beats}
        return {str(self.machines[name].pid) for name in names} <= pids

    def _add(self, name: str, words: list[str], environment: Mapping[str, str]) -> None:
        folder = self.folder / name
        folder.mkdir()
        self.machines[name] = Machine(name, folder, words, environment)


@contextmanager
def an_office(folder: Path, running: Servers, rng: Random) -> Iterator[Office]:
    """An office with nothing in it, ended with the block."""
    name = f"office_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(running.database.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # its name is made of hex digits
    bucket = a_bucket(running.s3.facts)
    with ExitStack() as open_:
        office = Office(folder, running, name, bucket, rng)
        open_.callback(office.close)
        yield office


def _spooled(machine: Machine) -> int:
    with suppress(FileNotFoundError):
        return sum(1 for _ in (machine.data_dir / "spool").glob("??/??/*"))
    return 0


KILLED, IMMEDIATE = SIGKILL, SIGQUIT
