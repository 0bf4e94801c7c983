"""The rows that the report on savings is made of, some dossiers at a time.

Neither memory nor time grows with the archive: only with the period, and in time alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from hoso.dossier.dossiers import OLD_DOSSIER, OLD_PAPERS
from hoso.dossier.period import Period
from hoso.dossier.status import Status
from hoso.dossier.tables import Attachment, Component, ComponentPage, Dossier, FileProof, Page

_AT_ONCE = 500
_RESULT = 1

_IS_OLD = Dossier.procedure_code.in_((OLD_DOSSIER, OLD_PAPERS))
_NOT_RECEIVED = Dossier.status.in_((Status.REGISTERED, Status.NOT_RECEIVED))
# A dossier's own result is none of its components, whatever row names it.
_IS_OWN_RESULT = and_(Component.kind == _RESULT, Component.dossier_code == Attachment.dossier_code)
_PAGES = (
    select(func.count())
    .select_from(ComponentPage)
    .where(ComponentPage.component_id == Component.id)
    .correlate(Component)
    .scalar_subquery()
)
_BLANK = (
    select(func.count())
    .select_from(ComponentPage)
    .join(Page)
    .where(ComponentPage.component_id == Component.id, Page.blank)
    .correlate(Component)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A dossier that counts.

    `procedure`: as it stood when the dossier was received; `cases`: those of it that hold; as JSON.
    """

    code: str
    procedure_code: str
    procedure: str
    cases: str
    desk: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a dossier stands in the order of receipt."""

    received_at: datetime
    number: int
    code: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper of a dossier, or its result, and what its stored file was last found to be.

    `proved_at` None: nobody has looked; `finding` None: its bytes are its own, `stored_pages` many.
    `blank` is counted for reused papers only.
    """

    dossier: str
    component: str
    is_result: bool
    requirement: str | None
    reused: bool
    from_store: bool
    type: str
    pages: int
    blank: int
    archived: str | None
    proved_at: datetime | None
    finding: str | None
    stored_pages: int | None


@dataclass(frozen=True, slots=True)
class Recount:
    """Totals counted by the database alone, to hold the report's sums against."""

    dossiers: int
    papers: int
    papers_reused: int
    pages: int
    results: int


def dossiers_of(session: Session, period: Period) -> Iterator[list[DossierRow]]:
    """The dossiers that count, some hundred at a time, in the order they were received."""
    kept = (cast(Dossier.procedure, Text), cast(Dossier.cases, Text))  # read once, not each time
    columns = (Dossier.code, Dossier.procedure_code, *kept, Dossier.desk)
    query = select(*columns).where(*_counted(period)).order_by(Dossier.received_at, Dossier.number)
    found = session.execute(query.execution_options(yield_per=_AT_ONCE))
    for some in found.partitions():
        yield [DossierRow(*row) for row in some]


def next_dossiers(session: Session, period: Period, *, after: Mark | None) -> list[Mark]:
    """The next dossiers that count, in the same order, for work that takes long over each."""
    columns = (Dossier.received_at, Dossier.number, Dossier.code)
    query = select(*columns).where(*_counted(period)).order_by(Dossier.received_at, Dossier.number)
    if after:
        later = Dossier.received_at > after.received_at
        query = query.where(
            Dossier.received_at >= after.received_at, or_(later, Dossier.number > after.number)
        )
    return [Mark(*row) for row in session.execute(query.limit(_AT_ONCE))]


def papers_of(session: Session, codes: Sequence[str]) -> dict[str, list[PaperRow]]:
    """The papers and results of these dossiers, by the dossier's code."""
    found: dict[str, list[PaperRow]] = defaultdict(list)
    for query in (_attached(codes), _results(codes)):
        for row in session.execute(query):
            found[row[0]].append(PaperRow(*row))
    return found


