"""The trail: who holds a dossier, since when, how long each desk had it, on time or not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from hoso.dossier import dossiers, handoffs
from hoso.dossier.custody import Hop, Visit, hops
from hoso.dossier.status import Status
from hoso.dossier.tables import Dossier, StatusChange


class Punctuality(StrEnum):
    """KẾT QUẢ of form 06."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything that can be said about where a dossier is."""

    dossier: Dossier
    status: Status
    holder: str
    since: datetime
    offered_to: str | None
    visits: tuple[Visit, ...]
    hops: tuple[Hop, ...]
    punctuality: Punctuality
    history: list[StatusChange]


def trail_of(session: Session, code: str, *, at: datetime) -> Trail:
    """The trail of a dossier as it stands at that moment."""
    dossier = dossiers.by_code(session, code)
    ledger = handoffs.ledger_of(session, dossier)
    return Trail(
        dossier=dossier,
        status=Status(dossier.status),
        holder=ledger.holder,
        since=ledger.since,
        offered_to=handoffs.offered(ledger),
        visits=ledger.visits,
        hops=hops(ledger),
        punctuality=punctuality(dossier.due_at, dossier.finished_at, at),
        history=dossiers.history(session, dossier.code),
    )


def punctuality(due_at: datetime, finished_at: datetime | None, now: datetime) -> Punctuality:
    """Early by a day or more, on time, late; or still running, or overdue."""
    if finished_at is None:
        return Punctuality.RUNNING if now <= due_at else Punctuality.OVERDUE
    if finished_at > due_at:
        return Punctuality.LATE
    return Punctuality.EARLY if due_at - finished_at >= timedelta(days=1) else Punctuality.ON_TIME
