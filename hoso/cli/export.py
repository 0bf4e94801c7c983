"""Exports for other archives, in the archives' own packing: BagIt (RFC 8493)."""

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hoso.cli.opening import opened_archive
from hoso.cli.output import actor, complain, say
from hoso.errors import TargetExists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from hoso.preservation.export import Asked, Parcel

export = typer.Typer(help="Papers for another archive, as BagIt.", no_args_is_help=True)

_PACKED = {".zip": "zip", ".tar": "tar"}

Target = Annotated[Path, typer.Argument(help="Folder to make, or a file ending in .zip or .tar.")]
Purpose = Annotated[str, typer.Option(help="Why; it is kept in the log and in the export.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(export, name="export")


@export.command("dossier")
def export_dossier(
    code: Annotated[str, typer.Argument(help="Dossier code.")], target: Target, purpose: Purpose
) -> None:
    """Write a dossier with its papers, texts and trail."""
    from hoso.preservation.export import gather_dossier

    _write(target, purpose, lambda session, asked: gather_dossier(session, code, asked))


@export.command("person")
def export_person(target: Target, purpose: Purpose) -> None:
    """Write all that a person or organisation handed in; the number is read from input.

    Not from the command line: that shows in process lists and stays in the shell's history.
    """
    from hoso.clock import now
    from hoso.dossier.numbers import parse_owner_number
    from hoso.preservation.export import gather_person

    if sys.stdin.isatty():
        complain("Nhập số định danh (12 chữ số) hoặc mã số thuế, rồi nhấn Enter:")
    number = parse_owner_number(sys.stdin.readline().strip(), today=now().date())
    _write(target, purpose, lambda session, asked: gather_person(session, number, asked))


def _write(target: Path, purpose: str, gather: "Callable[[Session, Asked], Parcel]") -> None:
    from hoso.preservation.export import Asked, write_bag

    if target.exists():
        raise TargetExists(path=target)
    with opened_archive() as archive:
        asked = Asked(by=actor(), at=archive.clock(), purpose=purpose)
        with archive.database.write() as session:
            parcel = gather(session, asked)
        with _whole(target) as folder:
            write_bag(archive.caretaking, parcel, folder, asked)
    say(f"Đã xuất {len(parcel.objects)} tệp: {target}")


@contextmanager
def _whole(target: Path) -> "Iterator[Path]":
    """An empty folder that becomes the target, packed or not, when the block ends well."""
    from hoso.imaging.scratch import swept_folder

    target = target.resolve()
    with swept_folder(target.parent) as scratch:
        folder = scratch / target.stem
        folder.mkdir(mode=0o700)
        yield folder
        packing = _PACKED.get(target.suffix.lower())
        if packing:
            packed = scratch / "packed"
            packed.mkdir(mode=0o700)
            made = shutil.make_archive(str(packed / "bag"), packing, scratch, folder.name)
            Path(made).chmod(0o600)
            folder = Path(made)
        folder.rename(target)
