"""What stands against using a paper: revoked, superseded, a duplicate, hidden, illegible.

Nothing is deleted and nothing overwritten: each mark has a reason, and is lifted with one. Versions
of a paper are papers of their own; the newest valid one serves.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.dossier import components, owners
from hoso.dossier.stated import stated
from hoso.dossier.status import CLOSED
from hoso.dossier.tables import Attachment, Component, ComponentMark, Dossier
from hoso.errors import (
    AnotherKindOfPaper,
    ComponentMarked,
    ComponentNotMarked,
    NewerVersionMissing,
    OtherOwnersPaper,
    SupersededInACircle,
)


class Mark(StrEnum):
    """Why a paper does not serve, though nothing about its kind or its days speaks against it."""

    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"  # another scan of the same paper stands for it
    HIDDEN = "hidden"  # until it is handed over
    ILLEGIBLE = "illegible"


_REPLACED = (Mark.SUPERSEDED, Mark.DUPLICATE)

NAMES: Mapping[str, Mapping[Mark, str]] = {
    "vi": {
        Mark.REVOKED: "đã thu hồi",
        Mark.SUPERSEDED: "đã có bản mới thay thế",
        Mark.DUPLICATE: "là bản quét trùng",
        Mark.HIDDEN: "chưa trả cho người dân",
        Mark.ILLEGIBLE: "không đọc được",
    },
    "en": {
        Mark.REVOKED: "revoked",
        Mark.SUPERSEDED: "superseded by a newer version",
        Mark.DUPLICATE: "another scan of the same paper",
        Mark.HIDDEN: "not handed over yet",
        Mark.ILLEGIBLE: "illegible",
    },
}


def place(
    session: Session,
    component_id: str,
    mark: Mark,
    *,
    reason: str,
    by: str,
    at: datetime,
    newer: str | None = None,
) -> ComponentMark:
    """Have something stand against a paper; `newer` is what takes its place.

    That is the version that supersedes it, or the scan that stands for a duplicate. Refuses with
    ReasonMissing, ComponentMarked, and for these two with NewerVersionMissing, OtherOwnersPaper,
    AnotherKindOfPaper (versions only: the same paper may have been filed twice under two kinds)
    and SupersededInACircle.
    """
    reason = stated(reason)
    component = components.by_id(session, component_id, lock=True)
    if _standing(session, component_id, mark):
        raise ComponentMarked(component=component_id, mark_vi=NAMES["vi"][mark], mark=mark.value)
    if mark in _REPLACED:
        _check_newer(session, component, mark, newer)
    row = ComponentMark(
        component_id=component_id,
        kind=mark,
        newer_id=newer if mark in _REPLACED else None,
        reason=reason,
        placed_by=by,
        placed_at=at,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "component.marked",
        component_id,
        actor=by,
        at=at,
        mark=str(mark),
        newer=row.newer_id,
    )
    return row


def lift(
    session: Session, component_id: str, mark: Mark, *, reason: str, by: str, at: datetime
) -> ComponentMark:
    """Take a mark back; refuses with ReasonMissing and ComponentNotMarked."""
    reason = stated(reason)
    components.by_id(session, component_id, lock=True)
    row = _standing(session, component_id, mark)
    if row is None:
        raise ComponentNotMarked(component=component_id, mark_vi=NAMES["vi"][mark], mark=mark.value)
    row.lifted_by, row.lifted_at, row.lift_reason = by, at, reason
    session.flush()
    audit.record(session, "component.unmarked", component_id, actor=by, at=at, mark=str(mark))
    return row


def history(session: Session, component_id: str) -> list[ComponentMark]:
    """Every mark it ever had, the oldest first."""
    query = select(ComponentMark).where(ComponentMark.component_id == component_id)
    return list(session.scalars(query.order_by(ComponentMark.id)))


def relying_on(session: Session, component_id: str) -> list[Dossier]:
    """The dossiers still open that a paper serves, the oldest first."""
    query = (
        select(Dossier)
        .join(Attachment, Attachment.dossier_code == Dossier.code)
        .where(Attachment.component_id == component_id, Dossier.status.not_in(CLOSED))
    )
    return list(session.scalars(query.order_by(Dossier.received_at, Dossier.code)))


def _standing(session: Session, component_id: str, mark: Mark) -> ComponentMark | None:
    return session.scalar(
        select(ComponentMark).where(
            ComponentMark.component_id == component_id,
            ComponentMark.kind == mark,
            ComponentMark.lifted_at.is_(None),
        )
    )


def _check_newer(session: Session, older: Component, mark: Mark, newer_id: str | None) -> None:
    if newer_id is None:
        raise NewerVersionMissing
    newer = components.by_id(session, newer_id)
    if not owners.are_one(session, newer.owner_id, older.owner_id):
        raise OtherOwnersPaper(component=newer_id)
    if mark is Mark.SUPERSEDED and newer.type != older.type:
        raise AnotherKindOfPaper(component=newer_id)
    if older.id in _and_what_replaces(session, newer_id):
        raise SupersededInACircle(component=newer_id)


def _and_what_replaces(session: Session, component_id: str) -> set[str]:
    """A paper, what takes its place, what takes the place of that, and so on."""
    chain: set[str] = set()
    following = {component_id}
    while following - chain:
        chain |= following
        replaced = select(ComponentMark.newer_id).where(
            ComponentMark.component_id.in_(following),
            ComponentMark.kind.in_(_REPLACED),
            ComponentMark.lifted_at.is_(None),
        )
        following = {each for each in session.scalars(replaced) if each}
    return chain
