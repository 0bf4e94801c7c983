"""The lookup: what a person has already handed in, and which of it serves now."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.dossier import catalogue_store, components, deciding, owners
from hoso.dossier.numbers import OwnerNumber
from hoso.dossier.reuse import Decision
from hoso.dossier.tables import Component, Owner
from hoso.errors import PurposeMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Whose papers, for which procedure (None: any), on which day (None: today), and why.

    `cases`: which of the procedure's special cases hold.
    """

    number: OwnerNumber
    purpose: str
    procedure: str | None = None
    on: date | None = None
    cases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Holdings:
    """The answer. `owner` is None when nothing of theirs was ever taken in.

    `version` is the catalogue's by whose rules the checklist was decided; None without one.
    """

    owner: Owner | None
    components: list[Component]
    checklist: list[Decision]
    version: str | None = None


def look_up(session: Session, asked: Lookup, *, by: str, at: datetime) -> Holdings:
    """Find an owner's components and judge the procedure's checklist by them.

    Every lookup leaves an audit entry with its purpose, also when nothing is found; the number
    itself is in no entry.
    """
    if not asked.purpose.strip():
        raise PurposeMissing
    owner = owners.find(session, asked.number)
    held = components.of_owner(session, owner.id) if owner else []
    for subject in _whose(owner, held):
        audit.record(
            session,
            "owner.looked_up",
            subject,
            actor=by,
            at=at,
            purpose=asked.purpose.strip()[:500],
            procedure=asked.procedure,
            found=len(held),
        )
    if asked.procedure is None:
        return Holdings(owner, held, [])
    on = asked.on or local_date(at)
    catalogue = catalogue_store.in_force(session, on)
    procedure = catalogue_store.procedure(session, asked.procedure, on)
    checklist = deciding.checklist(session, catalogue, procedure, held, on=on, cases=asked.cases)
    return Holdings(owner, held, checklist, catalogue_store.version_id(session, on))


def _whose(owner: Owner | None, held: list[Component]) -> list[str]:
    """Whose papers are shown: an entry each, so that it is still theirs after they are parted."""
    if owner is None:
        return ["unknown-owner"]
    return [owner.id, *sorted({component.owner_id for component in held} - {owner.id})]
