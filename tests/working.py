"""A worker in a process of its own, whose jobs only write down that they were done.

Started as `python -m tests.working DATABASE_URL FOLDER PROCESSES [MACHINE] [VERSION]`. A job's
subject says what it does: `away…` fails as if the store were away, `deadly…` kills the worker,
`hold…` waits for the file `go`, anything else is done at once. Each thing done is a line
`begun SUBJECT` or `done SUBJECT` in a file of this process in FOLDER.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hoso.cli.service import _stop_on_signals
from hoso.db import Database
from hoso.errors import StoreFull
from hoso.jobs import Job, Jobs, Queue, Worker, jobs, ledger, worker

TASK = Job("test.task", Queue.PAGES)
ERRAND = Job("test.errand", Queue.PAPERS)


@dataclass(frozen=True)
class Notes:
    """What the workers wrote down."""

    folder: Path

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Worker's process, word and subject, in no order between workers."""
        return [
            (path.stem, *line.split())
            for path in self.folder.glob("*.notes")
            for line in path.read_text().splitlines()
        ]

    def done(self) -> Counter[str]:
        """How often each subject was done."""
        return Counter(subject for _, word, subject in self.lines if word == "done")

    def begun_by(self, process: "subprocess.Popen[bytes]") -> set[str]:
        """The subjects that a worker began."""
        return {
            subject
            for pid, word, subject in self.lines
            if pid == str(process.pid) and word == "begun"
        }

    def let_go(self) -> None:
        """Let those who hold go on."""
        (self.folder / "go").touch()


@contextmanager
def a_worker(
    database: Database,
    notes: Notes,
    *,
    processes: int = 1,
    machine: str = "",
    version: str = "",
) -> Iterator["subprocess.Popen[bytes]"]:
    """A started worker, killed at the end; `machine`: as if it ran on another one."""
    words = [database.url, str(notes.folder), str(processes), machine, version]
    process = subprocess.Popen([sys.executable, "-m", "tests.working", *words])
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def put(database: Database, *subjects: str, job: Job = TASK, priority: int | None = None) -> None:
    """Put jobs, as a web server does."""
    made = Jobs(database)
    try:
        with database.write() as session:
            for subject in subjects:
                made.put(session, job, subject, priority=priority)
    finally:
        made.close()


def be(version: str, understood: tuple[str, ...] = ()) -> None:
    """Be a release of another version in this process."""
    jobs.JOBS_VERSION = ledger.JOBS_VERSION = worker.JOBS_VERSION = version  # type: ignore[attr-defined,misc]
    ledger.UNDERSTOOD = understood  # type: ignore[attr-defined,misc]


def _work(url: str, folder: str, processes: str, machine: str = "", version: str = "") -> None:
    if machine:
        socket.gethostname = lambda: machine
    if version:
        be(version)
    notes = Path(folder) / f"{os.getpid()}.notes"
    go = Path(folder) / "go"

    def note(word: str, subject: str) -> None:
        with notes.open("a") as file:
            file.write(f"{word} {subject}\n")

    def task(subject: str) -> None:
        note("begun", subject)
        if subject.startswith("away"):
            raise StoreFull
        if subject.startswith("deadly"):
            os.kill(os.getpid(), signal.SIGKILL)
        while subject.startswith("hold") and not go.exists():
            threading.Event().wait(0.01)
        note("done", subject)

    stop = threading.Event()
    _stop_on_signals(stop)
    database = Database(url)
    worker = Worker(
        database,
        handlers={TASK: task, ERRAND: task},
        on_failure=lambda _, subject, __: note("failed", subject),
        processes=int(processes),
    )
    worker.start()
    while not stop.wait(1.0):
        pass
    worker.stop()
    note("stopped", "-")


if __name__ == "__main__":
    _work(*sys.argv[1:])
