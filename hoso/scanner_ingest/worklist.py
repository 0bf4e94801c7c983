"""The list of work: what waits, what is being done, and what was set aside with its reason.

What was set aside is told by the rows it concerns (a batch, a page, a component), because they
outlive the jobs; only of a bundle, a protection or an explanation no row tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import for_change
from hoso.dossier import attachments, components, holds, pages
from hoso.dossier.tables import Component, ComponentPage, Page
from hoso.dossier.work import (
    ARCHIVE_COMPONENT,
    BUNDLE_DOSSIER,
    EXPLAIN_COMPONENT,
    PROTECT_DOSSIER,
    READ_PAGE,
    SORT_BATCH,
)
from hoso.errors import JobNotDroppable, JobUnknown
from hoso.jobs import Entry, Job, Jobs, State
from hoso.scanner_ingest import batches
from hoso.scanner_ingest.tables import Batch

# No row tells of their failure but the job's own.
_TOLD_BY_JOBS = (BUNDLE_DOSSIER, PROTECT_DOSSIER, EXPLAIN_COMPONENT)
KINDS = {job.name: job for job in (SORT_BATCH, READ_PAGE, ARCHIVE_COMPONENT, *_TOLD_BY_JOBS)}
_DROPPED = "dropped"


class Standing(StrEnum):
    """How a piece of work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    SET_ASIDE = "set_aside"


