"""How commands open the archive, and the options that several of them share."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hoso.settings import Settings
    from hoso.wiring import Archive

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")]


@contextmanager
def opened_archive(
    *, processes: int = 1, settings: "Settings | None" = None
) -> "Iterator[Archive]":
    """The archive of the settings, its database brought up to this release."""
    from hoso.settings import load_settings
    from hoso.wiring import Archive

    with Archive(settings or load_settings(), processes=processes) as archive:
        archive.migrate()
        yield archive
