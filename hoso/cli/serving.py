"""The pieces of a running service: web server, its worker beside it, its watched folder."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from hoso.archive_api.app import create_app
from hoso.cli.output import say
from hoso.cli.watching import watched_folder
from hoso.wiring import Archive

log = logging.getLogger(__name__)

_RESTART_SECONDS = 1.0
_STOP_SECONDS = 40.0


def run_web(archive: Archive, host: str, port: int) -> None:
    """Serve until stopped. Paths are logged without their query: it may hold a reason in words."""
    config = uvicorn.Config(
        create_app(archive),
        host=host,
        port=port,
        log_config=None,  # hoso.cli.logs has set it up
        access_log=False,
        timeout_graceful_shutdown=10,
    )
    say(f"hoso: http://{host}:{port}/")
    uvicorn.Server(config).run()


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
