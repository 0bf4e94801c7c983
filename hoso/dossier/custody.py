"""Who holds a paper dossier, folded from the scans of the desks' barcode readers.

The giver's scan offers, the receiver's scan accepts; until then the giver holds. Scans may arrive
late, twice and in any order: the same set of scans always folds into the same ledger. Whether a
code or desk exists at all is for the caller to say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from itertools import pairwise
from typing import Literal


class Action(StrEnum):
    """What a scan says it does; a plain reader says nothing."""

    GIVE = "give"
    RECEIVE = "receive"


class Anyone(Enum):
    """An offer that names no desk: whoever scans first receives."""

    ANY = "any"


ANY: Literal[Anyone.ANY] = Anyone.ANY


class Outcome(StrEnum):
    """What became of a scan."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    WRONG_DESK = "wrong_desk"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why it became that."""

    OFFERED = "offered"
    RECEIVED = "received"
    OFFER_WITHDRAWN = "offer_withdrawn"
    ALREADY_HOLDS = "already_holds"
    NOT_OFFERED = "not_offered"
    OFFERED_ELSEWHERE = "offered_elsewhere"
    NOT_HOLDER = "not_holder"
    NEWER_OFFER = "newer_offer"
    TO_ITSELF = "to_itself"
    BEFORE_START = "before_start"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one scan and its reason."""

    outcome: Outcome
    reason: Reason


@dataclass(frozen=True, slots=True)
class Start:
    """Where and when the dossier's custody begins: the desk that took it in."""

    desk: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading of the dossier's code at a desk.

    `event_id` is the reader's own, the same on every attempt to send it. `to` names the desk it
    is offered to, which makes the scan a give.
    """

    event_id: str
    desk: str
    at: datetime
    to: str | None = None
    action: Action | None = None

    @property
    def meant(self) -> Action | None:
        """What the scan says it does, if anything."""
        return Action.GIVE if self.action is None and self.to is not None else self.action


@dataclass(frozen=True, slots=True)
class Offer:
    """A hand-off that nobody has accepted yet."""

    event_id: str
    at: datetime
    to: str | Anyone

    def is_for(self, desk: str) -> bool:
        """Whether that desk may accept it."""
        return self.to in (ANY, desk)


@dataclass(frozen=True, slots=True)
class Visit:
    """A desk's turn at holding; `until` is None while it lasts."""

    desk: str
    since: datetime
    until: datetime | None = None
    given_at: datetime | None = None

    def lasted(self, now: datetime) -> timedelta:
        """How long the desk held, or has held by now."""
        return (self.until or now) - self.since


@dataclass(frozen=True, slots=True)
class Hop:
    """One hand-off, both sides of it: a row of form 06."""

    from_desk: str
    to_desk: str
    given_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the dossier has been. The last visit is the present holder's."""

    visits: tuple[Visit, ...]
    offer: Offer | None = None
    outcomes: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def holder(self) -> str:
        """The one desk that holds the dossier."""
        return self.visits[-1].desk

    @property
    def since(self) -> datetime:
        """Since when the holder holds it."""
        return self.visits[-1].since

    @property
    def offered_to(self) -> str | Anyone | None:
        """Whom the holder has offered it to: a desk, `ANY`, or nobody (None)."""
        return self.offer.to if self.offer else None


def fold(start: Start, scans: Iterable[Scan]) -> Ledger:
    """The ledger that these scans add up to, in whatever order they arrived."""
    ledger = Ledger(visits=(Visit(start.desk, start.at),))
    for scan in _in_order(scans):
        ledger = _before_start(ledger, scan) if scan.at < start.at else _apply(ledger, scan)
    return ledger


def hops(ledger: Ledger) -> tuple[Hop, ...]:
    """Every completed hand-off, oldest first."""
    return tuple(
        Hop(left.desk, entered.desk, left.given_at, entered.since)
        for left, entered in pairwise(ledger.visits)
        if left.given_at is not None
    )


