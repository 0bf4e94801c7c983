"""What is done to an office while its clients work; each docstring says it to the reader."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from chaos import clocks
from chaos.network import a_namespace
from chaos.office import IMMEDIATE, KILLED, WORKERS, Office, Plan
from tests.disks import small_disk
from tests.servers.unreliable import Way, a_way_to

_BUSY = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n"
_FEWEST_BATCHES = 6
_SLOW_SECONDS = 30.0
_HELD_UP_SECONDS = 14.0
_CUT_SECONDS = 25.0
_FULL_SECONDS = 8.0
_HOUR_BACK_SECONDS = -3600


@dataclass(frozen=True, slots=True)
class Scenario:
    """A name for the table, and what happens; `share` of the batches are taken in meanwhile."""

    name: str
    happens: Callable[[Office, Plan], None]
    share: float = 0.1
    pause_seconds: float = 6.0
    needs: Callable[[], str] = str

    @property
    def what(self) -> str:
        """What happens, in a line."""
        return " ".join((self.happens.__doc__ or "").split())

    def plan(self, most: int, *, seed: int, minutes: float) -> Plan:
        """What it takes where the largest scenario takes `most` batches."""
        batches = max(_FEWEST_BATCHES, round(most * self.share))
        return Plan(batches, self.pause_seconds, seed, minutes)


def kills(office: Office, plan: Plan) -> None:
    """`kill -9` of the web server, a worker, PostgreSQL or the S3 server, chosen by the seed,
    again and again until all batches are taken in.
    """
    office.prepare()
    office.open(plan)
    until = time.monotonic() + 60 * plan.minutes
    victims: dict[str, Callable[[], None]] = {
        "web": lambda: office.kill_web(office.rng.uniform(0, 2)),
        "worker-1": partial(office.kill_worker, "worker-1"),
        "worker-2": partial(office.kill_worker, "worker-2"),
        "PostgreSQL": lambda: office.restart_database(KILLED, office.rng.uniform(0, 3)),
        "S3": lambda: office.kill_s3(office.rng.uniform(0, 8)),
    }
    killed = dict.fromkeys(victims, 0)
    while time.monotonic() < until and (office.is_taking_in() or not sum(killed.values())):
        office.rest(0.5, 6)
        name = office.rng.choice(list(victims))
        victims[name]()
        killed[name] += 1
    office.notes.append("kills: " + ", ".join(f"{name} {n}" for name, n in killed.items()))


def s3_away(office: Office, plan: Plan) -> None:
    """The S3 server refuses connections, answers after 30 s, answers 503, and loses connections in
    the middle of uploads of 20 MB.
    """
    batches = plan.batches
    with a_way_to(office.servers.s3.facts["endpoint"]) as way:
        office.prepare(
            storage_url=office.storage_url.replace(
                office.servers.s3.facts["endpoint"], way.endpoint
            )
        )
        office.open(plan, large=2)
        office.wait_until_taken_in(1)
        office.kill_s3(12)
        with office.away("s3"):
            _answer_slowly(way)
        office.wait_until_taken_in(batches // 2)
        with office.away("s3"):
            way.answer = _BUSY
            way.cut_all()
            time.sleep(12)
            way.mend()
        with office.away("s3"):
            for _ in range(6):
                way.cut_after_sent = way.sent + office.rng.randrange(1, 300_000)
                time.sleep(3)
            way.mend()
        office.come_to_rest()


def immediate_restarts(office: Office, plan: Plan) -> None:
    """PostgreSQL is restarted in immediate mode (SIGQUIT), four times, down for up to 5 s."""
    office.prepare()
    office.open(plan)
    for _ in range(4):
        office.rest(1, 6)
        office.restart_database(IMMEDIATE, office.rng.uniform(0, 5))


def full_disks(office: Office, plan: Plan) -> None:
    """The disk of the data folder, then that of the temporary folder, is full for 8 s: the web
    server's, then a worker's.
    """
    office.prepare()
    with ExitStack() as mounted:
        disks = [
            mounted.enter_context(small_disk(folder, kibibytes=160 * 1024))
            for machine in (office.web, office.machines["worker-1"])
            for folder in (machine.data_dir, machine.temp_dir)
        ]
        mounted.callback(office.end_machines)  # nobody may have a file open on what is unmounted
        office.open(plan)
        for disk in disks:
            office.rest(1, 3)
            with _filled(disk):
                time.sleep(_FULL_SECONDS)
        office.come_to_rest()


def clock_back(office: Office, plan: Plan) -> None:
    """The wall clock of every hoso process jumps back an hour while it runs, a worker dies
    meanwhile, and the clocks are put right after 20 s.
    """
    office.prepare()
    made = []
    for machine in office.machines.values():
        machine.clock = clocks.make_clock(machine.folder)
        made.append(machine.clock)
    office.open(plan)
    office.wait_until_taken_in(plan.batches // 3)
    for clock in made:
        clock.set_wrong_by(_HOUR_BACK_SECONDS)
    time.sleep(10)
    office.kill_worker("worker-1")
    time.sleep(10)
    for clock in made:
        clock.set_wrong_by(0)


def two_owners(office: Office, plan: Plan) -> None:
    """A worker is held up (SIGSTOP) for 14 s, another takes its jobs over, and it goes on
    (SIGCONT); three times.
    """
    office.prepare()
    office.open(plan)
    for number in range(3):
        office.rest(2, 5)
        machine = office.machines[WORKERS[number % len(WORKERS)]]
        office.hold_up_at_work(machine)
        begun = time.monotonic()
        office.see_taken_up(machine.pid)
        time.sleep(max(0.0, begun + _HELD_UP_SECONDS - time.monotonic()))
        machine.go_on()


def cut_network(office: Office, plan: Plan) -> None:
    """A worker in a network namespace of its own loses its cable to the store for 25 s, then the
    one to the database; nobody is told.
    """
    office.prepare()
    s3, database = office.servers.s3.facts["endpoint"], office.servers.database.port
    with (
        a_namespace() as namespace,
        a_way_to(s3, at=namespace.to_store.outside) as to_store,
        a_way_to(f"http://127.0.0.1:{database}", at=namespace.to_database.outside) as to_database,
    ):
        worker = office.machines["worker-1"]
        worker.within = namespace.within
        worker.environment = office.environment(
            HOSO_STORAGE_URL=office.storage_url.replace(s3, to_store.endpoint),
            HOSO_DATABASE_URL=office.database_url.replace(
                f"127.0.0.1:{database}", to_database.endpoint.removeprefix("http://")
            ),
        )
        office.open(plan)
        office.wait_until_taken_in(2)
        namespace.to_store.cut()
        time.sleep(_CUT_SECONDS)
        namespace.to_store.mend()
        office.wait_until_taken_in(plan.batches // 2)
        namespace.to_database.cut()
        begun = time.monotonic()
        office.see_taken_up(worker.pid)
        time.sleep(max(0.0, begun + _CUT_SECONDS - time.monotonic()))
        namespace.to_database.mend()
        office.come_to_rest()


def _answer_slowly(way: Way) -> None:
    """Each piece of an answer takes so long: two rounds of what a client waits for."""
    way.slow_seconds = _SLOW_SECONDS
    time.sleep(_SLOW_SECONDS + 5)
    way.mend()
    way.cut_all()


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """Every byte that is free on the disk is taken for this block."""
    ballast = disk / ".ballast"
    with ballast.open("wb") as file:
        for piece in (1 << 20, 1 << 12):
            _write_until_full(file.fileno(), bytes(piece))
    try:
        yield
    finally:
        ballast.unlink()


def _write_until_full(descriptor: int, piece: bytes) -> None:
    try:
        while True:
            os.write(descriptor, piece)
    except OSError:
        return


def _root() -> str:
    return "" if os.geteuid() == 0 else "root"


def _clock() -> str:
    return "" if clocks.can_be_made() else "a C compiler"


SCENARIOS = (
    Scenario("kills", kills, share=1.0, pause_seconds=2.0),
    Scenario("s3-away", s3_away),
    Scenario("postgres-immediate", immediate_restarts),
    Scenario("disk-full", full_disks, needs=_root),
    Scenario("clock-back", clock_back, needs=_clock),
    Scenario("two-owners", two_owners, pause_seconds=3.0),
    Scenario("network-cut", cut_network, needs=_root),
)
