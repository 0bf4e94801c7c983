"""Dossiers of old papers: what an office kept before it had this archive.

An old paper is always somebody's and always stands in a dossier here, so that it is found, reused
and moved like any other. If its dossier's code is known, that code is kept; else all of an owner's
old papers lie in one dossier that says what it is: papers digitised later, received on that day.

Nothing is made up: no procedure (so no paper serves a purpose that nobody knows), no checklist, no
due date but the day itself, no slip.
"""

import secrets
from dataclasses import asdict
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.barcode.code import DossierCode
from hoso.clock import OFFICE_ZONE, local_date
from hoso.db import for_change, insert_once
from hoso.dossier import catalogue_store, codes, dossiers
from hoso.dossier.catalogue import DeskKind
from hoso.dossier.dossiers import OLD_DOSSIER, OLD_PAPERS
from hoso.dossier.receive import Submitter
from hoso.dossier.status import Status
from hoso.dossier.tables import Dossier, Owner, StatusChange

_NAMES = {OLD_DOSSIER: "Hồ sơ cũ được số hóa", OLD_PAPERS: "Giấy tờ cũ được số hóa"}


def with_code(
    session: Session, code: DossierCode, owner: Owner, *, by: str, at: datetime
) -> Dossier:
    """The dossier that bore this code before there was this archive; made if it is not here."""
    then = datetime.combine(code.received_on, time.min, OFFICE_ZONE)
    _make(session, OLD_DOSSIER, str(code), owner, received_at=then, by=by, at=at)
    return dossiers.by_code(session, str(code))


def of_owner(session: Session, owner: Owner, *, by: str, at: datetime) -> Dossier:
    """The dossier of an owner's old papers that have no code; made with the first of them."""
    session.scalars(for_change(select(Owner).where(Owner.id == owner.id))).one()  # no two at once
    theirs = select(Dossier).where(Dossier.owner_id == owner.id)
    found = session.scalar(theirs.where(Dossier.procedure_code == OLD_PAPERS))
    if found:
        return found
    agency = catalogue_store.in_force(session).office.agency_id
    code = str(codes.next_code(session, agency, local_date(at)))
    _make(session, OLD_PAPERS, code, owner, received_at=at, by=by, at=at)
    return dossiers.by_code(session, code)


def _make(
    session: Session,
    kind: str,
    code: str,
    owner: Owner,
    *,
    received_at: datetime,
    by: str,
    at: datetime,
) -> None:
    """Its times are all the same: when it was due and finished, nobody knows any more."""
    made = insert_once(
        session,
        Dossier,
        code=code,
        owner_id=owner.id,
        submitter=asdict(Submitter()),
        procedure_code=kind,
        procedure={
            "code": kind, "name": _NAMES[kind], "field": "", "limit": "", "requirements": [],
        },
        status=Status.RETURNED,
        desk=_where_it_lies(session),
        received_by=by,
        receiver="",
        received_at=received_at,
        due_at=received_at,
        due_steps=[],
        finished_at=received_at,
        tracking_token=secrets.token_urlsafe(16),
    )  # fmt: skip
    if made:
        change = StatusChange(dossier_code=code, status=Status.RETURNED, at=at, actor=by, note="")
        session.add(change)
        audit.record(session, "dossier.old_kept", code, actor=by, at=at, owner=owner.id)


def _where_it_lies(session: Session) -> str:
    """The archive's desk; an office without one has its first desk keep old papers."""
    desks = catalogue_store.in_force(session).desks
    kept = (key for key, desk in desks.items() if desk.kind is DeskKind.ARCHIVE)
    return next(kept, next(iter(desks)))
