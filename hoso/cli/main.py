"""The commands, gathered; refusals become a sentence and an exit code here."""

import sys
from typing import NoReturn

import typer

from hoso.cli import (
    admin,
    backups,
    bare,
    catalogue,
    counter,
    desks,
    export,
    fixity,
    holds,
    intake,
    jobs,
    quality,
    savings,
    service,
)
from hoso.cli.output import bear_any_letter, complain, language
from hoso.errors import HosoError, PathUnusable, StoreFull, says_full

app = typer.Typer(
    name="hoso",
    help="Số hóa hồ sơ một cửa: quét một lần, tìm lại mãi, biết hồ sơ đang ở đâu.\n\n"
    "Digitise dossiers once, find them again by citizen id, know who holds them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

_PARTS = (
    service, intake, jobs, counter, desks, bare, quality, fixity, backups, export, holds, catalogue,
    savings, admin,
)  # fmt: skip
for part in _PARTS:
    part.register(app)


def main() -> None:
    """Run a command; a refusal is said on standard error and ends 1."""
    bear_any_letter()
    try:
        app()
    except HosoError as refusal:
        _refuse(refusal)
    except OSError as fault:
        if says_full(fault):
            _refuse(StoreFull())
        if fault.filename is None:  # nothing that somebody named: a fault of ours
            raise
        _refuse(PathUnusable(path=fault.filename, reason=fault.strerror))


def _refuse(refusal: HosoError) -> NoReturn:
    complain(f"{refusal.sentence(language())} [{refusal.code}]")
    sys.exit(1)
