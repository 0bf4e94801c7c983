"""Whether the service lives, can work, and what it is. Public; says nothing about anybody."""

from importlib.metadata import version as installed

from fastapi import APIRouter
from sqlalchemy import text

from hoso.archive_api.archive import ArchiveOf

router = APIRouter(tags=["health"])


@router.get("/livez", operation_id="isAlive")
def is_alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="isReady")
def is_ready(archive: ArchiveOf) -> dict[str, str]:
    """The database answers too."""
    with archive.database.read() as session:
        session.execute(text("SELECT 1"))
    return {"status": "ok"}


@router.get("/version", operation_id="getVersion")
def version() -> dict[str, str]:
    """The release."""
    return {"version": installed("hoso")}
