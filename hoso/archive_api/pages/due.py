"""How a dossier stands against its due date, in one word that a page can show."""

from datetime import datetime
from enum import StrEnum

from hoso.clock import local_date
from hoso.dossier import trail
from hoso.dossier.status import Status
from hoso.dossier.tables import Dossier
from hoso.dossier.trail import Punctuality

_WAITING = {Status.SUPPLEMENT_ASKED, Status.PAYMENT_ASKED}


class DueState(StrEnum):
    """From best to worst; finished ones first."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    WAITING = "waiting"  # for the citizen
    RUNNING = "running"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"


def due_state(dossier: Dossier, now: datetime) -> DueState:
    """The state at that moment."""
    found = trail.punctuality(dossier.due_at, dossier.finished_at, now)
    if found in {Punctuality.RUNNING, Punctuality.OVERDUE}:
        if Status(dossier.status) in _WAITING:
            return DueState.WAITING
        if found is Punctuality.RUNNING and local_date(dossier.due_at) == local_date(now):
            return DueState.DUE_TODAY
    return DueState(found.value)
