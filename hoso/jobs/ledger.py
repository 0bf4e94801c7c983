"""The job library's table of jobs as we read it, and the few things we write there ourselves.

Everything here is one statement in the caller's transaction, so that what becomes of a job and
of the rows it works on is committed together. Columns are those of DBOS 3.4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import JSON, BigInteger, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from hoso.db import is_sqlite
from hoso.jobs.kinds import JOBS_VERSION, UNDERSTOOD, WORKFLOW

# As many ids as one statement names.
_AT_ONCE: Final = 500


class State(StrEnum):
    """How far a job is, in our words; the values are DBOS's."""

    WAITING = "ENQUEUED"
    # It failed for what may pass, and waits for its next attempts in nobody's hands.
    RESTING = "DELAYED"
    RUNNING = "PENDING"
    DONE = "SUCCESS"
    SET_ASIDE = "ERROR"
    CANCELLED = "CANCELLED"
    # Every worker that began it died over it.
    DEADLY = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


IN_FLIGHT: Final = (State.WAITING, State.RESTING, State.RUNNING)
_FINISHED: Final = (State.DONE, State.SET_ASIDE, State.CANCELLED, State.DEADLY)


@dataclass(frozen=True, slots=True)
class Entry:
    """One job as it stands; `attempts` counts failed tries, `fault` is why the last one failed."""

    name: str
    subject: str
    state: State
    priority: int
    since: datetime
    attempts: int
    fault: str | None

    @property
    def id(self) -> str:
        """The job's name and subject, without its round."""
        return f"{self.name}:{self.subject}"


def missing(session: Session, ids: Iterable[str]) -> set[str]:
    """Which of these jobs nobody waits for or works on, in any round."""
    job = _jobs(session)
    wanted = list(ids)
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        named = job.c.workflow_uuid.in_(wanted[start : start + _AT_ONCE])
        found |= set(session.scalars(sa.select(job.c.workflow_uuid).where(named, _in_flight(job))))
    return {id_ for id_ in wanted if id_ not in found and not _has_later_round(session, id_)}


def entries(
    session: Session, *states: State, name: str | None = None, limit: int = 200
) -> list[Entry]:
    """Jobs in these states, those first that go first."""
    job = _jobs(session)
    query = sa.select(job).where(job.c.name == WORKFLOW, job.c.status.in_(states))
    if name:
        query = query.where(job.c.workflow_uuid.startswith(f"{name}:"))
    query = query.order_by(job.c.priority, job.c.created_at, job.c.workflow_uuid).limit(limit)
    return [_entry(row) for row in session.execute(query).mappings()]


def of_ids(session: Session, ids: Sequence[str]) -> Mapping[str, Entry]:
    """The first rounds of these jobs, as far as they are still kept."""
    job = _jobs(session)
    found: dict[str, Entry] = {}
    for start in range(0, len(ids), _AT_ONCE):
        named = job.c.workflow_uuid.in_(ids[start : start + _AT_ONCE])
        rows = session.execute(sa.select(job).where(named)).mappings()
        found |= {entry.id: entry for entry in map(_entry, rows)}
    return found


def count(session: Session) -> list[tuple[str, State, int, int | None]]:
    """Per queue and state in flight: how many, and when the oldest was put (ms since 1970)."""
    job = _jobs(session)
    query = (
        sa.select(job.c.queue_name, job.c.status, sa.func.count(), sa.func.min(job.c.created_at))
        .where(_in_flight(job), job.c.queue_name.is_not(None))
        .group_by(job.c.queue_name, job.c.status)
    )
    return [(queue, State(state), n, oldest) for queue, state, n, oldest in session.execute(query)]


def owners(session: Session) -> set[str]:
    """The workers that have jobs in hand, alive or not."""
    job = _jobs(session)
    query = sa.select(job.c.executor_id).where(job.c.status == State.RUNNING).distinct()
    return set(session.scalars(query)) - {None}


