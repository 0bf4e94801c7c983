"""The service: web server, worker, and the database's steps."""

import logging
import os
import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from hoso.cli.notify import ALIVE, READY, STOPPING, tell_systemd
from hoso.cli.opening import AsJson, database_faults_said, opened_archive, read_settings
from hoso.cli.output import complain, say, say_json

if TYPE_CHECKING:
    from hoso.wiring import Archive

log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("serve")(serve)
    app.command("work")(work)
    app.command("migrate")(migrate)
    app.command("demo")(demo)


def serve(
    host: Annotated[str | None, typer.Option(help="Default: HOSO_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Default: HOSO_PORT.")] = None,
    worker: Annotated[bool, typer.Option(help="Also run a worker beside the web server.")] = True,
    demo: Annotated[
        bool, typer.Option(help="On the very first start, do the main job once and show it.")
    ] = False,
) -> None:
    """Serve the archive: pages, API, one worker, and the watched folder if one is set."""
    from hoso.cli import first_start, logs
    from hoso.cli.serving import (
        bound,
        end_well_on_sigterm,
        run_web,
        supervised_worker,
        watching,
    )
    from hoso.telemetry.tracing import tracing

    settings = read_settings()
    logs.set_up(settings.log_level, settings.log_format)
    end_well_on_sigterm()
    address = (host or settings.host, settings.port if port is None else port)
    with bound(*address) as door, opened_archive(settings=settings, processes=2) as archive:
        if first_start.is_first_start(archive):
            first_start.make_first_accounts(archive)
            if demo:
                _show_main_job(archive)
        with tracing("web"), supervised_worker(wanted=worker), watching(archive):
            run_web(archive, door)


def _show_main_job(archive: "Archive") -> None:
    """The main job, unless nothing can be read here: the counter works without."""
    from hoso.cli.demo import do_main_job
    from hoso.errors import OcrUnavailable

    try:
        do_main_job(archive)
    except OcrUnavailable as refusal:
        complain(refusal.sentence())


def work(
    processes: Annotated[
        int | None, typer.Option(help="Pages at once. Default: HOSO_PROCESSES, or one per core.")
    ] = None,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", hidden=True, help="Stop when the starter is gone.")
    ] = False,
) -> None:
    """Do durable work: sort, read and archive what was taken in, until stopped.

    SIGTERM finishes the page in hand and takes no more; a second one ends at once.
    """
    from hoso.cli import logs
    from hoso.telemetry.tracing import tracing
    from hoso.wiring.works import Works

    settings = read_settings()
    logs.set_up(settings.log_level, settings.log_format)
    if processes:
        settings = settings.model_copy(update={"processes": processes})
    # Before there are children, who inherit it; whoever started us may have said more.
    niceness = max(settings.worker_niceness, os.getpriority(os.PRIO_PROCESS, 0))
    os.setpriority(os.PRIO_PROCESS, 0, niceness)
    stop = threading.Event()
    _stop_on_signals(stop)
    parent = os.getppid()
    with (
        tracing("worker"),
        opened_archive(settings=settings, processes=settings.page_processes) as archive,
    ):
        works = Works(archive)
        works.start()
        log.info("working", extra={"processes": settings.page_processes})
        if settings.log_format == "text":
            say(f"Bắt đầu xử lý, {settings.page_processes} trang một lúc.")
        tell_systemd(READY)
        while not stop.wait(1.0):
            tell_systemd(ALIVE)
            if with_parent and os.getppid() != parent:
                break
        tell_systemd(STOPPING)
        works.stop()


def _stop_on_signals(stop: threading.Event) -> None:
    """Have the first SIGTERM or SIGINT set `stop`, and the second end this process at once.

    Unwinding would make broken work of pages in hand; an abrupt end only has them read again.
    """

    def asked(number: int, _: object) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, asked)


def demo() -> None:
    """Do the main job once on the bundled sample stack, and show every step."""
    from hoso.cli.demo import do_main_job

    settings = read_settings()
    with opened_archive(settings=settings, processes=settings.page_processes) as archive:
        do_main_job(archive)


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the database is up to date.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database up to this release."""
    from hoso.migrations import is_current
    from hoso.wiring import Archive

    with database_faults_said(), Archive(read_settings()) as archive:
        if not check:
            archive.migrate()
        current = is_current(archive.database)
    if as_json:
        say_json({"current": current})
    else:
        say("Cơ sở dữ liệu đúng phiên bản." if current else "Cần chạy `hoso migrate`.")
    if not current:
        raise typer.Exit(1)
