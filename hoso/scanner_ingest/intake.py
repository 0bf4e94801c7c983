"""Taking a file in: inspected, kept under its hash, its row committed, then acknowledged."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import for_change, insert_once
from hoso.dossier import catalogue_store, dossiers
from hoso.dossier.work import SORT_BATCH
from hoso.imaging.files import FileFacts
from hoso.jobs import Jobs, Priority
from hoso.scanner_ingest.names import shown_name
from hoso.scanner_ingest.tables import Batch
from hoso.storage import kept
from hoso.storage.store import ObjectStore, StoredObject

Inspect = Callable[[Path, str], FileFacts]


class WayIn(StrEnum):
    """How a file came."""

    UPLOAD = "upload"
    COMMAND = "command"
    FOLDER = "folder"
    BULK = "bulk"  # with an old archive


_PRIORITIES = {
    WayIn.UPLOAD: Priority.WAITING_CITIZEN,
    WayIn.COMMAND: Priority.WAITING_CITIZEN,
    WayIn.FOLDER: Priority.WAITING_CITIZEN,
    WayIn.BULK: Priority.BULK,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What was said of the whole file: its dossier, its component type, what stands on it."""

    dossier_code: str | None = None
    component_type: str | None = None
    number: str | None = None
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgment: the batch, and whether the same bytes had been taken in before."""

    batch_id: str
    already: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file at the door: inspected and kept, its row not yet written."""

    name: str
    facts: FileFacts
    stored: StoredObject


def check(session: Session, claim: Claim) -> Claim:
    """The claim with its dossier's code as it is kept, however it was typed.

    Refuses an unknown dossier or type, and papers whose scan may not be kept. Asked before the
    bytes are kept: a card that is only presented must not reach the store.
    """
    if claim.component_type:
        catalogue_store.keepable_type(session, claim.component_type)
    if claim.dossier_code:
        claim = replace(claim, dossier_code=dossiers.by_code(session, claim.dossier_code).code)
    return claim


def receive(path: Path, name: str, *, inspect: Inspect, store: ObjectStore) -> Incoming:
    """Inspect a file and keep its bytes; a refused file leaves nothing behind."""
    shown = shown_name(name)
    facts = inspect(path, shown)
    return Incoming(shown, facts, store.put_file(path))


def take_in(
    session: Session,
    incoming: Incoming,
    *,
    jobs: Jobs,
    way_in: WayIn,
    by: str,
    at: datetime,
    claim: Claim | None = None,
) -> Receipt:
    """Write the batch's row and have it sorted; the same bytes again are not taken twice.

    A batch that was cancelled gave them up: they come in again under its id.
    """
    claim = check(session, claim or Claim())
    batch_id = uuid.uuid4().hex
    new = _new_batch(incoming, way_in=way_in, by=by, at=at, claim=claim)
    if not insert_once(session, Batch, id=batch_id, **new):
        same = select(Batch).where(Batch.sha256 == incoming.stored.sha256)
        known = session.scalars(for_change(same)).one()
        if known.state != "cancelled":
            return Receipt(known.id, already=True)
        batch_id = known.id
        session.execute(update(Batch).where(Batch.id == batch_id).values(**new))
    kept.note(session, incoming.stored, at=at)
    audit.record(session, "scan.taken_in", batch_id, actor=by, at=at, pages=incoming.facts.pages)
    jobs.put_again(session, SORT_BATCH, batch_id, priority=_PRIORITIES[way_in])
    return Receipt(batch_id, already=False)


def _new_batch(
    incoming: Incoming, *, way_in: WayIn, by: str, at: datetime, claim: Claim
) -> dict[str, Any]:
    return {
        "sha256": incoming.stored.sha256,
        "size": incoming.stored.size,
        "name": incoming.name,
        "kind": incoming.facts.kind.value,
        "pages": incoming.facts.pages,
        "signed": incoming.facts.signed,
        "notices": list(incoming.facts.notices),
        "way_in": way_in.value,
        "taken_in_by": by,
        "taken_in_at": at,
        "dossier_code": claim.dossier_code,
        "component_type": claim.component_type,
        "paper_number": claim.number,
        "paper_issued_on": claim.issued_on,
        "state": "taken_in",
        "report": {},
    }
