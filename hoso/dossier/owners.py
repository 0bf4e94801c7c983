"""Owners: one row per number, found by it, spoken of by an opaque id.

A person may have had several numbers, an organisation several registrations. Each keeps a row of
its own, and papers stay with the row they came under: that rows are one is looked up when papers
are read (`one_and_the_same`), so it can be said, and unsaid, at any time (`merges`).
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.db import insert_once
from hoso.dossier import owner_names
from hoso.dossier.numbers import CitizenId, OldCitizenNumber, OwnerNumber
from hoso.dossier.tables import Owner, OwnerAlias
from hoso.errors import OldNumberUnknown, OwnerNameMissing, OwnerUnknown
from hoso.text import nfc

MOST_NAME_CHARACTERS = 300
CITIZEN, ORGANISATION = "citizen", "organisation"


def find(session: Session, number: OwnerNumber) -> Owner | None:
    """The owner with that number, if anything of theirs was ever taken in."""
    if isinstance(number, OldCitizenNumber):
        known_as = select(Owner).join(OwnerAlias, OwnerAlias.owner_id == Owner.id)
        return session.scalar(
            known_as.where(OwnerAlias.number == number.digits, OwnerAlias.removed_at.is_(None))
        )
    return session.scalar(select(Owner).where(Owner.number == number.digits))


def by_id(session: Session, owner_id: str) -> Owner:
    """An owner by the opaque id; refuses with OwnerUnknown."""
    found = session.scalar(select(Owner).where(Owner.id == owner_id))
    if found is None:
        raise OwnerUnknown
    return found


def ensure(session: Session, number: OwnerNumber, name: str, *, at: datetime) -> Owner:
    """The owner with that number, made now if unknown; a known owner keeps the name on file.

    Refuses with OldNumberUnknown: nobody is made under an old number alone.
    """
    if isinstance(number, OldCitizenNumber):
        known = find(session, number)
        if known is None:
            raise OldNumberUnknown
        return known
    shown = " ".join(nfc(name).split())[:MOST_NAME_CHARACTERS]
    if not shown:
        raise OwnerNameMissing
    # Two counters may take in the same person's first papers at the same moment.
    insert_once(
        session,
        Owner,
        id=uuid.uuid4().hex,
        kind=CITIZEN if isinstance(number, CitizenId) else ORGANISATION,
        number=number.digits,
        name=shown,
        created_at=at,
    )
    owner = find(session, number)
    assert owner is not None  # noqa: S101  # inserted a line above, in this transaction
    owner_names.keep(session, owner)
    return owner


def refuse_unknown_old(number: OwnerNumber, found: Owner | None) -> None:
    """Refuses with OldNumberUnknown where an old number led to nobody.

    "Nothing is held" would be untrue: the person's papers may lie under the number of today.
    """
    if found is None and isinstance(number, OldCitizenNumber):
        raise OldNumberUnknown


def one_and_the_same(session: Session, owner_id: str) -> set[str]:
    """Ids of all owners that officers have said are this one, itself among them.

    Who was found a moment ago is at hand, and nearly everybody is alone: then it costs no query.
    Following the merges in the query itself took ten times what a whole lookup's papers take.
    """
    owner = session.get(Owner, owner_id)
    if owner is None or owner.same_as is None:
        return {owner_id}
    return set(session.scalars(select(Owner.id).where(Owner.same_as == owner.same_as)))


def are_one(session: Session, owner_id: str, other_id: str) -> bool:
    """Whether two owners are the same person or organisation."""
    return owner_id == other_id or other_id in one_and_the_same(session, owner_id)
