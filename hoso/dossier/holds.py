"""Legal holds: while one is on, a dossier's papers are deleted by nobody, whatever their retention.

An investigation, a complaint or a lawsuit asks for it. A hold only ever adds to how long a paper is
kept: lifting it leaves what its type's retention promises.
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.dossier import dossiers
from hoso.dossier.stated import stated
from hoso.dossier.tables import Attachment, Component, LegalHold
from hoso.dossier.work import PROTECT_DOSSIER
from hoso.errors import DossierHeld, DossierNotHeld
from hoso.jobs import Jobs


def place(
    session: Session, jobs: Jobs, code: str, *, reason: str, by: str, at: datetime
) -> LegalHold:
    """Put a hold on a dossier; refuses with ReasonMissing and DossierHeld."""
    reason = stated(reason)
    dossier = dossiers.by_code(session, code, lock=True)
    if standing := _standing(session, dossier.code):
        raise DossierHeld(dossier=dossier.code, reason=standing.reason)
    hold = LegalHold(dossier_code=dossier.code, reason=reason, placed_by=by, placed_at=at)
    session.add(hold)
    session.flush()
    audit.record(session, "dossier.held", dossier.code, actor=by, at=at, reason=reason)
    protect(session, jobs, dossier.code)
    return hold


def lift(
    session: Session, jobs: Jobs, code: str, *, reason: str, by: str, at: datetime
) -> LegalHold:
    """Lift the hold on a dossier; refuses with ReasonMissing and DossierNotHeld."""
    reason = stated(reason)
    dossier = dossiers.by_code(session, code, lock=True)
    hold = _standing(session, dossier.code)
    if hold is None:
        raise DossierNotHeld(dossier=dossier.code)
    hold.lifted_by, hold.lifted_at, hold.lift_reason = by, at, reason
    session.flush()
    audit.record(session, "dossier.released", dossier.code, actor=by, at=at, reason=reason)
    protect(session, jobs, dossier.code)
    return hold


def standing(session: Session) -> list[LegalHold]:
    """Every hold that is on, the oldest first."""
    query = select(LegalHold).where(LegalHold.lifted_at.is_(None))
    return list(session.scalars(query.order_by(LegalHold.placed_at, LegalHold.id)))


def held_objects(session: Session) -> set[str]:
    """Hashes of what must stay: originals and archived copies of the papers of held dossiers.

    A paper that serves several dossiers is held as long as one of them is.
    """
    query = (
        select(Component.original, Component.archived)
        .join(Attachment, Attachment.component_id == Component.id)
        .join(LegalHold, LegalHold.dossier_code == Attachment.dossier_code)
        .where(LegalHold.lifted_at.is_(None))
    )
    return {sha256 for row in session.execute(query) for sha256 in row if sha256}


def protect(session: Session, jobs: Jobs, code: str) -> None:
    """Have the store told what the dossier's papers are promised."""
    jobs.put(session, PROTECT_DOSSIER, code, round_=uuid.uuid4().hex[:8])


def protect_if_held(session: Session, jobs: Jobs, code: str) -> None:
    """The same where a hold is on: a paper has joined the dossier."""
    if _standing(session, code):
        protect(session, jobs, code)


def _standing(session: Session, code: str) -> LegalHold | None:
    of_this = LegalHold.dossier_code == code
    return session.scalar(select(LegalHold).where(of_this, LegalHold.lifted_at.is_(None)))
