"""How commands read the settings and open the archive, and the options that several share."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from hoso.errors import DatabaseUnusable, SettingWrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hoso.settings import Settings
    from hoso.wiring import Archive

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")]


def read_settings() -> "Settings":
    """The settings of the environment; raises SettingWrong for the first that cannot be."""
    from pydantic import ValidationError

    from hoso.settings import load_settings

    try:
        return load_settings()
    except ValidationError as fault:
        first = fault.errors(include_input=False)[0]
        setting = f"HOSO_{'_'.join(str(part) for part in first['loc']).upper()}"
        raise SettingWrong(setting=setting, reason=first["msg"]) from fault


@contextmanager
def opened_archive(
    *, processes: int = 1, settings: "Settings | None" = None
) -> "Iterator[Archive]":
    """The archive of the settings, its database brought up to this release.

    Raises DatabaseUnusable when the database fails, now or while the archive is open.
    """
    from hoso.wiring import Archive

    with database_faults_said(), Archive(settings or read_settings(), processes=processes) as made:
        made.migrate()
        yield made


@contextmanager
def database_faults_said() -> "Iterator[None]":
    """Faults of the database as sentences: DatabaseUnusable, or SettingWrong for its URL."""
    from sqlalchemy.exc import ArgumentError

    from hoso.db import PASSING

    try:
        yield
    except PASSING as fault:
        reason = getattr(fault, "orig", None) or fault
        raise DatabaseUnusable(reason=str(reason).strip().splitlines()[0]) from fault
    except ArgumentError as fault:
        raise SettingWrong(
            setting="HOSO_DATABASE_URL", reason="sqlite:///… ? postgresql://… ?"
        ) from fault
