"""What a paper says, kept: as it was read, with its doubts, and as somebody decided it reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.db import for_change
from hoso.dossier import attachments, catalogue_store, components, dossiers, page_index
from hoso.dossier.doubts import (
    WHOSE,
    Doubt,
    Owner,
    Read,
    agreed,
    doubts_of,
    harm_of,
    matched,
)
from hoso.dossier.numbers import CitizenId, TaxCode
from hoso.dossier.reuse import PaperRule, Reuse
from hoso.dossier.tables import ASKED, Component, ComponentField, Dossier
from hoso.dossier.tables import Owner as OwnerRow
from hoso.dossier.validity import ValidityKind
from hoso.errors import FieldDecidedMeanwhile, FieldUnknown, FieldValueImpossible
from hoso.jobs import Jobs

TYPE = "component_type"
"""The key under which a paper's own kind is asked about."""
DATES = frozenset({"birth_date", "issued_on", "valid_until"})

_LONGEST = 500
# The day that decides how long a paper is good, by what ends its validity.
_DECIDES = {ValidityKind.MONTHS: "issued_on", ValidityKind.UNTIL_STATED: "valid_until"}
# Shown and found; no decision rests on them.
_SHOWN_ONLY = frozenset({"issuer", "sex"})
_CITIZEN_IDS = frozenset({"citizen_id", "spouse_citizen_id"})
Box = tuple[float, float, float, float]


class FieldState(StrEnum):
    """How far a field can be relied on: as read, as typed too, as a card or a person says."""

    READ = "read"
    MATCHED = "matched"
    AGREED = "agreed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


DECIDED = (FieldState.CONFIRMED, FieldState.CORRECTED)


@dataclass(frozen=True, slots=True)
class Guess:
    """The kind that a paper's title says it is: how sure (0–1), the words, where they stand.

    `sure`: enough to ask about a paper that is filed otherwise.
    """

    type: str
    confidence: float
    sure: bool
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
    found = [*_of_type(component, guess), *_judged(session, component, fields, at)]
    session.add_all([row for row in found if row.key not in decided])
    session.flush()


def _judged(
    session: Session, component: Component, fields: Sequence[FieldRead], at: datetime
) -> Iterator[ComponentField]:
    owner = _owner_of(session, component)
    read = {field.key: Read(field.value, field.confidence) for field in fields}
    rule = _rule_of(session, component)
    known = _known(component)
    deciding = {_DECIDES[rule.validity.kind]} if rule and rule.validity.kind in _DECIDES else set()
    doubts = doubts_of(read, owner=owner, today=local_date(at), deciding=deciding)
    states = _states(read, owner)
    # Forms of one dossier serve no other: what they say is shown, and nobody is asked about it.
    asks = rule is not None and rule.reuse is not Reuse.PER_DOSSIER
    for field in fields:
        is_known = known.get(field.key) == field.value
        state = FieldState.AGREED if is_known else states[field.key]
        asked = asks and field.key not in _SHOWN_ONLY
        yield _row(component, field, field.value, doubts[field.key], state, asks=asked)


def judge_again(session: Session, owner: OwnerRow) -> None:
    """Have an owner's papers, read earlier, be confirmed by what is known of the owner now.

    What somebody has decided stays as decided.
    """
    theirs = select(ComponentField).join(Component, Component.id == ComponentField.component_id)
    theirs = theirs.where(Component.owner_id == owner.id, ComponentField.key.in_(WHOSE))
    rows = session.scalars(
        for_change(theirs.order_by(ComponentField.component_id, ComponentField.id))
    )
    for _, fields in groupby(rows, key=lambda row: row.component_id):
        paper = list(fields)
        read = {row.key: Read(row.read, row.confidence) for row in paper}
        states = _states(read, _as_received(owner))
        for row in paper:
            if row.state not in DECIDED:
                row.state = states[row.key]


def _states(read: Mapping[str, Read], owner: Owner) -> dict[str, FieldState]:
    by_card, as_typed = agreed(read, owner), matched(read, owner)
    states = {key: FieldState.MATCHED if key in as_typed else FieldState.READ for key in read}
    return states | dict.fromkeys(by_card, FieldState.AGREED)


def _rule_of(session: Session, component: Component) -> PaperRule | None:
    """The kind's rule; None where the kind has left the catalogue."""
    kind = catalogue_store.in_force(session).component_types.get(component.type)
    return kind.rule if kind else None


def _known(component: Component) -> dict[str, str]:
    """What an officer has said of the paper already; the same read on it is agreed upon."""
    said = {
        "paper_number": component.number,
        "issued_on": component.issued_on and component.issued_on.isoformat(),
        "valid_until": component.valid_until and component.valid_until.isoformat(),
    }
    return {key: value for key, value in said.items() if value}


