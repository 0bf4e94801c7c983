"""Receiving a dossier at the counter: its code, its due date and the papers reused for it."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.clock import local, local_date
from hoso.dossier import attachments, catalogue_store, codes, dossiers, owners
from hoso.dossier.catalogue import Procedure
from hoso.dossier.deadline_steps import Step
from hoso.dossier.deadlines import Limit, LimitUnit, due
from hoso.dossier.numbers import OwnerNumber
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

    `reused` maps requirement keys to components that serve again.
    """

    procedure: str
    owner_number: OwnerNumber
    owner_name: str
    submitter: Submitter = field(default_factory=Submitter)
    reused: Mapping[str, str] = field(default_factory=dict)


def receive(
    session: Session, new: NewDossier, *, desk: str, by: str, receiver: str, at: datetime
) -> Dossier:
    """Take a dossier in: it has its code, due date and tracking link from this moment.

    `by` is the account for the log, `receiver` the clerk's name for the slip.
    """
    procedure = catalogue_store.procedure(session, new.procedure)
    catalogue_store.desk(session, desk)
    owner = owners.ensure(session, new.owner_number, new.owner_name, at=at)
    deadline = due(at, procedure.limit, catalogue_store.calendar_of(session, year=local(at).year))
    office = catalogue_store.in_force(session).office
    dossier = Dossier(
        code=str(codes.next_code(session, office.agency_id, local_date(at))),
        owner_id=owner.id,
        submitter={key: nfc(value) for key, value in asdict(new.submitter).items()},
        procedure_code=procedure.code,
        procedure=_as_received(procedure),
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
    audit.record(
        session, "dossier.received", dossier.code, actor=by, at=at, owner=owner.id, desk=desk
    )
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


def _kept(step: Step) -> dict[str, Any]:
    return {"day": step.day.isoformat(), "why": step.why.value, "facts": dict(step.facts)}
