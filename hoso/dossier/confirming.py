"""Confirming an owner by their card: what the card vouches for is kept, and its text is not."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import for_change
from hoso.dossier import paper_fields
from hoso.dossier.cards import Card
from hoso.dossier.tables import Owner


def confirm_by_card(session: Session, owner: Owner, card: Card, *, by: str, at: datetime) -> bool:
    """Keep that the owner's card was seen, with its birth date; gives whether it vouches for them.

    A card under another name than the one on file, or one that contradicts itself, confirms
    nothing: the clerk is warned of it. A later card holds against an earlier one.
    """
    row = session.scalars(for_change(select(Owner).where(Owner.id == owner.id))).one()
    vouches = card.number.digits == row.number and card.vouches_for(row.name)
    differs = row.birth_date not in {None, card.born_on}
    audit.record(
        session, "owner.card_seen", row.id, actor=by, at=at,
        confirmed=vouches, birth_date_differs=differs,
    )  # fmt: skip
    if vouches:
        is_news = row.birth_date != card.born_on
        row.birth_date, row.card_seen_at, row.card_seen_by = card.born_on, at, by
        if is_news:
            paper_fields.judge_again(session, row)
    return vouches