def _of_type(component: Component, guess: Guess | None) -> Iterator[ComponentField]:
    """A question where the title says surely that the paper is of another kind than it is filed."""
    if guess and guess.sure and guess.type != component.type:
        said = FieldRead(TYPE, guess.type, guess.confidence, guess.page, guess.box)
        yield _row(component, said, component.type, (Doubt.OTHER_TYPE,), FieldState.READ)


def _row(
    component: Component,
    field: FieldRead,
    value: str,
    doubts: Sequence[Doubt],
    state: FieldState,
    *,
    asks: bool = True,
) -> ComponentField:
    return ComponentField(
        component_id=component.id,
        key=field.key,
        value=value[:_LONGEST],
        read=field.value[:_LONGEST],
        confidence=field.confidence,
        page=field.page,
        box=list(field.box),
        doubts=[doubt.value for doubt in doubts],
        harm=harm_of(doubts) if asks else None,
        state=state,
    )


def of_component(session: Session, component_id: str) -> list[ComponentField]:
    """Every field of a paper, in the order in which they were found."""
    query = select(ComponentField).where(ComponentField.component_id == component_id)
    return list(session.scalars(query.order_by(ComponentField.id)))


def asked(session: Session, *, limit: int, offset: int = 0) -> list[ComponentField]:
    """What a person must look at: what would do most harm first, then what waits longest."""
    query = select(ComponentField).where(ASKED).order_by(ComponentField.harm, ComponentField.id)
    return list(session.scalars(query.limit(limit).offset(offset)))


def count_asked(session: Session) -> int:
    """How many fields wait for a person."""
    return session.scalar(select(func.count()).select_from(ComponentField).where(ASKED)) or 0


def decide(
    session: Session,
    jobs: Jobs,
    component_id: str,
    key: str,
    value: str,
    *,
    by: str,
    at: datetime,
    seen: str | None = None,
) -> ComponentField:
    """Keep what an officer says a field reads; the same value confirms what was read.

    What was read stays beside it. `seen` is the value that the officer had before them; None where
    nobody asks. Refuses with FieldUnknown, FieldDecidedMeanwhile, CitizenIdMalformed,
    TaxCodeMalformed and FieldValueImpossible.
    """
    if key == TYPE:  # dossiers are locked before components, whoever locks both
        dossiers.by_code(session, components.by_id(session, component_id).dossier_code, lock=True)
    component = components.by_id(session, component_id, lock=True)
    field = session.scalar(
        select(ComponentField).where(
            ComponentField.component_id == component.id, ComponentField.key == key
        )
    )
    if field is None:
        raise FieldUnknown(component=component_id, field=key)
    if seen is not None and field.state in DECIDED and field.value != seen:
        raise FieldDecidedMeanwhile(field=key, by=field.decided_by)
    field.value = _checked(key, value)
    field.state = FieldState.CONFIRMED if field.value == field.read else FieldState.CORRECTED
    field.decided_by, field.decided_at = by, at
    page_index.index(session, component.pages[field.page - 1].page)
    _follow(session, jobs, component, field, by=by, at=at)
    # The value itself may be personal: the log says that it was decided, not what.
    audit.record(
        session, "component.field_decided", component_id, actor=by, at=at,
        field=key, state=str(field.state),
    )  # fmt: skip
    return field


def _follow(
    session: Session,
    jobs: Jobs,
    component: Component,
    field: ComponentField,
    *,
    by: str,
    at: datetime,
) -> None:
    """What is decided holds: the paper is of that kind, and reuse asks for its number and day."""
    if field.key == TYPE:
        attachments.retype(session, jobs, component, field.value, by=by, at=at)
    elif field.key == "paper_number":
        component.number = field.value
    elif field.key == "issued_on":
        component.issued_on = date.fromisoformat(field.value)
    elif field.key == "valid_until":
        component.valid_until = date.fromisoformat(field.value)


def _checked(key: str, value: str) -> str:
    value = " ".join(value.split())
    if not value or len(value) > _LONGEST:
        raise FieldValueImpossible(field=key)
    if key in _CITIZEN_IDS:
        return CitizenId.parse(value).digits
    if key == "tax_code":
        return TaxCode.parse(value).digits
    if key in DATES:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as fault:
            raise FieldValueImpossible(field=key) from fault
    return value


def _owner_of(session: Session, component: Component) -> Owner:
    dossier = session.scalars(select(Dossier).where(Dossier.code == component.dossier_code)).one()
    return _as_received(dossier.owner)


def _as_received(owner: OwnerRow) -> Owner:
    return Owner(owner.number, owner.name, owner.birth_date)