def put_back(session: Session, dead: Iterable[str]) -> int:
    """Have others do what these workers had in hand; gives how many jobs.

    Fenced: a job goes back only while it still names its dead owner, so two workers doing this
    at once are harmless, and a worker that was only held up cannot note an outcome any more.
    """
    job = _jobs(session)
    in_hand = sa.and_(job.c.status == State.RUNNING, job.c.executor_id.in_(list(dead)))
    return _changed(
        session,
        sa.update(job)
        .where(in_hand, job.c.application_version.in_((JOBS_VERSION, *UNDERSTOOD)))
        .values(
            status=State.WAITING,
            owner_xid=None,
            started_at_epoch_ms=None,
            application_version=JOBS_VERSION,
        ),
    )


def adopt(session: Session) -> int:
    """Take over what waits under an older version that this one understands.

    DBOS hands out a worker's own version only: without this a release would strand all that was
    put before it, and what old web servers still put while it is rolled out.
    """
    job = _jobs(session)
    older = sa.and_(job.c.status == State.WAITING, job.c.application_version.in_(UNDERSTOOD))
    return _changed(session, sa.update(job).where(older).values(application_version=JOBS_VERSION))


def is_any_older(session: Session) -> bool:
    """Whether something waits for `adopt`. Asked first: reading takes no writer's turn."""
    job = _jobs(session)
    older = sa.exists().where(
        job.c.status == State.WAITING, job.c.application_version.in_(UNDERSTOOD)
    )
    return bool(session.scalar(sa.select(older)))


def is_any_done_before(session: Session, before: datetime) -> bool:
    """Whether something waits for `sweep`."""
    job = _jobs(session)
    return bool(session.scalar(sa.select(sa.exists().where(_done_before(job, before)))))


def set_aside(session: Session, state: State, *, fault: str) -> int:
    """Count what ended in this state among what is set aside."""
    job = _jobs(session)
    ended = sa.update(job).where(job.c.status == state)
    said = {"attempts": 0, "fault": fault}
    return _changed(session, ended.values(status=State.SET_ASIDE, attributes=said))


def note_fault(session: Session, id_: str, *, fault: str) -> None:
    """Write down that one more attempt at a job failed, for those who look at the list."""
    job = _jobs(session)
    this = job.c.workflow_uuid == id_
    before = session.scalar(sa.select(job.c.attributes).where(this)) or {}
    said = {"attempts": int(before.get("attempts", 0)) + 1, "fault": fault}
    session.execute(sa.update(job).where(this).values(attributes=said))


def rest(session: Session, id_: str, *, worker: str, until: datetime) -> int:
    """Have a job in this worker's hands wait in nobody's; 0 when it is there no longer.

    The job library wakes it. The beginnings that it counts are those that killed a worker.
    """
    job = _jobs(session)
    mine = sa.and_(
        job.c.workflow_uuid == id_, job.c.status == State.RUNNING, job.c.executor_id == worker
    )
    return _changed(
        session,
        sa.update(job)
        .where(mine)
        .values(
            status=State.RESTING,
            delay_until_epoch_ms=_milliseconds(until),
            recovery_attempts=0,
            owner_xid=None,
            started_at_epoch_ms=None,
        ),
    )


def wake(session: Session, *, resting_beyond: datetime) -> int:
    """Put those back that would rest longer than any is sent to: a clock was set back."""
    job = _jobs(session)
    resting = _rests_beyond(job, resting_beyond)
    return _changed(session, sa.update(job).where(resting).values(status=State.WAITING))


def is_any_resting(session: Session, *, beyond: datetime) -> bool:
    """Whether something waits for `wake`."""
    job = _jobs(session)
    return bool(session.scalar(sa.select(sa.exists().where(_rests_beyond(job, beyond)))))


def cancel(session: Session, ids: Iterable[str]) -> int:
    """Have these jobs done by nobody; a worker that has one in hand can note no outcome."""
    job = _jobs(session)
    wanted = sa.or_(*(_any_round(session, job, id_) for id_ in ids))
    return _changed(
        session,
        sa.update(job)
        .where(wanted, _in_flight(job))
        .values(status=State.CANCELLED, owner_xid=None, queue_name=None),
    )


def forget(session: Session, ids: Iterable[str]) -> int:
    """Remove what is finished of these jobs, in every round, so that they may be put anew."""
    job = _jobs(session)
    wanted = sa.or_(*(_any_round(session, job, id_) for id_ in ids))
    return _delete(session, sa.select(job.c.workflow_uuid).where(wanted, _finished(job)))