def time_at_desks(ledger: Ledger, now: datetime) -> dict[str, timedelta]:
    """How long each desk has held the dossier by now, all its visits together."""
    total: dict[str, timedelta] = {}
    for visit in ledger.visits:
        total[visit.desk] = total.get(visit.desk, timedelta()) + visit.lasted(now)
    return total


def _in_order(scans: Iterable[Scan]) -> list[Scan]:
    """By time, ties by event id; of scans that share an event id the first stands for all."""
    # The rest of the key decides between scans that wrongly share an id, so that even then the
    # order of arrival does not.
    ordered = sorted(
        scans, key=lambda scan: (scan.at, scan.event_id, scan.desk, scan.to or "", scan.meant or "")
    )
    first: dict[str, Scan] = {}
    for scan in ordered:
        first.setdefault(scan.event_id, scan)
    return list(first.values())


def _apply(ledger: Ledger, scan: Scan) -> Ledger:
    if scan.desk != ledger.holder:
        return _at_another_desk(ledger, scan)
    if scan.meant is Action.RECEIVE:
        return _withdraw(ledger, scan)
    return _offer(ledger, scan)


def _at_another_desk(ledger: Ledger, scan: Scan) -> Ledger:
    if scan.meant is Action.GIVE:
        return _judge(ledger, scan, Outcome.WRONG_DESK, Reason.NOT_HOLDER)
    if ledger.offer is None:
        return _judge(ledger, scan, Outcome.WRONG_DESK, Reason.NOT_OFFERED)
    if not ledger.offer.is_for(scan.desk):
        return _judge(ledger, scan, Outcome.WRONG_DESK, Reason.OFFERED_ELSEWHERE)
    return _receive(ledger, ledger.offer, scan)


def _receive(ledger: Ledger, offer: Offer, scan: Scan) -> Ledger:
    *earlier, leaving = ledger.visits
    left = replace(leaving, until=scan.at, given_at=offer.at)
    moved = replace(ledger, visits=(*earlier, left, Visit(scan.desk, scan.at)), offer=None)
    return _judge(moved, scan, Outcome.ACCEPTED, Reason.RECEIVED)


def _offer(ledger: Ledger, scan: Scan) -> Ledger:
    if scan.to == scan.desk:
        return _judge(ledger, scan, Outcome.REJECTED, Reason.TO_ITSELF)
    offered = replace(
        _supersede(ledger, Reason.NEWER_OFFER), offer=Offer(scan.event_id, scan.at, scan.to or ANY)
    )
    return _judge(offered, scan, Outcome.ACCEPTED, Reason.OFFERED)


def _withdraw(ledger: Ledger, scan: Scan) -> Ledger:
    """The holder says it receives: it takes its offer back, or has nothing to take."""
    if ledger.offer is None:
        return _judge(ledger, scan, Outcome.DUPLICATE, Reason.ALREADY_HOLDS)
    kept = replace(_supersede(ledger, Reason.OFFER_WITHDRAWN), offer=None)
    return _judge(kept, scan, Outcome.ACCEPTED, Reason.OFFER_WITHDRAWN)


def _supersede(ledger: Ledger, reason: Reason) -> Ledger:
    if ledger.offer is None:
        return ledger
    outdated = {ledger.offer.event_id: Verdict(Outcome.SUPERSEDED, reason)}
    return replace(ledger, outcomes={**ledger.outcomes, **outdated})


def _before_start(ledger: Ledger, scan: Scan) -> Ledger:
    # A reader whose clock is wrong must not take a dossier back to before it existed.
    return _judge(ledger, scan, Outcome.REJECTED, Reason.BEFORE_START)


def _judge(ledger: Ledger, scan: Scan, outcome: Outcome, reason: Reason) -> Ledger:
    verdict = {scan.event_id: Verdict(outcome, reason)}
    return replace(ledger, outcomes={**ledger.outcomes, **verdict})
