"""Two owners that are one: a person with two ids, an organisation registered twice.

An officer decides it, with a reason, and can take it back. A merge is a line between two owners;
who is one is whoever can be reached (`owners.one_and_the_same`). No paper moves: what came for
either number before or since lies where it came, so that undoing leaves exactly what would have
been without. A line between two who are one already is refused: taking one line away would
otherwise not part them.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import alone, for_change
from hoso.dossier import owners
from hoso.dossier.oneness import parts
from hoso.dossier.stated import stated
from hoso.dossier.tables import Attachment, Component, Dossier, Owner, OwnerMerge
from hoso.errors import AlreadyOne, MergeUnknown, OwnerKindsDiffer, OwnerUnknown

_ERRAND = "owner.merge"


def merge(
    session: Session, one_id: str, other_id: str, *, reason: str, by: str, at: datetime
) -> OwnerMerge:
    """Have two owners be one from now on.

    Refuses with ReasonMissing, OwnerUnknown, OwnerKindsDiffer and AlreadyOne.
    """
    reason = stated(reason)
    concerned = _as_they_are_now(session, one_id, other_id)
    one, other = concerned[one_id], concerned[other_id]
    if one.kind != other.kind:
        raise OwnerKindsDiffer
    if owners.are_one(session, one.id, other.id):
        raise AlreadyOne
    made = OwnerMerge(
        id=uuid.uuid4().hex,
        one_id=one.id,
        other_id=other.id,
        reason=reason,
        decided_by=by,
        decided_at=at,
    )
    session.add(made)
    session.flush()
    _regroup(session, concerned)
    _record(session, "owner.merged", made, reason, by=by, at=at)
    return made


def undo(
    session: Session, owner_id: str, merge_id: str, *, reason: str, by: str, at: datetime
) -> OwnerMerge:
    """Take a merge back that made this owner one with others; that it was so stays on file.

    Refuses with ReasonMissing and MergeUnknown.
    """
    reason = stated(reason)
    concerned = _as_they_are_now(session, owner_id)
    found = next((row for row in among(session, concerned) if row.id == merge_id), None)
    if found is None:
        raise MergeUnknown
    found.undone_by, found.undone_at, found.undo_reason = by, at, reason
    session.flush()
    _regroup(session, concerned)
    _record(session, "owner.parted", found, reason, by=by, at=at)
    return found


def among(session: Session, owner_ids: Collection[str]) -> list[OwnerMerge]:
    """The merges that make these owners one, the oldest first."""
    query = select(OwnerMerge).where(
        OwnerMerge.one_id.in_(owner_ids), OwnerMerge.undone_at.is_(None)
    )
    return list(session.scalars(query.order_by(OwnerMerge.decided_at, OwnerMerge.id)))


def dossiers_across(session: Session, owner_ids: Collection[str]) -> list[str]:
    """Codes of these owners' dossiers that are served by papers of another owner's row.

    They rely on a merge: whoever undoes it has to look at them.
    """
    query = (
        select(Dossier.code)
        .join(Attachment, Attachment.dossier_code == Dossier.code)
        .join(Component, Component.id == Attachment.component_id)
        .where(Dossier.owner_id.in_(owner_ids), Component.owner_id != Dossier.owner_id)
    )
    return list(session.scalars(query.distinct().order_by(Dossier.code)))


def _as_they_are_now(session: Session, *owner_ids: str) -> dict[str, Owner]:
    """These owners and all who are one with them, by id; nobody else merges until the commit.

    Two decisions at once could else close a circle that neither sees.
    """
    alone(session, _ERRAND)
    named = session.scalars(for_change(select(Owner).where(Owner.id.in_(owner_ids)))).all()
    if len(named) < len(set(owner_ids)):
        raise OwnerUnknown
    ids = set[str]().union(*(owners.one_and_the_same(session, row.id) for row in named))
    found = for_change(select(Owner).where(Owner.id.in_(ids)).order_by(Owner.id))
    return {row.id: row for row in session.scalars(found)}


def _regroup(session: Session, concerned: Mapping[str, Owner]) -> None:
    """Write down who is one by the merges that stand now."""
    standing = [(row.one_id, row.other_id) for row in among(session, concerned)]
    for part in parts(concerned, standing):
        for owner_id in part:
            concerned[owner_id].same_as = min(part) if len(part) > 1 else None
    session.flush()


def _record(
    session: Session, action: str, row: OwnerMerge, reason: str, *, by: str, at: datetime
) -> None:
    """An entry for each of the two."""
    for owner_id, other_id in ((row.one_id, row.other_id), (row.other_id, row.one_id)):
        facts = {"merge": row.id, "with_owner": other_id, "reason": reason}
        audit.record(session, action, owner_id, actor=by, at=at, **facts)
