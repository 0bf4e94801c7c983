"""Real `hoso work` processes, the pages they read, and what that costs them and the database."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, update

from bench.cost import cpu_seconds_below, cpu_seconds_of, descendants, resident_bytes
from bench.filled import receive_dossiers
from bench.report import note
from bench.service import environment
from bench.stack import a_stack
from hoso.dossier.tables import Page
from hoso.dossier.work import READ_PAGE
from hoso.scanner_ingest.intake import Claim, WayIn
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.paper.stack import write_pdf

PAGES_A_FILE = 20
_PROCEDURE, _PAPER = "1.001193", "birth_attestation"
_LOOK_SECONDS = 0.5
_MOST_SECONDS = 7200.0
_STOP_SECONDS = 60.0


class TooSlow(RuntimeError):  # noqa: N818  # named after what is wrong, as in hoso.errors
    """The workers did not come to an end; a figure would mean nothing."""


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU seconds: of the children that read, of the workers round them, of the database."""

    children: float
    workers: float
    database: float

    def __sub__(self, before: "Cpu") -> "Cpu":
        return Cpu(
            self.children - before.children,
            self.workers - before.workers,
            self.database - before.database,
        )

    def __truediv__(self, pages: int) -> "Cpu":
        return Cpu(self.children / pages, self.workers / pages, self.database / pages)

    @property
    def total(self) -> float:
        """All of it."""
        return self.children + self.durable

    @property
    def durable(self) -> float:
        """What was used beside the reading itself."""
        return self.workers + self.database


@dataclass(frozen=True, slots=True)
class Workers:
    """Started workers, and the database server that they work on."""

    pids: Sequence[int]
    database_pid: int

    def cpu(self) -> Cpu:
        """Used so far."""
        return Cpu(
            sum(map(cpu_seconds_below, self.pids)),
            sum(map(cpu_seconds_of, self.pids)),
            cpu_seconds_below(self.database_pid)
            + cpu_seconds_of(self.database_pid, with_ended_children=True),
        )

    def mib(self) -> float:
        """Memory of all their processes, shared parts counted once (PSS)."""
        every = [pid for worker in self.pids for pid in (worker, *descendants(worker))]
        return sum(map(resident_bytes, every)) / 2**20


@dataclass(frozen=True, slots=True)
class Round:
    """So many pages read in so long, and what that used."""

    pages: int
    seconds: float
    cpu: Cpu

    @property
    def pages_a_minute(self) -> float:
        """By the clock on the wall."""
        return 60 * self.pages / self.seconds


@contextmanager
def working(
    archive: Archive, database_pid: int, *, workers: int, processes: int, niceness: int = 0
) -> Iterator[Workers]:
    """So many `hoso work --processes N` on an archive, for as long as the block lasts."""
    settings = archive.settings
    told = environment(settings.data_dir, settings.database_url)
    told["HOSO_WORKER_NICENESS"] = str(niceness)
    command = [sys.executable, "-m", "hoso", "work", "--processes", str(processes)]
    with ExitStack() as started:
        each = [started.enter_context(_started(command, told)) for _ in range(workers)]
        yield Workers(each, database_pid)


def take_in_pages(archive: Archive, pages: int) -> None:
    """Take in files of twenty scanned pages, each said to be one paper of a dossier of its own."""
    files = pages // PAGES_A_FILE
    note(f"taking in {files} files of {PAGES_A_FILE} pages")
    codes = [dossier.code for dossier in receive_dossiers(archive, [_PROCEDURE] * files)]
    path = archive.settings.data_dir / "scan.pdf"
    whole = a_file(path)
    for code in codes:
        path.write_bytes(one_of(whole, code))
        claim = Claim(code, _PAPER)
        take_in_file(archive, path, path.name, way_in=WayIn.COMMAND, by="bench", claim=claim)


def a_file(path: Path) -> bytes:
    """Twenty scanned pages of text as PDF, written to `path` on the way."""
    scans = cycle(page.scan for page in a_stack(quick=True) if page.text)
    write_pdf([next(scans) for _ in range(PAGES_A_FILE)], path)
    return path.read_bytes()


def one_of(pdf: bytes, name: str) -> bytes:
    """The same pages as a file of its own: other bytes, another hash."""
    return pdf + f"\n% {name}\n".encode()


def put_reading_again(archive: Archive, round_: str) -> int:
    """Have every page read once more, as if it had only been seen; gives how many."""
    with archive.database.write() as session:
        session.execute(update(Batch).values(state="sorted"))
        session.execute(update(Page).where(Page.state == "read").values(state="seen"))
        ids = session.scalars(select(Page.id).where(Page.state == "seen")).all()
        for page_id in ids:
            archive.jobs.put(session, READ_PAGE, str(page_id), round_=round_)
    return len(ids)


def measure(archive: Archive, workers: Workers, pages: int, *, in_hand: int) -> Round:
    """From the first page read until there is no longer work for all."""
    _until(lambda: _unread(archive) < pages)
    begun, before, left = time.monotonic(), workers.cpu(), _unread(archive)
    _until(lambda: _unread(archive) <= in_hand)
    read = left - _unread(archive)
    return Round(read, time.monotonic() - begun, workers.cpu() - before)


def wait_for_reading(archive: Archive) -> None:
    """Until a page has been read: the worker has started, and the cores are busy."""
    _until(lambda: _count(archive, Page.state == "read") > 0)


def wait_for_all(archive: Archive) -> None:
    """Until every batch is finished: sorted, read and archived."""
    _until(lambda: not _unfinished(archive))
    if _count(archive, Batch.state == "set_aside"):
        raise TooSlow


def _unread(archive: Archive) -> int:
    return _count(archive, Page.state == "seen")


def _unfinished(archive: Archive) -> int:
    return _count(archive, Batch.state.not_in(("finished", "set_aside")))


def _count(archive: Archive, condition: ColumnElement[bool]) -> int:
    with archive.database.read() as session:
        return session.scalar(select(func.count()).where(condition)) or 0


@contextmanager
def _started(command: Sequence[str], told: Mapping[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(_STOP_SECONDS)


def _until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + _MOST_SECONDS
    while not holds():
        if time.monotonic() > give_up:
            raise TooSlow
        time.sleep(_LOOK_SECONDS)
