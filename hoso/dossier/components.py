"""Components: papers filed under an owner and a type, made of scanned pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload, with_expression

from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.dossier import catalogue_store, owners
from hoso.dossier.reuse import HeldPaper
from hoso.dossier.status import Status
from hoso.dossier.tables import Component, ComponentPage, Dossier, Page
from hoso.dossier.trust import Trust
from hoso.dossier.work import ARCHIVE_COMPONENT, EXPLAIN_COMPONENT
from hoso.errors import ComponentUnknown
from hoso.jobs import Jobs

SUBMITTED, RESULT = 0, 1
"""`Component.kind`: handed in for the dossier, or what it ended with."""

_PAGES = (
    select(func.count())
    .where(ComponentPage.component_id == Component.id)
    .correlate(Component)
    .scalar_subquery()
)


class Description(TypedDict, total=False):
    """What stands on a paper: its number, its dates, the agency id within which it is valid.

    None takes away what was kept.
    """

    number: str | None
    issued_on: date | None
    valid_until: date | None
    scope: str | None


@dataclass(frozen=True, slots=True)
class Filing:
    """Pages to be filed as one component."""

    id: str
    type: str
    batch_id: str
    original: str
    pages: Sequence[Page]
    signed: bool = False
    compared: bool = True  # at the counter, with the original that was handed over
    number: str | None = None
    issued_on: date | None = None


def by_id(session: Session, component_id: str, *, lock: bool = False) -> Component:
    """A component by its id.

    Locked, it also keeps waiting whoever is about to attach it to a dossier: they shall see it as
    it then is, archived or not.
    """
    query = select(Component).where(Component.id == component_id)
    locking = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(locking if lock else query)
    if found is None:
        raise ComponentUnknown(component=component_id)
    return found


def file(session: Session, dossier: Dossier, filing: Filing, *, by: str, at: datetime) -> Component:
    """File pages as a component of the dossier's owner. Refuses kinds that are not kept."""
    catalogue_store.keepable_type(session, filing.type)
    component = Component(
        id=filing.id,
        owner_id=dossier.owner_id,
        type=filing.type,
        dossier_code=dossier.code,
        batch_id=filing.batch_id,
        original=filing.original,
        trust=_trust(filing),
        number=filing.number,
        issued_on=filing.issued_on,
        created_at=at,
    )
    component.pages = [
        ComponentPage(position=position, page_id=page.id)
        for position, page in enumerate(filing.pages, start=1)
    ]
    session.add(component)
    session.flush()
    audit.record(
        session, "component.filed", component.id, actor=by, at=at,
        dossier=dossier.code, type=filing.type,
    )  # fmt: skip
    return component


def _trust(filing: Filing) -> Trust:
    if filing.signed:
        return Trust.E_SIGNED
    return Trust.COMPARED if filing.compared else Trust.KEYED


def of_owner(session: Session, owner_id: str) -> list[Component]:
    """Everything a person or organisation ever submitted under any of its rows, newest first."""
    theirs = owners.one_and_the_same(session, owner_id)
    # Whoever looks somebody up is told how many pages each paper has; what stands on them is
    # much, and loaded for those who look at it (`load_pages`).
    query = select(Component).where(Component.owner_id.in_(theirs))
    query = query.options(
        with_expression(Component.counted_pages, _PAGES), selectinload(Component.marks)
    )
    return list(session.scalars(query.order_by(Component.created_at.desc(), Component.id)))


def load_pages(session: Session, held: Iterable[Component]) -> None:
    """Have the pages of components at hand: all at once, not a query for each paper."""
    ids = [component.id for component in held]
    papers = select(Component).where(Component.id.in_(ids))
    papers = papers.options(selectinload(Component.pages), selectinload(Component.marks))
    session.scalars(papers.execution_options(populate_existing=True)).all()


def as_held(session: Session, held: Sequence[Component]) -> list[HeldPaper]:
    """What the reuse rules need to know of components, in the same order."""
    codes = {component.dossier_code for component in held}
    origins = select(Dossier.code, Dossier.procedure_code, Dossier.status)
    found = session.execute(origins.where(Dossier.code.in_(codes)))
    by_code = {code: (purpose, status) for code, purpose, status in found}
    return [_as_held(component, *by_code[component.dossier_code]) for component in held]


def _as_held(component: Component, purpose: str, status: int) -> HeldPaper:
    marked = {mark.kind for mark in component.marks}
    in_hand = component.kind != RESULT or status == Status.RETURNED
    return HeldPaper(
        component_id=component.id,
        type_key=component.type,
        kept_on=local_date(component.created_at),
        issued_on=component.issued_on,
        stated_until=component.valid_until,
        purpose=purpose,
        revoked="revoked" in marked,
        superseded="superseded" in marked,
        duplicate="duplicate" in marked,
        hidden="hidden" in marked or not in_hand,
        legible="illegible" not in marked,
        trust=Trust(component.trust),
        scope=component.scope,
    )


def describe(
    session: Session,
    component_id: str,
    *,
    by: str,
    at: datetime,
    **read: Unpack[Description],
) -> Component:
    """Keep what an officer read on the paper; what was not read this time stays."""
    component = by_id(session, component_id, lock=True)
    for name, value in read.items():
        setattr(component, name, value)
    audit.record(session, "component.described", component_id, actor=by, at=at)
    return component


def component_of_page(session: Session, page_id: int) -> str | None:
    """The component a page belongs to, if any."""
    return session.scalar(
        select(ComponentPage.component_id).where(ComponentPage.page_id == page_id)
    )


def of_pages(session: Session, page_ids: Iterable[int]) -> list[str]:
    """The components that these pages belong to, by id; pages of none are left out."""
    query = select(ComponentPage.component_id).where(ComponentPage.page_id.in_(list(page_ids)))
    return sorted(set(session.scalars(query)))


def has_been_read(session: Session, jobs: Jobs, component_id: str) -> None:
    """Have done what follows once every page was read, as soon as that is so."""
    if not unread_pages(session, component_id):
        jobs.put(session, ARCHIVE_COMPONENT, component_id)
        jobs.put_again(session, EXPLAIN_COMPONENT, component_id)


def unread_pages(session: Session, component_id: str) -> int:
    """How many of its pages nobody has tried to read yet."""
    query = (
        select(func.count())
        .select_from(ComponentPage)
        .join(Page)
        .where(ComponentPage.component_id == component_id, Page.state == "seen")
    )
    return session.scalar(query) or 0
