"""What the store is told to let nobody delete: retention by type, legal holds by dossier."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.dossier import attachments, catalogue_store, holds
from hoso.dossier.retention import retained_until
from hoso.dossier.tables import Attachment, Component, LegalHold
from hoso.dossier.work import Workbench
from hoso.storage.retention import can_lock


@dataclass(frozen=True, slots=True)
class Promise:
    """What an object of a dossier is promised; `until` None: its type has no retention."""

    sha256: str
    until: datetime | None
    held: bool


def protect_dossier(bench: Workbench, code: str) -> None:
    """Tell the store what the dossier's papers are promised, until that has not changed meanwhile.

    Two jobs may be at it at once: each ends only after it has asked again what is promised, so
    the last word is never an old one.
    """
    store = bench.store
    if not can_lock(store):
        return
    told: list[Promise] = []
    while told != (wanted := _promises(bench, code)):
        for promise in wanted:
            if promise.until is not None:
                store.retain(promise.sha256, promise.until)
            store.hold(promise.sha256, on=promise.held)
        told = wanted


def protect_everything(bench: Workbench, session: Session) -> None:
    """Have every dossier protected whose papers are promised something: the store is a new one."""
    catalogue = catalogue_store.in_force(session)
    retained = [
        key for key, kind in catalogue.component_types.items() if kind.retention_years is not None
    ]
    of_kind = select(Attachment.dossier_code).join(Component).where(Component.type.in_(retained))
    held = select(LegalHold.dossier_code).where(LegalHold.lifted_at.is_(None))
    for code in list(session.scalars(of_kind.union(held))):
        holds.protect(session, bench.jobs, code)


def _promises(bench: Workbench, code: str) -> list[Promise]:
    with bench.database.read() as session:
        held = holds.held_objects(session)
        return [
            Promise(sha256, until, sha256 in held)
            for entry in attachments.of_dossier(session, code)
            for until in [_until(session, entry.component)]
            for sha256 in _objects(entry.component)
        ]


def _until(session: Session, component: Component) -> datetime | None:
    kind = catalogue_store.component_type(session, component.type)
    return retained_until(kind, component.created_at)


def _objects(component: Component) -> Iterator[str]:
    yield component.original
    if component.archived and component.archived != component.original:
        yield component.archived
