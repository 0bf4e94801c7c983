"""The commands, gathered; refusals become a sentence and an exit code here."""

import os
import sys

import typer

from hoso.cli import admin, bare, counter, desks, intake, service
from hoso.cli.output import errors
from hoso.errors import HosoError

app = typer.Typer(
    name="hoso",
    help="Số hóa hồ sơ một cửa: quét một lần, tìm lại mãi, biết hồ sơ đang ở đâu.\n\n"
    "Digitise dossiers once, find them again by citizen id, know who holds them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

for part in (service, intake, counter, desks, bare, admin):
    part.register(app)


def language() -> str:
    """English where the terminal's locale asks for it, Vietnamese otherwise."""
    chosen = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if chosen.startswith("en") else "vi"


def main() -> None:
    """Run a command; a refusal is said on standard error and ends 1."""
    try:
        app()
    except HosoError as refusal:
        errors.print(f"{refusal.sentence(language())} [{refusal.code}]", markup=False)
        sys.exit(1)
