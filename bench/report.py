"""What a benchmark prints: the machine, and one table that can be pasted into the docs."""

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np


def wants_quick(purpose: str) -> bool:
    """Whether the command line asks for the short form; `purpose` is its help."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=purpose)
    parser.add_argument("--quick", action="store_true", help="less of everything: seconds")
    return bool(parser.parse_args().quick)


def asked_for(purpose: str) -> tuple[bool, str]:
    """Whether the short form is asked for, and the database: the URL of an empty one, or none."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=purpose)
    parser.add_argument("--quick", action="store_true", help="less of everything: seconds")
    parser.add_argument(
        "--database",
        default="",
        help="URL of an empty database, e.g. of `python -m tests.servers.postgres`; else SQLite",
    )
    given = parser.parse_args()
    return bool(given.quick), str(given.database)


def note(text: str) -> None:
    """Say on standard error what is being done; standard output holds the table alone."""
    print(text, file=sys.stderr, flush=True)


def print_report(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], *, packages: Sequence[str]
) -> None:
    """One Markdown table under the machine it was measured on, `packages` with their versions."""
    print(f"{title}\n")
    print_machine(packages=packages)
    print()
    print_table(headings, rows)


def print_machine(*, packages: Sequence[str]) -> None:
    """What it is measured on and with."""
    versions = [f"{name} {version(name)}" for name in packages]
    print(f"{_machine()}\n{', '.join([*_programs(), *versions])}", flush=True)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """One Markdown table, its columns aligned."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    for cells in (headings, ["-" * width for width in widths], *rows):
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        print(f"| {' | '.join(padded)} |")


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(np.median(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` percent of all do not exceed."""
    return float(np.percentile(values, share, method="higher"))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def _machine() -> str:
    cpu = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    load = os.getloadavg()[0]
    return f"{cores()} cores ({cpu}), {gibibytes:.1f} GiB, {system}, load {load:.1f} at the end"


def _programs() -> list[str]:
    shown = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    tesseract = (shown.stdout or shown.stderr).splitlines()[0]
    return [
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        tesseract,
    ]
