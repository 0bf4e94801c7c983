"""How a route reaches the archive that this application serves."""

from typing import Annotated

from fastapi import Depends, Request

from hoso.wiring import Archive


def _archive(request: Request) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


ArchiveOf = Annotated[Archive, Depends(_archive)]