def left_out(session: Session, period: Period) -> tuple[int, int]:
    """How many dossiers of the period do not count: old ones, and those never received."""
    within = select(func.count()).select_from(Dossier).where(*_within(period))
    old = session.scalar(within.where(_IS_OLD)) or 0
    return old, session.scalar(within.where(~_IS_OLD, _NOT_RECEIVED)) or 0


def recounted(session: Session, period: Period) -> Recount:
    """Totals in as few words as there are; nothing of how the report is made stands in them."""
    counted = _counted(period)
    dossiers = select(func.count()).select_from(Dossier).where(*counted)
    attached = (
        select(func.count(), func.sum(case((Attachment.reused, 1), else_=0)), func.sum(_PAGES))
        .select_from(Attachment)
        .join(Dossier, Dossier.code == Attachment.dossier_code)
        .join(Component, Component.id == Attachment.component_id)
        .where(*counted, ~_IS_OWN_RESULT)
    )
    results = (
        select(func.count())
        .select_from(Component)
        .join(Dossier, Dossier.code == Component.dossier_code)
        .where(*counted, Component.kind == _RESULT)
    )
    papers, reused, pages = session.execute(attached).one()
    return Recount(
        dossiers=session.scalar(dossiers) or 0,
        papers=papers,
        papers_reused=int(reused or 0),
        pages=int(pages or 0),
        results=session.scalar(results) or 0,
    )


def unproved_files(session: Session, codes: Sequence[str], since: datetime) -> list[str]:
    """Files of these dossiers' papers and results that nobody has proved since that moment."""
    stale = or_(FileProof.proved_at.is_(None), FileProof.proved_at < since)
    found: set[str] = set()
    for query in (_attached(codes), _results(codes)):
        files = query.with_only_columns(Component.archived)
        found.update(session.scalars(files.where(Component.archived.is_not(None), stale)))
    return sorted(found)


def count_files(session: Session, period: Period) -> int:
    """How many files the report rests on."""
    there = Component.archived.is_not(None)
    attached = (
        select(Component.archived)
        .select_from(Attachment)
        .join(Dossier, Dossier.code == Attachment.dossier_code)
        .join(Component, Component.id == Attachment.component_id)
        .where(*_counted(period), there)
    )
    results = (
        select(Component.archived)
        .join(Dossier, Dossier.code == Component.dossier_code)
        .where(*_counted(period), there, Component.kind == _RESULT)
    )
    files = attached.union(results).subquery()
    return session.scalar(select(func.count()).select_from(files)) or 0


def _within(period: Period) -> tuple[ColumnElement[bool], ...]:
    return Dossier.received_at >= period.since, Dossier.received_at < period.until


def _counted(period: Period) -> tuple[ColumnElement[bool], ...]:
    return *_within(period), ~_IS_OLD, ~_NOT_RECEIVED


def _attached(codes: Sequence[str]) -> Select[Any]:
    return (
        select(
            Attachment.dossier_code,
            Component.id,
            false(),
            Attachment.requirement,
            Attachment.reused,
            Component.dossier_code != Attachment.dossier_code,
            *_of_paper(blank=case((Attachment.reused, _BLANK), else_=0)),
        )
        .select_from(Attachment)
        .join(Component, Component.id == Attachment.component_id)
        .outerjoin(FileProof, FileProof.sha256 == Component.archived)
        .where(Attachment.dossier_code.in_(codes), ~_IS_OWN_RESULT)
    )


def _results(codes: Sequence[str]) -> Select[Any]:
    return (
        select(
            Component.dossier_code,
            Component.id,
            true(),
            null(),
            false(),
            false(),
            *_of_paper(blank=literal(0)),
        )
        .outerjoin(FileProof, FileProof.sha256 == Component.archived)
        .where(Component.dossier_code.in_(codes), Component.kind == _RESULT)
    )


def _of_paper(blank: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    return (
        Component.type.expression,
        _PAGES,
        blank,
        Component.archived.expression,
        FileProof.proved_at.expression,
        FileProof.finding.expression,
        FileProof.pages.expression,
    )
