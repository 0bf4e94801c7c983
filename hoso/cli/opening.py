"""How commands open the archive, and the options that several of them share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from hoso.settings import Settings, load_settings
from hoso.wiring import Archive

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")]


@contextmanager
def opened_archive(*, processes: int = 1, settings: Settings | None = None) -> Iterator[Archive]:
    """The archive of the settings, its database brought up to this release."""
    with Archive(settings or load_settings(), processes=processes) as archive:
        archive.migrate()
        yield archive
