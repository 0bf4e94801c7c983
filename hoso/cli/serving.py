"""The pieces of a running service: web server, its worker beside it, its watched folder."""

import logging
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import uvicorn

from hoso.archive_api.app import create_app
from hoso.cli.notify import ALIVE, ALIVE_EVERY_SECONDS, READY, STOPPING, tell_systemd
from hoso.cli.output import say
from hoso.cli.watching import watched_folder
from hoso.errors import AddressTaken
from hoso.wiring import Archive

log = logging.getLogger(__name__)

_RESTART_SECONDS = 1.0
_STOP_SECONDS = 40.0


def end_well_on_sigterm() -> None:
    """Let SIGTERM unwind what is open, as Ctrl-C does.

    The web server raises the signal again when it is done; by default that would end us at once.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """The service's address, taken before anything is done; raises AddressTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, or asyncio would not switch Nagle's delay off: 40 ms an answer.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as door:
        # A service that has just ended leaves connections behind that would hold the port.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as fault:
            raise AddressTaken(host=host, port=port, reason=fault.strerror) from fault
        yield door


def run_web(archive: Archive, door: socket.socket) -> None:
    """Serve until stopped. Paths are logged without their query: it may hold a reason in words."""
    config = uvicorn.Config(
        create_app(archive),
        log_config=None,  # hoso.cli.logs has set it up
        access_log=False,
        timeout_graceful_shutdown=10,
    )
    host, port = door.getsockname()[:2]
    log.info("listening", extra={"port": port})
    if archive.settings.log_format == "text":
        say(f"hoso: http://{f'[{host}]' if ':' in host else host}:{port}/")
    _NotifyingServer(config).run(sockets=[door])


class _NotifyingServer(uvicorn.Server):
    """Says that it listens, then from its own loop that the loop still turns."""

    _next_word = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        tell_systemd(READY)

    async def on_tick(self, counter: int) -> bool:
        if monotonic() >= self._next_word:
            self._next_word = monotonic() + ALIVE_EVERY_SECONDS
            tell_systemd(ALIVE)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        tell_systemd(STOPPING)
        await super().shutdown(sockets)


@contextmanager
def supervised_worker(*, wanted: bool) -> Iterator[None]:
    """A worker process that is started again whenever it dies, and stopped at the end."""
    if not wanted:
        yield
        return
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_working, args=(stop,), name="worker-keeper")
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


@contextmanager
def watching(archive: Archive) -> Iterator[None]:
    """The watched folder of the settings, if there is one, in a thread of its own."""
    folder = archive.settings.watch_dir
    if folder is None:
        yield
        return
    stop = threading.Event()
    watched = watched_folder(archive, folder)
    thread = threading.Thread(
        target=watched.run,
        args=(stop,),
        kwargs={"polling": archive.settings.watch_polling},
        name="watched-folder",
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_working(stop: threading.Event) -> None:
    """A dead worker loses nothing: its jobs are taken up by the next one."""
    while not stop.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "hoso", "work", "--with-parent"])
        while worker.poll() is None and not stop.wait(0.2):
            pass
        if stop.is_set():
            _end(worker)
            return
        log.warning("the worker ended and is started again", extra={"code": worker.returncode})
        stop.wait(_RESTART_SECONDS)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
