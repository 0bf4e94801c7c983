"""Memory of `hoso ocr` over thousands of pages: a table, and a plot for the docs."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from bench.cost import CommandFailed, descendants
from bench.plot import Mark, line_plot
from bench.report import cores, note, print_report
from bench.stack import a_stack
from tests.paper.stack import write_pdf

PLOT = Path(__file__).parents[1] / "docs/reference/memory.svg"

_PAGES, _QUICK_PAGES, _SCANS = 3000, 60, 12
_SAMPLE_SECONDS = 1.0
_TIME = "/usr/bin/time"  # not the shell's word of that name
_HEADINGS = (
    "pages", "MB in", "MB out", "minutes", "pages/min",
    "peak MiB", "first tenth", "last tenth", "while writing", "largest process MiB",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """After so many seconds: the memory of all processes, shared parts counted once (PSS)."""

    seconds: float
    mib: float
    writing: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """One run: its samples and the largest resident memory of a single process, by `time -v`."""

    samples: Sequence[Sample]
    largest_mib: float

    def peak(self, since: float = 0.0, until: float = 1.0) -> float:
        """The most between two shares of the time."""
        end = self.samples[-1].seconds
        return max(it.mib for it in self.samples if since * end <= it.seconds <= until * end)

    @property
    def writing(self) -> list[Sample]:
        """The samples taken after all pages had been read."""
        return [sample for sample in self.samples if sample.writing]


def main() -> None:
    """Read a long file, watch its memory each second, print the table and write the plot."""
    pages = _wanted_pages()
    if not shutil.which(_TIME):
        sys.exit("This needs GNU time: apt-get install time.")
    with TemporaryDirectory() as name:
        source, made = Path(name) / "long.pdf", Path(name) / "made/long.pdf"
        made.parent.mkdir()
        note(f"making a file of {pages} pages")
        _write_long(source, pages)
        note("hoso ocr")
        watched = _watch(source, made)
        megabytes = [path.stat().st_size / 1e6 for path in (source, made)]
    minutes = watched.samples[-1].seconds / 60
    print_report(
        f"Memory of hoso ocr, {cores()} pages at once: all processes together, shared parts "
        "counted once (PSS), sampled each second",
        _HEADINGS,
        [_row(watched, pages, megabytes, minutes)],
        packages=("pytesseract", "pikepdf"),
    )
    PLOT.write_text(_plot(watched, pages), encoding="utf-8")
    note(f"wrote {PLOT.name}")


def _wanted_pages() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench memory", description=__doc__)
    parser.add_argument("--pages", type=int, default=_PAGES)
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK_PAGES} pages")
    wanted = parser.parse_args()
    return _QUICK_PAGES if wanted.quick else int(wanted.pages)


def _write_long(path: Path, pages: int) -> None:
    """A few scans over and over, each time as a picture of its own, as a scanner writes them."""
    few = path.with_name("few.pdf")
    write_pdf([page.scan for page in islice(a_stack(quick=True), _SCANS)], few)
    with pikepdf.open(few) as scans, pikepdf.new() as long:
        for page in islice(cycle(scans.pages), pages):
            long.pages.append(page)
            _own_pictures(long, long.pages[-1])
        long.save(path)


def _own_pictures(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    pictures = pikepdf.Dictionary()
    for name, picture in page.get_images().items():
        own = pdf.make_stream(picture.read_raw_bytes())
        for key in set(picture.keys()) - {"/Length"}:
            own[key] = picture[key]
        pictures[name] = own
    page.Resources = pikepdf.Dictionary(XObject=pictures)


def _watch(source: Path, made: Path) -> Watched:
    report = source.with_name("time.txt")
    hoso = [sys.executable, "-m", "hoso", "ocr", str(source), "-o", str(made), "--json"]
    command = [_TIME, "--verbose", f"--output={report}", *hoso]
    samples: list[Sample] = []
    began = time.monotonic()
    # Thousands of pages are more bytes than are taken in from strangers by default.
    allowed = {**os.environ, "HOSO_MAX_UPLOAD_BYTES": str(source.stat().st_size + 1)}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=allowed) as running:
        while running.poll() is None:
            mib = sum(_pss_mib(pid) for pid in descendants(running.pid))
            writing = any(made.parent.rglob("*.pdf"))
            samples.append(Sample(time.monotonic() - began, mib, writing))
            time.sleep(_SAMPLE_SECONDS)
    if running.returncode:
        raise CommandFailed(f"hoso ocr ended with {running.returncode}")
    resident = re.search(r"Maximum resident set size \(kbytes\): (\d+)", report.read_text())
    return Watched(samples, int(resident[1]) / 1024 if resident else 0.0)


def _pss_mib(pid: int) -> float:
    with suppress(OSError):  # it ended just now
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _plot(watched: Watched, pages: int) -> str:
    writing = watched.writing
    return line_plot(
        f"hoso ocr, {pages:,} pages: memory of all its processes (PSS, MiB) over time",
        [(sample.seconds, sample.mib) for sample in watched.samples],
        mark=Mark(writing[0].seconds, "writing") if writing else None,
    )


def _row(watched: Watched, pages: int, megabytes: list[float], minutes: float) -> list[str]:
    writing = max((sample.mib for sample in watched.writing), default=0.0)
    return [
        f"{pages:,}",
        *(f"{size:.1f}" for size in megabytes),
        f"{minutes:.1f}",
        f"{pages / minutes:.0f}",
        f"{watched.peak():.0f}",
        f"{watched.peak(until=0.1):.0f}",
        f"{watched.peak(since=0.9):.0f}",
        f"{writing:.0f}" if writing else "–",
        f"{watched.largest_mib:.0f}",
    ]


if __name__ == "__main__":
    main()
