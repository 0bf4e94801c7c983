"""How commands speak: tables and sentences for people, one JSON document for programs."""

import getpass
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

# A pipe has no width: what a program or a file reads is not cut.
_WIDTH = None if sys.stdout.isatty() else 240

console = Console(highlight=False, width=_WIDTH)
errors = Console(stderr=True, highlight=False)


def bear_any_letter() -> None:
    """A terminal that has no Vietnamese letters shows question marks; no command fails of it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def language() -> str:
    """English where the terminal's locale asks for it, Vietnamese otherwise."""
    chosen = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if chosen.startswith("en") else "vi"


def actor() -> str:
    """Who acts in the audit log when a command is run on the machine itself."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"cli:{os.getuid()}"


def say(text: str, *, markup: bool = False) -> None:
    """One line for people; `markup` lets [bold] through, which a file's name must never be."""
    console.print(text, soft_wrap=True, markup=markup)


def complain(text: str) -> None:
    """One line for people on standard error."""
    errors.print(text, soft_wrap=True, markup=False)


def say_json(document: Any) -> None:
    """One JSON document, nothing else, on standard output."""
    console.print(
        json.dumps(document, ensure_ascii=False, indent=2, default=str),
        soft_wrap=True,
        markup=False,
    )


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table without lines around it."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*[escape(str(cell)) for cell in row])
    console.print(shown)


class _Rate(ProgressColumn):
    """How many steps a second, of late."""

    def render(self, task: Task) -> Text:
        """Nothing until there is something to tell."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="progress.data.speed")


@contextmanager
def progress(what: str, total: int) -> Iterator[Any]:
    """A bar on a terminal, nothing in a pipe; yields a function to call per step done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, disable=not errors.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps=1: bar.advance(task, steps)