_STATES = {
    Standing.WAITING: (State.WAITING, State.RESTING),
    Standing.RUNNING: (State.RUNNING,),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work; `reason` is a stable code or a sentence, why it failed last."""

    id: str
    standing: Standing
    file: str | None
    dossier: str | None
    since: datetime | None
    attempts: int
    reason: str | None


def lines(session: Session, jobs: Jobs, standing: Standing, *, limit: int) -> list[Line]:
    """Work that stands so, what goes first first."""
    if standing is Standing.SET_ASIDE:
        return _set_aside(session, jobs, limit)
    entries = jobs.entries(session, *_STATES[standing], limit=limit)
    return [_line(session, entry, standing, entry.fault) for entry in entries]


def line(session: Session, jobs: Jobs, id_: str) -> Line:
    """One piece of work that waits, runs or is set aside; refuses with JobUnknown."""
    kind, subject = _parsed(id_)
    entry = jobs.recorded(session, [id_]).get(id_)
    for standing, states in _STATES.items():
        if entry and entry.state in states:
            return _line(session, entry, standing, entry.fault)
    most = count_set_aside(session, jobs)
    for found in _set_aside(session, jobs, most):
        if found.id == kind.id_for(subject):
            return found
    raise JobUnknown(job=id_)


def count_set_aside(session: Session, jobs: Jobs) -> int:
    """How many pieces of work wait for somebody to mend their cause."""
    counted = sum(
        session.scalar(select(func.count()).select_from(kind).where(holds)) or 0
        for kind, holds in (
            (Batch, Batch.state == "set_aside"),
            (Page, Page.state == "failed"),
            (Component, _unarchived),
        )
    )
    return counted + len(_failed_jobs(session, jobs))


def retry(session: Session, jobs: Jobs, id_: str, *, by: str, at: datetime) -> None:
    """Have set-aside work done again, now that its cause is mended.

    Refuses with JobUnknown what is not set aside.
    """
    kind, subject = _parsed(id_)
    _RETRIES[kind.name](session, jobs, subject)
    audit.record(session, "job.retried", subject, actor=by, at=at, job=kind.name)


def drop(session: Session, jobs: Jobs, id_: str, *, by: str, at: datetime) -> None:
    """Give work up for good: a batch not yet filed, a page's words, a bundle that failed.

    Refuses with JobNotDroppable what a filed paper needs, with JobUnknown what is not there.
    """
    kind, subject = _parsed(id_)
    if kind is SORT_BATCH:
        batches.cancel(session, subject, jobs=jobs, by=by, at=at)
    elif kind is READ_PAGE:
        _drop_page(session, jobs, subject)
    elif kind is BUNDLE_DOSSIER:
        _refuse_unless_failed(session, jobs, kind, subject)
        jobs.forget(session, kind, subject)
    else:
        raise JobNotDroppable(job=id_)
    audit.record(session, "job.dropped", subject, actor=by, at=at, job=kind.name)


# Trying again ----------------------------------------------------------------------------------


def _sort_again(session: Session, jobs: Jobs, batch_id: str) -> None:
    batch = batches.by_id(session, batch_id, lock=True)
    if batch.state != "set_aside":
        raise JobUnknown(job=SORT_BATCH.id_for(batch_id))
    batches.begin_again(session, batch)
    jobs.put_again(session, SORT_BATCH, batch_id, priority=batches.priority_of(batch))


def _read_again(session: Session, jobs: Jobs, page_id: str) -> None:
    """The paper it stands in is archived again as well: its copy lacked this page's words."""
    source = pages.by_id(session, int(page_id)).source
    owning = _batches_of(session, source)
    page = _failed_page(session, page_id)
    page.state, page.failure = "seen", None
    component_id = components.component_of_page(session, page.id)
    if component_id:
        component = components.by_id(session, component_id, lock=True)
        component.archived = component.stamp = component.failure = None
        jobs.forget(session, ARCHIVE_COMPONENT, component_id)
    for batch in owning:
        batches.begin_again(session, batch)
    jobs.put_again(session, READ_PAGE, page_id)


def _archive_again(session: Session, jobs: Jobs, component_id: str) -> None:
    batch_id = components.by_id(session, component_id).batch_id
    batch = batches.by_id(session, batch_id, lock=True)
    component = components.by_id(session, component_id, lock=True)
    if component.archived or not component.failure:
        raise JobUnknown(job=ARCHIVE_COMPONENT.id_for(component_id))
    component.failure = None
    batches.begin_again(session, batch)
    jobs.put_again(session, ARCHIVE_COMPONENT, component_id)


def _bundle_again(session: Session, jobs: Jobs, dossier_code: str) -> None:
    _refuse_unless_failed(session, jobs, BUNDLE_DOSSIER, dossier_code)
    jobs.forget(session, BUNDLE_DOSSIER, dossier_code)
    attachments.papers_changed(session, jobs, dossier_code)


def _protect_again(session: Session, jobs: Jobs, dossier_code: str) -> None:
    _refuse_unless_failed(session, jobs, PROTECT_DOSSIER, dossier_code)
    jobs.forget(session, PROTECT_DOSSIER, dossier_code)
    holds.protect(session, jobs, dossier_code)


def _explain_again(session: Session, jobs: Jobs, component_id: str) -> None:
    _refuse_unless_failed(session, jobs, EXPLAIN_COMPONENT, component_id)
    jobs.put_again(session, EXPLAIN_COMPONENT, component_id)


_RETRIES = {
    SORT_BATCH.name: _sort_again,
    READ_PAGE.name: _read_again,
    ARCHIVE_COMPONENT.name: _archive_again,
    BUNDLE_DOSSIER.name: _bundle_again,
    PROTECT_DOSSIER.name: _protect_again,
    EXPLAIN_COMPONENT.name: _explain_again,
}


def _drop_page(session: Session, jobs: Jobs, page_id: str) -> None:
    """Its paper goes on without the page's words."""
    page = pages.by_id(session, int(page_id), lock=True)
    if page.state not in {"seen", "failed"}:
        raise JobUnknown(job=READ_PAGE.id_for(page_id))
    page.state, page.failure = "skipped", _DROPPED
    session.flush()
    jobs.cancel(session, READ_PAGE, page_id)
    component_id = components.component_of_page(session, page.id)
    if component_id:
        components.has_been_read(session, jobs, component_id)


def _failed_page(session: Session, page_id: str) -> Page:
    page = pages.by_id(session, int(page_id), lock=True)
    if page.state != "failed":
        raise JobUnknown(job=READ_PAGE.id_for(page_id))
    return page


def _refuse_unless_failed(session: Session, jobs: Jobs, kind: Job, subject: str) -> None:
    if kind.id_for(subject) not in {entry.id for entry in _failed_jobs(session, jobs)}:
        raise JobUnknown(job=kind.id_for(subject))


def _parsed(id_: str) -> tuple[Job, str]:
    name, _, subject = id_.partition(":")
    numbered = name != READ_PAGE.name or subject.isdecimal()
    if name not in KINDS or not subject or not numbered:
        raise JobUnknown(job=id_)
    return KINDS[name], subject


# Looking ---------------------------------------------------------------------------------------

_unarchived = Component.archived.is_(None) & Component.failure.is_not(None)


def _set_aside(session: Session, jobs: Jobs, limit: int) -> list[Line]:
    failed = list(_failures(session, limit))[:limit]
    recorded = jobs.recorded(session, [id_ for id_, _, _ in failed])
    found = []
    for id_, reason, at in failed:
        kind, subject = _parsed(id_)
        entry = recorded.get(id_)
        since, attempts = (entry.since, entry.attempts) if entry else (at, 0)
        file, dossier = _whose(session, kind, subject)
        line = Line(id_, Standing.SET_ASIDE, file, dossier, since, max(attempts, 1), reason)
        found.append(line)
    others = _failed_jobs(session, jobs)[: limit - len(found)]
    return found + [_line(session, entry, Standing.SET_ASIDE, entry.fault) for entry in others]


def _failures(session: Session, limit: int) -> Iterator[tuple[str, str | None, datetime | None]]:
    """Ids, reasons and times of what failed, as far as rows tell."""
    aside = select(Batch).where(Batch.state == "set_aside").order_by(Batch.taken_in_at).limit(limit)
    for batch in session.scalars(aside):
        yield SORT_BATCH.id_for(batch.id), batch.failure, batch.taken_in_at
    unread = select(Page.id, Page.failure).where(Page.state == "failed").order_by(Page.id)
    for page_id, failure in session.execute(unread.limit(limit)):
        yield READ_PAGE.id_for(str(page_id)), failure, None
    papers = select(Component).where(_unarchived).order_by(Component.created_at).limit(limit)
    for component in session.scalars(papers):
        yield ARCHIVE_COMPONENT.id_for(component.id), component.failure, component.created_at


def _failed_jobs(session: Session, jobs: Jobs) -> list[Entry]:
    return [
        entry
        for job in _TOLD_BY_JOBS
        for entry in jobs.entries(session, State.SET_ASIDE, job=job, limit=1000)
    ]


def _line(session: Session, entry: Entry, standing: Standing, reason: str | None) -> Line:
    file, dossier = _whose(session, KINDS[entry.name], entry.subject)
    return Line(entry.id, standing, file, dossier, entry.since, entry.attempts, reason)


def _whose(session: Session, kind: Job, subject: str) -> tuple[str | None, str | None]:
    """The file that the work is on and the dossier it is for, as far as either is known."""
    if kind in (BUNDLE_DOSSIER, PROTECT_DOSSIER):
        return None, subject
    if kind is SORT_BATCH:
        batch = session.get(Batch, subject)
        return (batch.name, batch.dossier_code) if batch else (None, None)
    papers = select(Component.dossier_code, Batch.name).join(Batch, Batch.id == Component.batch_id)
    if kind in (ARCHIVE_COMPONENT, EXPLAIN_COMPONENT):
        found = session.execute(papers.where(Component.id == subject)).first()
        return (found[1], found[0]) if found else (None, None)
    of_page = papers.join(ComponentPage, ComponentPage.component_id == Component.id)
    filed = session.execute(of_page.where(ComponentPage.page_id == int(subject))).first()
    if filed:
        return filed[1], filed[0]
    source = select(Page.source).where(Page.id == int(subject)).scalar_subquery()
    return session.scalar(select(Batch.name).where(Batch.source == source)), None


def _batches_of(session: Session, source: str) -> list[Batch]:
    query = select(Batch).where(Batch.source == source, Batch.state.in_(("sorted", "finished")))
    return list(session.scalars(for_change(query.order_by(Batch.taken_in_at, Batch.id))))
