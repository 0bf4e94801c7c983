"""Reading kept objects again: what is missing, what has changed."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.dossier.tables import Component, Dossier
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive

_CHUNK_BYTES = 1024 * 1024


def check_objects(
    archive: Archive, keys: Sequence[str], step: Callable[[], None]
) -> dict[str, Any]:
    """Hash every object in the store, and look for every object the database speaks of."""
    changed = []
    for key in keys:
        if _hash(archive, key) != key:
            changed.append(key)
        step()
    with archive.database.read() as session:
        missing = sorted(_known(session) - set(keys))
    return {"objects": len(keys), "changed": changed, "missing": missing}


def _hash(archive: Archive, key: str) -> str:
    digest = hashlib.sha256()
    with archive.store.open(key) as source:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _known(session: Session) -> set[str]:
    columns = (
        Batch.sha256,
        Batch.source,
        Component.archived,
        Dossier.bundle_sha256,
    )
    return {key for column in columns for key in session.scalars(select(column)) if key}
