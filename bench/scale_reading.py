"""How reading scales: pages a minute, what durable work adds to a page, memory of a worker."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench.cost import cpu_seconds_below
from bench.filled import an_archive
from bench.plot import line_plot
from bench.report import cores, note, print_table
from bench.working import (
    Cpu,
    Round,
    Workers,
    measure,
    put_reading_again,
    take_in_pages,
    wait_for_all,
    working,
)
from hoso.dossier.tables import Page
from hoso.imaging.isolation import PageProcesses
from hoso.ocr import bare_work, digitise
from hoso.ocr.bare import PRELOAD
from hoso.ocr.engines import EngineChoice
from hoso.wiring import Archive
from tests.servers.postgres import Postgres, cluster_of_ones_own

PLOT = Path(__file__).parents[1] / "docs/reference/worker-memory.svg"
_SAMPLE_SECONDS = 1.0
_TIMEOUT_SECONDS = 300.0
_ONE_BY_ONE = (1, 1)
# Workers, and processes of each.
_STAFFINGS = (_ONE_BY_ONE, (2, 1), (1, 2))


def print_pages(pages: int) -> None:
    """Pages a minute by workers, and what the same pages cost with nothing round the reading."""
    with _archive() as (archive, server):
        take_in_pages(archive, pages)
        whole = _whole_way(archive, server)
        rounds = {staffing: _round(archive, server, *staffing) for staffing in _STAFFINGS}
        print(f"\nPages read by `hoso work`, {pages} pages of scanned text, PostgreSQL:\n")
        _print_rounds(rounds)
        bare, alone = _bare(archive)
    print("\nCPU of a page, in seconds; durable work is what workers and database add:\n")
    _print_overhead(
        {
            "read, nothing round it": Cpu(alone / pages, 0, 0),
            "page.read by `hoso work`": rounds[_ONE_BY_ONE].cpu / rounds[_ONE_BY_ONE].pages,
            "codes, blank, read: `hoso ocr`": Cpu(bare / pages, 0, 0),
            "sorted, read, archived: `hoso work`": whole / pages,
        }
    )


def print_memory(pages: int) -> None:
    """Memory of a worker from the first page to the last: a table, and a plot for the docs."""
    with _archive() as (archive, server):
        take_in_pages(archive, pages)
        note("a worker from the first page to the last")
        with _at_work(archive, server, 1, cores()) as workers, _sampled(workers) as samples:
            wait_for_all(archive)
    seconds = samples[-1][0]
    print(f"\nMemory of `hoso work`, {cores()} pages at once, all its processes (PSS, MiB):\n")
    print_table(
        ("pages", "minutes", "peak", "second tenth", "middle tenth", "last tenth"),
        [
            [
                f"{pages:,}",
                f"{seconds / 60:.1f}",
                f"{max(mib for _, mib in samples):.0f}",
                *(f"{_mean(samples, since * seconds):.0f}" for since in (0.1, 0.45, 0.9)),
            ]
        ],
    )
    title = f"hoso work, {pages:,} pages: memory of all its processes (PSS, MiB) over time"
    PLOT.write_text(line_plot(title, samples), encoding="utf-8")
    note(f"wrote {PLOT.name}")


def _print_rounds(rounds: Mapping[tuple[int, int], Round]) -> None:
    alone = rounds[_ONE_BY_ONE].pages_a_minute
    print_table(
        ("workers", "processes each", "pages/min", "times one", "CPU s a page", "cores used"),
        [
            [
                str(workers),
                str(processes),
                f"{it.pages_a_minute:.0f}",
                f"{it.pages_a_minute / alone:.2f}",
                f"{it.cpu.total / it.pages:.2f}",
                f"{it.cpu.total / it.seconds:.2f}",
            ]
            for (workers, processes), it in rounds.items()
        ],
    )


def _print_overhead(costs: Mapping[str, Cpu]) -> None:
    print_table(
        ("what is done", "children that read", "worker", "database", "durable work"),
        [
            [
                what,
                f"{cpu.children:.3f}",
                *(f"{each:.4f}" if each else "–" for each in (cpu.workers, cpu.database)),
                f"{100 * cpu.durable / cpu.children:.1f} %",
            ]
            for what, cpu in costs.items()
        ],
    )


@contextmanager
def _archive() -> Iterator[tuple[Archive, Postgres]]:
    with (
        cluster_of_ones_own() as server,
        TemporaryDirectory() as folder,
        an_archive(Path(folder), server.url) as archive,
    ):
        yield archive, server


@contextmanager
def _at_work(archive: Archive, server: Postgres, workers: int, processes: int) -> Iterator[Workers]:
    assert server.process is not None
    with working(archive, server.process.pid, workers=workers, processes=processes) as started:
        yield started


def _whole_way(archive: Archive, server: Postgres) -> Cpu:
    """Everything a worker does with what was taken in: sorted, read, archived."""
    note("sorting, reading and archiving")
    with _at_work(archive, server, 1, cores()) as workers:
        before = workers.cpu()
        wait_for_all(archive)
        return workers.cpu() - before


def _round(archive: Archive, server: Postgres, workers: int, processes: int) -> Round:
    note(f"reading again: {workers} workers, {processes} processes each")
    pages = put_reading_again(archive, f"{workers}-{processes}")
    with _at_work(archive, server, workers, processes) as started:
        return measure(archive, started, pages, in_hand=workers * processes)


def _bare(archive: Archive) -> tuple[float, float]:
    """CPU seconds of all pages: with their codes and blanks as `hoso ocr` reads, and read alone.

    The two take turns with every page, so that whatever else the machine does meets both.
    """
    note("reading with nothing round it")
    engine = EngineChoice.of(archive.settings)
    bare = alone = 0.0
    with archive.database.read() as session:
        pages = session.scalars(select(Page).order_by(Page.id)).all()
    memory, preload = archive.settings.page_memory_bytes, (*PRELOAD, "hoso.ocr.digitise")
    with PageProcesses(1, memory_bytes=memory, preload=preload) as children:

        def used_by(read: Callable[..., object], *args: object) -> float:
            before = cpu_seconds_below(os.getpid())
            children.run(read, *args, timeout_seconds=_TIMEOUT_SECONDS)
            return cpu_seconds_below(os.getpid()) - before

        used_by(len, "")  # starts the child
        for page in pages:
            boxes = [tuple(code["box"]) for code in page.codes]
            with archive.store.local_copy(page.source) as path:
                known = (engine, _TIMEOUT_SECONDS)
                bare += used_by(bare_work.read, path, page.place, *known)
                alone += used_by(digitise.read_in_child, path, page.place, boxes, *known)
    return bare, alone


@contextmanager
def _sampled(workers: Workers) -> Iterator[list[tuple[float, float]]]:
    """Seconds and MiB, each second for as long as the block lasts."""
    samples: list[tuple[float, float]] = []
    begun, end = time.monotonic(), threading.Event()

    def sample() -> None:
        while not end.wait(_SAMPLE_SECONDS):
            samples.append((time.monotonic() - begun, workers.mib()))

    thread = threading.Thread(target=sample, name="memory watch")
    thread.start()
    try:
        yield samples
    finally:
        end.set()
        thread.join()


def _mean(samples: list[tuple[float, float]], since: float) -> float:
    """Over the tenth of the time that begins there."""
    until = since + samples[-1][0] / 10
    chosen = [mib for seconds, mib in samples if since <= seconds <= until]
    return sum(chosen) / len(chosen)