def sweep(session: Session, *, before: datetime, most: int) -> int:
    """Remove up to `most` jobs done or cancelled before that time; gives how many.

    What was set aside stays until somebody looks at it.
    """
    job = _jobs(session)
    return _delete(
        session, sa.select(job.c.workflow_uuid).where(_done_before(job, before)).limit(most)
    )


# The table -------------------------------------------------------------------------------------


def _declare(schema: str | None) -> Mapping[str, sa.TableClause]:
    integers = (
        "created_at",
        "started_at_epoch_ms",
        "completed_at",
        "delay_until_epoch_ms",
        "recovery_attempts",
    )
    texts = (
        "workflow_uuid",
        "name",
        "status",
        "queue_name",
        "executor_id",
        "owner_xid",
        "application_version",
    )
    jobs = sa.table(
        "workflow_status",
        *(sa.column(name, Text) for name in texts),
        *(sa.column(name, BigInteger) for name in integers),
        sa.column("priority", Integer),
        sa.column("attributes", JSON().with_variant(JSONB(), "postgresql")),
        schema=schema,
    )
    carried = ("workflow_input", "workflow_output", "operation_outputs")
    return {
        "jobs": jobs,
        **{
            name: sa.table(name, sa.column("workflow_uuid", Text), schema=schema)
            for name in carried
        },
    }


_ON_SQLITE: Final = _declare(None)
_ON_POSTGRESQL: Final = _declare("dbos")


def _tables(session: Session) -> Mapping[str, sa.TableClause]:
    return _ON_SQLITE if is_sqlite(session) else _ON_POSTGRESQL


def _jobs(session: Session) -> sa.TableClause:
    return _tables(session)["jobs"]


def _in_flight(job: sa.TableClause) -> sa.ColumnElement[bool]:
    return job.c.status.in_(IN_FLIGHT)


def _finished(job: sa.TableClause) -> sa.ColumnElement[bool]:
    return job.c.status.in_(_FINISHED)


def _rests_beyond(job: sa.TableClause, beyond: datetime) -> sa.ColumnElement[bool]:
    later = job.c.delay_until_epoch_ms > _milliseconds(beyond)
    return sa.and_(job.c.status == State.RESTING, later)


def _milliseconds(at: datetime) -> int:
    """Since 1970, as the job library keeps times."""
    return int(at.timestamp() * 1000)


def _done_before(job: sa.TableClause, before: datetime) -> sa.ColumnElement[bool]:
    ended = job.c.completed_at < _milliseconds(before)
    return sa.and_(ended, job.c.status.in_((State.DONE, State.CANCELLED)))


def _any_round(session: Session, job: sa.TableClause, id_: str) -> sa.ColumnElement[bool]:
    return sa.or_(job.c.workflow_uuid == id_, _later_round(session, job, id_))


def _later_round(session: Session, job: sa.TableClause, id_: str) -> sa.ColumnElement[bool]:
    """Ids that go on with a ~: a range, so that SQLite finds them by their index."""
    uuid: sa.ColumnElement[Any] = job.c.workflow_uuid
    if not is_sqlite(session):
        uuid = uuid.collate("C")  # else the language's order decides where a ~ stands
    return sa.and_(uuid >= f"{id_}~", uuid < f"{id_}\x7f")


def _has_later_round(session: Session, id_: str) -> bool:
    job = _jobs(session)
    found = sa.exists().where(_later_round(session, job, id_), _in_flight(job))
    return bool(session.scalar(sa.select(found)))


def _delete(session: Session, which: sa.Select[Any]) -> int:
    ids = list(session.scalars(which))
    for table in _tables(session).values():
        for start in range(0, len(ids), _AT_ONCE):
            named = table.c.workflow_uuid.in_(ids[start : start + _AT_ONCE])
            session.execute(sa.delete(table).where(named))
    return len(ids)


def _changed(session: Session, statement: sa.Update) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(result, "rowcount", 0))


def _entry(row: Mapping[Any, Any]) -> Entry:
    name, _, subject = str(row["workflow_uuid"]).partition("~")[0].partition(":")
    said = row["attributes"] or {}
    return Entry(
        name=name,
        subject=subject,
        state=State(row["status"]),
        priority=row["priority"],
        since=datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=row["created_at"]),
        attempts=int(said.get("attempts", 0)),
        fault=said.get("fault"),
    )
