"""How a route reaches the archive that this application serves."""

from typing import Annotated

from fastapi import Depends, Request

from hoso.wiring import Archive


async def _archive(request: Request) -> Archive:  # a plain function would cost a thread's turn
    archive: Archive = request.app.state.archive
    return archive


ArchiveOf = Annotated[Archive, Depends(_archive)]
