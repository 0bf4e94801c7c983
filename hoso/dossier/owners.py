"""Owners: one row per person or organisation, found by number, spoken of by an opaque id."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.db import insert_once
from hoso.dossier.numbers import CitizenId, OwnerNumber
from hoso.dossier.tables import Owner
from hoso.errors import OwnerNameMissing
from hoso.text import nfc

MOST_NAME_CHARACTERS = 300


def find(session: Session, number: OwnerNumber) -> Owner | None:
    """The owner with that number, if anything of theirs was ever taken in."""
    return session.scalar(select(Owner).where(Owner.number == number.digits))


def ensure(session: Session, number: OwnerNumber, name: str, *, at: datetime) -> Owner:
    """The owner with that number, made now if unknown; a known owner keeps the name on file."""
    shown = " ".join(nfc(name).split())[:MOST_NAME_CHARACTERS]
    if not shown:
        raise OwnerNameMissing
    # Two counters may take in the same person's first papers at the same moment.
    insert_once(
        session,
        Owner,
        id=uuid.uuid4().hex,
        kind="citizen" if isinstance(number, CitizenId) else "organisation",
        number=number.digits,
        name=shown,
        created_at=at,
    )
    owner = find(session, number)
    assert owner is not None  # noqa: S101  # inserted a line above, in this transaction
    return owner
