"""Looking at a person's papers: nobody does it without a purpose, nor without an entry."""

from datetime import datetime

from sqlalchemy.orm import Session

from hoso.archive_api.accounts import Actor
from hoso.audit import log as audit
from hoso.dossier import components, dossiers
from hoso.dossier.tables import Component, Dossier
from hoso.errors import PurposeMissing


def view_component(
    session: Session, component_id: str, *, actor: Actor, purpose: str, at: datetime
) -> Component:
    """A component, its being looked at noted in the same transaction. Refuses no purpose."""
    if not purpose.strip():
        raise PurposeMissing
    row = components.by_id(session, component_id)
    audit.record(
        session, "component.viewed", row.id, actor=actor.name, at=at, purpose=purpose.strip()
    )
    return row


def view_dossier(session: Session, code: str, *, actor: Actor, at: datetime) -> Dossier:
    """A dossier, its being looked at noted in the same transaction."""
    row = dossiers.by_code(session, code)
    audit.record(
        session, "dossier.viewed", row.code, actor=actor.name, at=at, purpose=f"dossier {row.code}"
    )
    return row
