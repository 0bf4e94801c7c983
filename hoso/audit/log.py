"""The audit log: who did what to what, and why, in the transaction that did it.

All writers want the end of the chain. Entries are appended to it right before the commit, so that
it is locked as short a time as can be and never while its holder waits for something else.
It never holds a citizen id, a name or a code's raw text: people appear as opaque ids.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hoso.audit.chain import GENESIS, Sealed, first_broken, seal
from hoso.db import Moment, Table, at_the_end, for_change, insert_once

_ONLY_ROW = 1
_WAITING = "audit.waiting"


class AuditEntry(Table):
    """One thing that happened; its hash covers every other column and the entry before it."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    purpose: Mapped[str | None] = mapped_column(String(500))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Table):
    """The end of the chain: one row, locked by whoever appends, so that nobody follows twice."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    actor: str,
    at: datetime,
    purpose: str | None = None,
    **facts: Any,
) -> None:
    """Append one entry to the chain when this transaction is committed."""
    if _WAITING not in session.info:
        session.info[_WAITING] = []
        at_the_end(session, _append_waiting)
    session.info[_WAITING].append(
        AuditEntry(at=at, actor=actor, action=action, subject=subject, purpose=purpose, facts=facts)
    )


def _append_waiting(session: Session) -> None:
    head = _locked_head(session)
    for entry in session.info.pop(_WAITING):
        head.number += 1
        entry.number = head.number
        entry.hash = head.hash = seal(head.hash, _sealed_facts(entry))
        session.add(entry)


def _locked_head(session: Session) -> AuditHead:
    query = for_change(select(AuditHead).where(AuditHead.id == _ONLY_ROW))
    head = session.scalar(query)
    if head is None:
        insert_once(session, AuditHead, id=_ONLY_ROW, number=0, hash=GENESIS)
        head = session.scalars(query).one()
    return head


def verify(session: Session) -> int | None:
    """Number of the first entry that no longer fits the chain, or None when all do.

    Entries cut off at the end are missed by the chain's head.
    """
    all_of_them = select(AuditEntry).order_by(AuditEntry.number)
    with session.scalars(all_of_them.execution_options(yield_per=1000)) as entries:
        broken = first_broken(
            Sealed(entry.number, _sealed_facts(entry), entry.hash) for entry in entries
        )
    if broken is not None:
        return broken
    newest = session.scalar(select(func.max(AuditEntry.number))) or 0
    head = session.get(AuditHead, _ONLY_ROW)
    return newest + 1 if newest != (head.number if head else 0) else None


def _sealed_facts(entry: AuditEntry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(),  # as it will be read back
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "purpose": entry.purpose,
        "facts": entry.facts,
    }
