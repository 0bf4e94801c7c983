"""How many dossiers are in the house, late, and with whom: counts for those who run the service."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoso.dossier import handoffs
from hoso.dossier.status import Status
from hoso.dossier.tables import (
    COMPONENT_FAILED,
    IN_HOUSE,
    PAGE_FAILED,
    Component,
    Dossier,
    Page,
)

# Their time stands still, so they are not late: the citizen has to do something.
_WAITING = (Status.SUPPLEMENT_ASKED, Status.PAYMENT_ASKED)


@dataclass(frozen=True, slots=True)
class DossierFigures:
    """Dossiers being worked on, those past their due date, and paper dossiers by holding desk."""

    open: int
    overdue: int
    holders: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FailedFigures:
    """Pages kept without their words, papers kept without their archived copy."""

    pages: int
    papers: int


def dossier_figures(session: Session, *, at: datetime) -> DossierFigures:
    """Counted over what is in the house, never over the whole archive."""
    unfinished = select(func.count()).select_from(Dossier).where(IN_HOUSE)
    unfinished = unfinished.where(Dossier.finished_at.is_(None))
    late = unfinished.where(Dossier.due_at < at, Dossier.status.not_in(_WAITING))
    return DossierFigures(
        open=session.scalar(unfinished) or 0,
        overdue=session.scalar(late) or 0,
        holders=Counter(handoffs.holders(session)),
    )


def failed_figures(session: Session) -> FailedFigures:
    """What waits for somebody to look at it."""
    pages = session.scalar(select(func.count()).select_from(Page).where(PAGE_FAILED))
    papers = session.scalar(select(func.count()).select_from(Component).where(COMPONENT_FAILED))
    return FailedFigures(pages or 0, papers or 0)
