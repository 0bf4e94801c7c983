"""Desks: where dossiers are handed over, scan by scan."""

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session

from hoso.archive_api import show
from hoso.archive_api.accounts import Actor, Role
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.language import language_of
from hoso.archive_api.models import (
    DeskScanGiven,
    DeskScansGiven,
    DeskScanShown,
    DeskScansShown,
    DeskShown,
)
from hoso.archive_api.permission import Anyone, AtADesk
from hoso.dossier import catalogue_store, handoffs
from hoso.dossier.custody import Action
from hoso.dossier.handoffs import NewScan
from hoso.errors import RoleNotAllowed
from hoso.wiring import Archive

router = APIRouter(prefix="/desks", tags=["desks"])


@router.get("", operation_id="listDesks")
def list_desks(archive: ArchiveOf, _: Anyone) -> list[DeskShown]:
    """Every desk of the office."""
    with archive.database.read() as session:
        desks = catalogue_store.in_force(session).desks.values()
    return [
        DeskShown(key=desk.key, name=desk.name, number=desk.number, kind=desk.kind.value)
        for desk in desks
    ]


@router.post("/{desk}/scans", operation_id="scanAtDesk")
def scan_at_desk(
    desk: str, scan: DeskScanGiven, request: Request, archive: ArchiveOf, actor: AtADesk
) -> DeskScanShown:
    """Record one scan. Sending it again (same `event_id`) is harmless."""
    _check_own_desk(actor, desk)
    with archive.database.write() as session:
        return _record(session, archive, desk, scan, actor, language_of(request))


@router.post("/{desk}/scans:batch", operation_id="scanManyAtDesk")
def scan_many_at_desk(
    desk: str, given: DeskScansGiven, request: Request, archive: ArchiveOf, actor: AtADesk
) -> DeskScansShown:
    """Record scans that a desk kept while it was offline, in any order."""
    _check_own_desk(actor, desk)
    with archive.database.write() as session:
        handoffs.lock_dossiers(session, [scan.code for scan in given.scans])
        items = [
            _record(session, archive, desk, scan, actor, language_of(request))
            for scan in given.scans
        ]
    return DeskScansShown(items=items)


def _check_own_desk(actor: Actor, desk: str) -> None:
    """A desk's device speaks for its own desk only."""
    if actor.role is Role.DEVICE and actor.desk != desk:
        raise RoleNotAllowed


def _record(
    session: Session,
    archive: Archive,
    desk: str,
    given: DeskScanGiven,
    actor: Actor,
    language: str,
) -> DeskScanShown:
    at = archive.clock()
    scan = NewScan(
        event_id=given.event_id,
        code=given.code,
        desk=desk,
        at=given.at,
        action=Action(given.action) if given.action else None,
        to=given.to,
    )
    answer = handoffs.record(session, scan, by=actor.name, at=at)
    return show.desk_scan(catalogue_store.in_force(session), answer, language)
