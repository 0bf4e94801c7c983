"""Hand-offs: desk scans kept as they come, and the custody derived from them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, lazyload, load_only

from hoso.barcode.code import DossierCode, LegalQr, TrackingLink, interpret
from hoso.db import for_change, insert_once
from hoso.dossier import catalogue_store, custody, dossiers
from hoso.dossier.custody import Action, Ledger, Outcome, Scan, Start, fold
from hoso.dossier.tables import IN_HOUSE, DeskScan, Dossier

# A reader's clock may run a little fast; a scan from later than this is not believed.
CLOCK_TOLERANCE = timedelta(minutes=5)

_SCANS = select(DeskScan.event_id, DeskScan.desk, DeskScan.at, DeskScan.to, DeskScan.action)
_WHERE_IT_BEGAN = load_only(Dossier.code, Dossier.desk, Dossier.received_at)

Said = Literal["accepted", "duplicate", "wrong_desk", "unknown_code", "superseded", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewScan:
    """One reading at a desk. `event_id` is the reader's own: sending it twice is harmless.

    `at` is when the reader says that it was; None: now.
    """

    event_id: str
    code: str
    desk: str
    at: datetime | None = None
    action: Action | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a scan, as the desk is told."""

    event_id: str
    outcome: Said
    reason: str
    dossier: str | None = None
    holder: str | None = None
    offered_to: str | None = None


def record(session: Session, scan: NewScan, *, by: str, at: datetime) -> Answer:
    """Keep a scan and say what it did; `at` is the server's time.

    A code that names no dossier is answered and not kept: it may be anybody's card.
    """
    catalogue_store.desk(session, scan.desk)
    dossier = _dossier_of(session, scan.code)
    if dossier is None:
        return Answer(scan.event_id, "unknown_code", "unknown_code")
    if scan.to is not None and scan.to not in catalogue_store.in_force(session).desks:
        # Not a refusal: one stale desk must not sink what a desk kept while it was offline.
        return Answer(scan.event_id, "rejected", "unknown_desk", dossier.code)
    is_believed = scan.at is None or scan.at <= at + CLOCK_TOLERANCE
    if is_believed and _keep(session, dossier, scan, by=by, at=at):
        return _answer(session, dossier, scan.event_id, repeated=False)
    known = session.get(DeskScan, scan.event_id)
    if known is None:
        return Answer(scan.event_id, "rejected", "clock_ahead", dossier.code)
    if not _is_repeated(known, scan):
        return Answer(scan.event_id, "rejected", "event_id_reused", dossier.code)
    return _answer(session, dossier, scan.event_id, repeated=True)


def lock_dossiers(session: Session, codes: Iterable[str]) -> None:
    """Lock at once what many scans are about to be recorded for.

    One by one, two desks that send the same dossiers in other orders would wait for each other.
    """
    meant = [_dossier_query(code) for code in codes]
    found = {session.scalar(query) for query in meant if query is not None}
    dossiers.lock_all(session, {dossier.code for dossier in found if dossier})


def _keep(session: Session, dossier: Dossier, scan: NewScan, *, by: str, at: datetime) -> bool:
    """False when another transaction has kept the same event id, for whatever dossier."""
    return insert_once(
        session,
        DeskScan,
        event_id=scan.event_id,
        dossier_code=dossier.code,
        desk=scan.desk,
        action=scan.action.value if scan.action else None,
        to=scan.to,
        actor=by,
        at=scan.at or _now_and_after_all(session, dossier, at),
        recorded_at=at,
    )


def _now_and_after_all(session: Session, dossier: Dossier, at: datetime) -> datetime:
    """The server's time, but later than all that is known of the dossier.

    Servers' clocks differ and may jump back an hour: what happens now comes after what was
    recorded before, or a dossier's hand-over would be refused as older than its receipt.
    """
    of_dossier = DeskScan.dossier_code == dossier.code
    newest = session.scalar(select(func.max(DeskScan.at)).where(of_dossier))
    if newest is None:
        return max(at, dossier.received_at)
    return max(at, newest + timedelta(microseconds=1))


def ledger_of(session: Session, dossier: Dossier) -> Ledger:
    """Where the dossier is and was, derived from every scan kept."""
    scans = session.execute(_SCANS.where(DeskScan.dossier_code == dossier.code))
    return fold(Start(dossier.desk, dossier.received_at), [_as_scan(scan) for scan in scans])


def holders(session: Session) -> Iterator[str]:
    """The holder of each paper dossier in the house, folded as everywhere else, in no order."""
    in_house = select(Dossier.code, Dossier.desk, Dossier.received_at).where(IN_HOUSE)
    starts = {code: Start(desk, at) for code, desk, at in session.execute(in_house)}
    scans = (
        _SCANS.add_columns(DeskScan.dossier_code)
        .where(DeskScan.dossier_code.in_(select(Dossier.code).where(IN_HOUSE)))
        .order_by(DeskScan.dossier_code)
        .execution_options(yield_per=1000)
    )
    for code, rows in groupby(session.execute(scans), key=lambda row: row[-1]):
        start = starts.pop(code, None)  # None: received between the two questions
        if start:
            yield fold(start, [_as_scan(row[:-1]) for row in rows]).holder
    yield from (start.desk for start in starts.values())


def _dossier_of(session: Session, text: str) -> Dossier | None:
    """The dossier that a scanned text names, locked: its holder is read, then changed."""
    query = _dossier_query(text)
    return None if query is None else session.scalar(for_change(query))


def _dossier_query(text: str) -> Select[Dossier] | None:
    """Finds what a text names: a dossier's barcode, legal QR or tracking link.

    Without its owner, checklist and the like: this is asked at every scan of every desk.
    """
    query = select(Dossier).options(_WHERE_IT_BEGAN, lazyload(Dossier.owner))
    meaning = interpret(None, text)
    if isinstance(meaning, LegalQr):
        meaning = meaning.dossier_code
    if isinstance(meaning, DossierCode):
        return query.where(Dossier.code == str(meaning))
    if isinstance(meaning, TrackingLink):
        return query.where(Dossier.tracking_token == meaning.token)
    return None


def _answer(session: Session, dossier: Dossier, event_id: str, *, repeated: bool) -> Answer:
    ledger = ledger_of(session, dossier)
    verdict = ledger.outcomes.get(event_id)
    if verdict is None:  # the same event id was used for another dossier
        return Answer(event_id, "rejected", "event_id_reused", dossier.code)
    outcome = Outcome.DUPLICATE if repeated else verdict.outcome
    return Answer(
        event_id,
        outcome.value,
        verdict.reason.value,
        dossier.code,
        ledger.holder,
        offered(ledger),
    )


def offered(ledger: Ledger) -> str | None:
    """Whom the dossier is offered to: a desk's key, `any`, or None."""
    to = ledger.offered_to
    return to.value if isinstance(to, custody.Anyone) else to


def _is_repeated(known: DeskScan, scan: NewScan) -> bool:
    """Whether it is that scan sent again, and not a reader whose ids are another reader's too.

    The time is not compared: a scan sent without one has the server's.
    """
    return (known.desk, known.to, known.action) == (scan.desk, scan.to, scan.action)


def _as_scan(row: Sequence[Any]) -> Scan:
    event_id, desk, at, to, action = row
    return Scan(event_id, desk, at, to, Action(action) if action else None)
