"""Receiving a dossier at the counter: its code, its due date and the papers reused for it."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.dossier import (
    aliases,
    asking,
    attachments,
    catalogue_store,
    codes,
    components,
    confirming,
    deciding,
    dossiers,
    owners,
)
from hoso.dossier.asking import Ask
from hoso.dossier.cards import Card
from hoso.dossier.catalogue import Procedure
from hoso.dossier.deadline_steps import Step
from hoso.dossier.deadlines import Limit, LimitUnit, due
from hoso.dossier.numbers import OldCitizenNumber, OwnerNumber
from hoso.dossier.reuse import Decision
from hoso.dossier.tables import Dossier
from hoso.text import nfc


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who hands the dossier in and how to reach them; need not be the owner."""

    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDossier:
    """What the clerk knows when a dossier is received.

    `reused` maps requirement keys to components that serve again, `asked_again` those whose papers
    are asked for although one serves to why. `cases`: the procedure's special cases that hold.
    `card`: the owner's, where it was scanned; its number is `owner_number`, and it bears
    `old_number`.
    """

    procedure: str
    owner_number: OwnerNumber
    owner_name: str
    old_number: OldCitizenNumber | None = None
    submitter: Submitter = field(default_factory=Submitter)
    reused: Mapping[str, str] = field(default_factory=dict)
    asked_again: Mapping[str, Ask] = field(default_factory=dict)
    cases: frozenset[str] = frozenset()
    card: Card | None = None


def receive(
    session: Session, new: NewDossier, *, desk: str, by: str, receiver: str, at: datetime
) -> Dossier:
    """Take a dossier in: it has its code, due date and tracking link from this moment.

    `by` is the account for the log, `receiver` the clerk's name for the slip. Refuses with
    HeldAlready where a paper that serves is neither used nor asked for with a reason.
    """
    today = local_date(at)
    catalogue = catalogue_store.in_force(session, today)
    procedure = catalogue_store.procedure(session, new.procedure, today)
    catalogue_store.desk(session, desk)
    owner = owners.ensure(session, new.owner_number, new.owner_name, at=at)
    if new.old_number and (new.card is None or new.card.vouches_for(owner.name)):
        aliases.keep_from_card(session, owner, new.old_number, by=by, at=at)
    deadline = due(at, procedure.limit, catalogue_store.calendar_of(session, today))
    held = components.of_owner(session, owner.id)
    decisions = deciding.checklist(session, catalogue, procedure, held, on=today, cases=new.cases)
    dossier = Dossier(
        code=str(codes.next_code(session, catalogue.office.agency_id, today)),
        owner_id=owner.id,
        submitter={key: nfc(value) for key, value in asdict(new.submitter).items()},
        procedure_code=procedure.code,
        procedure=_as_received(procedure),
        catalogue_version=catalogue_store.keep_version(session, today, at=at),
        cases=sorted(new.cases),
        status=0,
        desk=desk,
        received_by=by,
        receiver=receiver,
        received_at=at,
        due_at=deadline.due_at,
        due_steps=[_kept(step) for step in deadline.steps],
        tracking_token=secrets.token_urlsafe(16),
    )
    session.add(dossier)
    session.flush()
    dossiers.begin(session, dossier, by=by, at=at)
    for requirement, component_id in new.reused.items():
        attachments.reuse(session, dossier, requirement, component_id, by=by, at=at)
    asking.settle(
        session, dossier, decisions, reused=new.reused, asked=new.asked_again, by=by, at=at
    )
    audit.record(
        session, "dossier.received", dossier.code, actor=by, at=at, owner=owner.id, desk=desk,
        version=dossier.catalogue_version,
        decisions={one.requirement.key: _decided(one) for one in decisions},
    )  # fmt: skip
    if new.card:
        confirming.confirm_by_card(session, owner, new.card, by=by, at=at)
    return dossier


def limit_in_words(limit: Limit) -> str:
    """The limit as the slip prints it."""
    amount = f"{limit.amount:02d}"
    return {
        LimitUnit.WORKING_DAYS: f"{amount} ngày làm việc",
        LimitUnit.CALENDAR_DAYS: f"{amount} ngày",
        LimitUnit.HOURS: f"{amount} giờ làm việc",
        LimitUnit.SAME_DAY: "trong ngày làm việc",
    }[limit.unit]


def _as_received(procedure: Procedure) -> dict[str, Any]:
    """The procedure as the dossier keeps it, whatever becomes of the catalogue."""
    return {
        "code": procedure.code,
        "name": procedure.name,
        "field": procedure.field,
        "limit": limit_in_words(procedure.limit),
        "requirements": [
            {**asdict(requirement), "any_of": list(requirement.any_of)}
            for requirement in procedure.requirements
        ],
    }


def _decided(decision: Decision) -> dict[str, Any]:
    """A decision as the log keeps it: enough to make it again and compare."""
    return {
        "standing": str(decision.standing),
        "reason": str(decision.reason),
        "component": decision.paper.component_id if decision.paper else None,
        "rules": list(decision.rules),
    }


def _kept(step: Step) -> dict[str, Any]:
    return {"day": step.day.isoformat(), "why": step.why.value, "facts": dict(step.facts)}
