"""Old 9-digit numbers: who says whose they are, and the way back.

A person is found by such a number like by today's (`owners.find`). It stands for one person at
most: two who were given the same number are told apart by an officer, never by us.
"""

import uuid
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import alone, insert_once
from hoso.dossier import owners
from hoso.dossier.numbers import OldCitizenNumber
from hoso.dossier.stated import stated
from hoso.dossier.tables import Owner, OwnerAlias
from hoso.errors import AliasUnknown, OldNumberTaken, OwnerIsNoPerson

_ERRAND = "owner.alias"


class Source(StrEnum):
    """What an old number was taken from."""

    CARD = "card"  # the QR of today's card, which bears both
    OFFICER = "officer"
    PAPER = "paper"


def of_owners(session: Session, owner_ids: Collection[str]) -> list[OwnerAlias]:
    """The old numbers by which these are known now, the oldest first."""
    query = select(OwnerAlias).where(
        OwnerAlias.owner_id.in_(owner_ids), OwnerAlias.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(OwnerAlias.added_at, OwnerAlias.id)))


def is_anothers(session: Session, number: OldCitizenNumber, owner: Owner | None) -> bool:
    """Whether the number stands for somebody who is not this owner."""
    known = owners.find(session, number)
    if known is None:
        return False
    return owner is None or not owners.are_one(session, known.id, owner.id)


def keep_from_card(
    session: Session, owner: Owner, number: OldCitizenNumber, *, by: str, at: datetime
) -> None:
    """Keep the old number that a person's card bears.

    A card that contradicts what is known changes nothing and keeps no citizen waiting; an audit
    entry says so, to whoever has to sort it out.
    """
    known = owners.find(session, number)
    if known is None and _insert(session, owner, number, Source.CARD, "", by=by, at=at):
        return
    # Where it was unknown a moment ago, another counter has kept it since.
    known = known or owners.find(session, number)
    if known and not owners.are_one(session, known.id, owner.id):
        audit.record(
            session, "owner.alias_disputed", owner.id, actor=by, at=at, stands_for=known.id
        )


def add(
    session: Session,
    owner_id: str,
    number: OldCitizenNumber,
    *,
    source: Source,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """Have a person found by an old number, as an officer decides; once more changes nothing.

    Refuses with ReasonMissing, OwnerUnknown, OwnerIsNoPerson and OldNumberTaken.
    """
    reason = stated(reason)
    alone(session, _ERRAND)  # nobody takes a number back between our look and our insert
    owner = owners.by_id(session, owner_id)
    if owner.kind != owners.CITIZEN:
        raise OwnerIsNoPerson
    if _insert(session, owner, number, source, reason, by=by, at=at):
        return
    if is_anothers(session, number, owner):
        raise OldNumberTaken


def remove(
    session: Session, owner_id: str, alias_id: str, *, reason: str, by: str, at: datetime
) -> None:
    """No longer have a person found by an old number; that it was so stays on file.

    Refuses with ReasonMissing and AliasUnknown.
    """
    reason = stated(reason)
    alone(session, _ERRAND)
    theirs = owners.one_and_the_same(session, owner_id)
    alias = next((row for row in of_owners(session, theirs) if row.id == alias_id), None)
    if alias is None:
        raise AliasUnknown
    alias.removed_by, alias.removed_at, alias.remove_reason = by, at, reason
    session.flush()
    audit.record(
        session, "owner.alias_removed", alias.owner_id, actor=by, at=at,
        alias=alias.id, reason=reason,
    )  # fmt: skip


def _insert(
    session: Session,
    owner: Owner,
    number: OldCitizenNumber,
    source: Source,
    reason: str,
    *,
    by: str,
    at: datetime,
) -> bool:
    """Whether nobody was known by that number until now."""
    alias_id = uuid.uuid4().hex
    inserted = insert_once(
        session,
        OwnerAlias,
        id=alias_id,
        owner_id=owner.id,
        number=number.digits,
        source=source.value,
        reason=reason,
        added_by=by,
        added_at=at,
    )
    if inserted:
        audit.record(
            session, "owner.alias_added", owner.id, actor=by, at=at,
            alias=alias_id, source=source.value, reason=reason,
        )  # fmt: skip
    return inserted
