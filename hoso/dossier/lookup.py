"""The lookup: what a person has already handed in, and which of it serves now."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.dossier import catalogue_store, components, owners
from hoso.dossier.numbers import OwnerNumber
from hoso.dossier.reuse import Decision, Question, decide
from hoso.dossier.tables import Component, Owner
from hoso.errors import PurposeMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Whose papers, for which procedure (None: any), on which day (None: today), and why."""

    number: OwnerNumber
    purpose: str
    procedure: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """The answer. `owner` is None when nothing of theirs was ever taken in."""

    owner: Owner | None
    components: list[Component]
    checklist: list[Decision]


def look_up(session: Session, asked: Lookup, *, by: str, at: datetime) -> Holdings:
    """Find an owner's components and judge the procedure's checklist by them.

    Every lookup leaves an audit entry with its purpose, also when nothing is found; the number
    itself is in no entry.
    """
    if not asked.purpose.strip():
        raise PurposeMissing
    owner = owners.find(session, asked.number)
    held = components.of_owner(session, owner.id) if owner else []
    audit.record(
        session,
        "owner.looked_up",
        owner.id if owner else "unknown-owner",
        actor=by,
        at=at,
        purpose=asked.purpose.strip()[:500],
        procedure=asked.procedure,
        found=len(held),
    )
    return Holdings(owner, held, _checklist(session, asked, held, at))


def _checklist(
    session: Session, asked: Lookup, held: list[Component], at: datetime
) -> list[Decision]:
    if asked.procedure is None:
        return []
    procedure = catalogue_store.procedure(session, asked.procedure)
    rules = catalogue_store.in_force(session).paper_rules
    question = Question(procedure.code, asked.on or local_date(at))
    papers = components.as_held(session, held)
    return [
        decide(requirement, papers, question=question, rules=rules)
        for requirement in procedure.requirements
    ]
