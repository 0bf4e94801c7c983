"""What a command costs, all its descendants included: time, CPU and memory."""

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PR_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and CPU (user + system) seconds; `peak_mib` adds up the proportional set sizes of the
    tree: libraries that its processes share count once.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


class CommandFailed(RuntimeError):  # noqa: N818  # named after what is wrong, as in hoso.errors
    """The measured command ended with an error; a figure would mean nothing."""


def cost_of(command: Sequence[str], *, stdout: Path) -> Cost:
    """Run a command to its end, and that of whatever it left behind; output goes to `stdout`.

    The caller must have no child processes of its own.
    """
    # Orphans (the fork server, killed page processes) become our children: only so does their
    # CPU time reach RUSAGE_CHILDREN.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, begun = _cpu_of_children(), time.monotonic()
    with stdout.open("wb") as output, _Watch() as watch:
        status = subprocess.run(command, stdout=output, check=False).returncode
        wall = time.monotonic() - begun
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
    if status:
        raise CommandFailed(f"{command[0]} ended with {status}")
    return Cost(wall, _cpu_of_children() - before, watch.peak_bytes / 2**20)


class _Watch:
    """Adds up the resident memory of all our descendants, many times a second."""

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory watch")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(_SAMPLE_SECONDS):
            resident = sum(resident_bytes(pid) for pid in descendants(os.getpid()))
            self.peak_bytes = max(self.peak_bytes, resident)


def descendants(pid: int) -> Iterator[int]:
    """Every living process below this one; those that end meanwhile are passed over."""
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, listing.read_text().split()):
                yield child
                yield from descendants(child)


def cpu_seconds_of(pid: int, *, with_ended_children: bool = False) -> float:
    """User and system time of a process so far; also of the children whose end it has seen."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = fields[11:15] if with_ended_children else fields[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def cpu_seconds_below(pid: int) -> float:
    """The same of everything that lives below a process, and of what ended there."""
    used = 0.0
    for each in descendants(pid):
        with suppress(OSError):  # it ended just now
            used += cpu_seconds_of(each, with_ended_children=True)
    return used


def resident_bytes(pid: int) -> int:
    """Proportional set size: memory that processes share is counted once among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it ended just now
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
