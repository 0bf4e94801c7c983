"""Finding dossiers, and the one place that changes their status."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import for_change
from hoso.dossier.status import WORDS, Status, can_become, is_closed
from hoso.dossier.tables import Dossier, StatusChange
from hoso.errors import DossierChanged, DossierUnknown, StatusStepImpossible


def by_code(session: Session, code: str, *, lock: bool = False) -> Dossier:
    """The dossier with that code; `lock` keeps others from changing it meanwhile."""
    query = select(Dossier).where(Dossier.code == code.strip().upper())
    found = session.scalar(for_change(query) if lock else query)
    if found is None:
        raise DossierUnknown(dossier=code)
    return found


def lock_all(session: Session, codes: Iterable[str]) -> None:
    """Keep others from changing these dossiers; locked in one order, whoever wants which."""
    query = select(Dossier).where(Dossier.code.in_(set(codes))).order_by(Dossier.code)
    session.scalars(for_change(query)).all()


def by_token(session: Session, token: str) -> Dossier:
    """The dossier whose slip bears that tracking link."""
    found = session.scalar(select(Dossier).where(Dossier.tracking_token == token))
    if found is None:
        raise DossierUnknown(dossier="?")
    return found


def newest(session: Session, *, before: int | None, limit: int) -> list[Dossier]:
    """A page of dossiers, newest first; `before` is the last number of the page before."""
    query = select(Dossier).order_by(Dossier.number.desc()).limit(limit)
    if before is not None:
        query = query.where(Dossier.number < before)
    return list(session.scalars(query))


def change(
    session: Session, code: str, to: Status, *, by: str, at: datetime, note: str = ""
) -> Dossier:
    """Take a dossier one step on; impossible steps are refused."""
    dossier = by_code(session, code, lock=True)
    now = Status(dossier.status)
    if not can_become(now, to):
        raise StatusStepImpossible(dossier=code, status=WORDS["vi"][now], to=WORDS["vi"][to])
    _step(session, dossier, to, by=by, at=at, note=note)
    return dossier


def begin(session: Session, dossier: Dossier, *, by: str, at: datetime) -> None:
    """Note the first status of a dossier that was just received."""
    _step(session, dossier, Status.RECEIVED, by=by, at=at, note="")


def history(session: Session, code: str) -> list[StatusChange]:
    """Every status the dossier had, oldest first."""
    query = select(StatusChange).where(StatusChange.dossier_code == code)
    return list(session.scalars(query.order_by(StatusChange.id)))


def expect_version(dossier: Dossier, version: int | None) -> None:
    """Refuse an edit that was made on an older state (`None`: the editor did not say)."""
    if version is not None and version != dossier.version:
        raise DossierChanged(dossier=dossier.code)


def _step(
    session: Session, dossier: Dossier, to: Status, *, by: str, at: datetime, note: str
) -> None:
    dossier.status = to
    dossier.version += 1
    if is_closed(to) and dossier.finished_at is None:
        dossier.finished_at = at
    session.add(StatusChange(dossier_code=dossier.code, status=to, at=at, actor=by, note=note))
    audit.record(session, "dossier.status", dossier.code, actor=by, at=at, status=int(to))
