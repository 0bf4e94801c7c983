"""A person or organisation as officers see them: their numbers, and with whom they are one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.dossier import aliases, merges, owners
from hoso.dossier.tables import Owner, OwnerAlias, OwnerMerge


@dataclass(frozen=True, slots=True)
class Person:
    """An owner, all whom officers have said to be the same, and what is known of them.

    `dossiers_across` are the dossiers that papers of another of these owners serve.
    """

    owner: Owner
    others: list[Owner]
    aliases: list[OwnerAlias]
    merges: list[OwnerMerge]
    dossiers_across: list[str]

    def called(self, owner_id: str) -> Owner:
        """Which of them has that id."""
        return next(each for each in (self.owner, *self.others) if each.id == owner_id)


def by_id(session: Session, owner_id: str) -> Person:
    """The person with that owner's id; refuses with OwnerUnknown."""
    owner = owners.by_id(session, owner_id)
    ids = owners.one_and_the_same(session, owner.id)
    others = select(Owner).where(Owner.id.in_(ids - {owner.id})).order_by(Owner.created_at)
    return Person(
        owner,
        list(session.scalars(others)),
        aliases.of_owners(session, ids),
        merges.among(session, ids),
        merges.dossiers_across(session, ids),
    )


def viewed(session: Session, owner_id: str, *, by: str, at: datetime, purpose: str) -> Person:
    """The same, its being looked at noted."""
    person = by_id(session, owner_id)
    audit.record(session, "owner.viewed", person.owner.id, actor=by, at=at, purpose=purpose)
    return person
