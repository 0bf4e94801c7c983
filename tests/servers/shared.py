"""One server for a whole test run, shared by all its processes, and nothing left behind.

The first test process that asks starts a keeper: a process of its own session (Ctrl-C does not
reach it) that starts the server. Every process that uses the server holds a shared lock on a file
until it ends; the kernel drops that lock however the process ends. The keeper waits for the
exclusive lock, which it gets when nobody is left, then stops the server and removes its folder.
"""

import fcntl
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import cache
from pathlib import Path

Facts = dict[str, str]
"""What a test must know of a server: its address, its keys."""
Start = Callable[[Path], AbstractContextManager[Facts]]
"""Starts a server in an empty folder, and stops it when the block is left."""

_ROOT = Path(__file__).resolve().parents[2]
_ADDRESS, _LOG = "facts.json", "server.log"
_STARTING, _USERS = "starting.lock", "users.lock"


@cache
def shared_server(name: str, start: Start) -> Facts:
    """The facts of this run's server `name`, started now if it is not; it ends with the run.

    `start` must be a function of a module, which the keeper imports by its name.
    """
    folder = _folder_of_this_run(name)
    starting = _lock(folder / _STARTING, fcntl.LOCK_EX)
    try:
        # Never given back: the kernel does it when this process ends, however it ends.
        _lock(folder / _USERS, fcntl.LOCK_SH)
        if not (folder / _ADDRESS).exists():
            _start_keeper(folder, start)
        facts: Facts = json.loads((folder / _ADDRESS).read_text())
    finally:
        os.close(starting)
    return facts


def run_until_stopped(start: Start) -> None:
    """For `python -m tests.servers.…`: start, print the facts, wait for Ctrl-C, stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="hoso-server-") as folder:
        Path(folder).chmod(0o755)
        with suppress(KeyboardInterrupt), start(Path(folder)) as facts:
            for key, value in facts.items():
                print(f"{key}={value}", flush=True)  # noqa: T201  # this is a command
            signal.pause()


def _folder_of_this_run(name: str) -> Path:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    return Path(tempfile.gettempdir()) / f"hoso-servers-{run}" / name


def _lock(path: Path, how: int) -> int:
    """A descriptor that holds the lock; of the file that bears this name now, not of an old one.

    A keeper that ends removes the files while others may be waiting for their locks.
    """
    while True:
        with suppress(FileNotFoundError):
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
            fcntl.flock(descriptor, how)
            if path.exists() and path.samefile(Path(f"/dev/fd/{descriptor}")):
                return descriptor
            os.close(descriptor)


def _start_keeper(folder: Path, start: Start) -> None:
    command = [sys.executable, "-m", __name__, start.__module__, start.__name__, str(folder)]
    log = folder / _LOG
    with log.open("wb") as errors:
        keeper = subprocess.Popen(
            command,
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    assert keeper.stdout is not None
    with keeper.stdout as said:
        if not said.readline():
            raise RuntimeError(f"{start.__module__} did not start:\n{log.read_text()}")
    keeper.returncode = 0  # it outlives us on purpose; nobody here will wait for it


def _keep(start: Start, folder: Path) -> None:
    """The keeper's life."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    inside = folder / "server"
    inside.mkdir(mode=0o755)
    try:
        with suppress(KeyboardInterrupt), start(inside) as facts:
            (folder / _ADDRESS).write_text(json.dumps(facts))
            print("ready", flush=True)  # noqa: T201  # whoever started us waits for it
            # Nobody is left when we get it. Who comes now waits until we are gone, starts another.
            _lock(folder / _USERS, fcntl.LOCK_EX)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another server of this run still lives there
            folder.parent.rmdir()


if __name__ == "__main__":
    module, function, place = sys.argv[1:]
    _keep(getattr(importlib.import_module(module), function), Path(place))
