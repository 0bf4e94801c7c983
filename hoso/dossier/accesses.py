"""Who has looked at a person's papers or used them, when and why: what the owner may be shown.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 gives everybody the right to know. It is read from the
audit log, so nothing that was looked at can be missing, and is written down nowhere else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.audit.log import AuditEntry
from hoso.dossier import owners
from hoso.dossier.tables import Component, Dossier, Owner

DEEDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "owner.looked_up": "Tra cứu giấy tờ đã có",
        "owner.viewed": "Xem trang chủ hồ sơ",
        "search.asked": "Tìm trong giấy tờ",
        "owner.accesses_shown": "Xem danh sách những ai đã xem",
        "dossier.viewed": "Xem hồ sơ",
        "component.viewed": "Xem giấy tờ",
        "component.reused": "Dùng lại giấy tờ cho hồ sơ",
        "component.moved": "Chuyển giấy tờ sang hồ sơ khác",
        "dossier.exported": "Xuất hồ sơ",
        "owner.exported": "Xuất toàn bộ giấy tờ",
    },
    "en": {
        "owner.looked_up": "Looked up what is held",
        "owner.viewed": "Looked at the owner's page",
        "search.asked": "Searched the papers",
        "owner.accesses_shown": "Looked at who has looked",
        "dossier.viewed": "Looked at a dossier",
        "component.viewed": "Looked at a paper",
        "component.reused": "Used a paper again for a dossier",
        "component.moved": "Moved a paper to another dossier",
        "dossier.exported": "Exported a dossier",
        "owner.exported": "Exported all papers",
    },
}
"""What counts as access, and what it is called."""


@dataclass(frozen=True, slots=True)
class Access:
    """One entry of the log. `paper` is the component's kind, where one was looked at."""

    number: int
    at: datetime
    who: str
    deed: str
    purpose: str | None
    paper: str | None
    dossier: str | None


def of_person(
    session: Session,
    owner_id: str,
    *,
    limit: int,
    by: str,
    at: datetime,
    before: int | None = None,
) -> list[Access]:
    """A page of accesses, the newest first; `before` is the last number of the page before.

    Also those of whoever is one with the person. That they were shown is noted in turn.
    Refuses with OwnerUnknown.
    """
    ids = owners.one_and_the_same(session, owners.by_id(session, owner_id).id)
    query = select(AuditEntry).where(
        AuditEntry.subject.in_(_subjects(ids)), AuditEntry.action.in_(DEEDS["vi"])
    )
    if before is not None:
        query = query.where(AuditEntry.number < before)
    found = session.scalars(query.order_by(AuditEntry.number.desc()).limit(limit)).all()
    audit.record(session, "owner.accesses_shown", owner_id, actor=by, at=at, found=len(found))
    papers = _papers(session, {entry.subject for entry in found})
    return [_access(entry, *papers.get(entry.subject, (None, None))) for entry in found]


def _subjects(ids: Collection[str]) -> CompoundSelect[tuple[str]]:
    """What the log calls the person, their dossiers and their papers."""
    return union_all(
        select(Owner.id).where(Owner.id.in_(ids)),
        select(Dossier.code).where(Dossier.owner_id.in_(ids)),
        select(Component.id).where(Component.owner_id.in_(ids)),
    )


def _papers(session: Session, subjects: Collection[str]) -> dict[str, tuple[str, str]]:
    """Kind and dossier of those subjects that are papers."""
    query = select(Component.id, Component.type, Component.dossier_code)
    found = session.execute(query.where(Component.id.in_(subjects)))
    return {id_: (type_, code) for id_, type_, code in found}


def _access(entry: AuditEntry, paper: str | None, dossier: str | None) -> Access:
    of = entry.subject if entry.action.startswith("dossier.") else dossier
    return Access(
        number=entry.number,
        at=entry.at,
        who=entry.actor,
        deed=entry.action,
        purpose=entry.purpose,
        paper=paper,
        dossier=entry.facts.get("dossier", of),
    )
