"""What a paper says, kept: as it was read, with its doubts, and as somebody decided it reads."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.dossier import components
from hoso.dossier.doubts import Owner, Read, agrees, doubts_of
from hoso.dossier.tables import Component, ComponentField, Dossier
from hoso.errors import FieldUnknown, FieldValueImpossible

_LONGEST = 500
_DATES = frozenset({"birth_date", "issued_on"})
Box = tuple[float, float, float, float]


class FieldState(StrEnum):
    """How far a field can be relied on: as read, as two sources say, as a person says."""

    READ = "read"
    AGREED = "agreed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


DECIDED = (FieldState.CONFIRMED, FieldState.CORRECTED)


@dataclass(frozen=True, slots=True)
class Guess:
    """The kind that a paper's title says it is: how sure (0–1), the words, where they stand."""

    type: str
    confidence: float
    title: str
    page: int
    box: Box
    other: str | None


@dataclass(frozen=True, slots=True)
class FieldRead:
    """A field as read: dates as ISO; `page` is its place in the component, from 1."""

    key: str
    value: str
    confidence: float
    page: int
    box: Box


def keep_reading(
    session: Session,
    component: Component,
    guess: Guess | None,
    fields: Sequence[FieldRead],
    *,
    at: datetime,
) -> None:
    """Keep what was read on a paper; what somebody has decided already stays as decided.

    The caller has locked the component. Doing it again changes nothing.
    """
    component.guess = asdict(guess) if guess else None
    decided = {row.key for row in of_component(session, component.id) if row.state in DECIDED}
    session.execute(
        delete(ComponentField).where(
            ComponentField.component_id == component.id, ComponentField.state.not_in(DECIDED)
        )
    )
    owner = _owner_of(session, component)
    read = {field.key: Read(field.value, field.confidence) for field in fields}
    doubts = doubts_of(read, owner=owner, today=local_date(at))
    agreed = {"citizen_id", "owner_name"} if agrees(read, owner) else set()
    for field in fields:
        if field.key in decided:
            continue
        session.add(
            ComponentField(
                component_id=component.id,
                key=field.key,
                value=field.value[:_LONGEST],
                read=field.value[:_LONGEST],
                confidence=field.confidence,
                page=field.page,
                box=list(field.box),
                doubts=[doubt.value for doubt in doubts[field.key]],
                state=FieldState.AGREED if field.key in agreed else FieldState.READ,
            )
        )
    session.flush()


def of_component(session: Session, component_id: str) -> list[ComponentField]:
    """Every field of a paper, in the order in which they were found."""
    query = select(ComponentField).where(ComponentField.component_id == component_id)
    return list(session.scalars(query.order_by(ComponentField.id)))


def decide(
    session: Session, component_id: str, key: str, value: str, *, by: str, at: datetime
) -> ComponentField:
    """Keep what an officer says a field reads; the same value confirms what was read.

    What was read stays beside it. Refuses with FieldUnknown and FieldValueImpossible.
    """
    component = components.by_id(session, component_id, lock=True)
    field = session.scalar(
        select(ComponentField).where(
            ComponentField.component_id == component.id, ComponentField.key == key
        )
    )
    if field is None:
        raise FieldUnknown(component=component_id, field=key)
    field.value = _checked(key, value)
    field.state = FieldState.CONFIRMED if field.value == field.read else FieldState.CORRECTED
    field.decided_by, field.decided_at = by, at
    _describe(component, key, field.value)
    # The value itself may be personal: the log says that it was decided, not what.
    audit.record(
        session, "component.field_decided", component_id, actor=by, at=at,
        field=key, state=str(field.state),
    )  # fmt: skip
    return field


def _describe(component: Component, key: str, value: str) -> None:
    """The reuse rules ask the component for these two."""
    if key == "paper_number":
        component.number = value
    elif key == "issued_on":
        component.issued_on = date.fromisoformat(value)


def _checked(key: str, value: str) -> str:
    value = " ".join(value.split())
    if not value or len(value) > _LONGEST:
        raise FieldValueImpossible(field=key)
    if key in _DATES:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as fault:
            raise FieldValueImpossible(field=key) from fault
    return value


def _owner_of(session: Session, component: Component) -> Owner:
    dossier = session.scalars(select(Dossier).where(Dossier.code == component.dossier_code)).one()
    return Owner(dossier.owner.number, dossier.owner.name)
