"""The audit log: who did what to what, and why, in the transaction that did it.

All writers want the end of the chain. Entries are appended to it right before the commit, so that
it is locked as short a time as can be and never while its holder waits for something else.
It never holds a citizen id, a name or a code's raw text: people appear as opaque ids.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from hoso.audit.chain import GENESIS, Sealed, first_broken, seal
from hoso.db import Moment, Table, at_the_end, insert_once

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


_ENTRIES = Table.metadata.tables[AuditEntry.__tablename__]
_HEADS = Table.metadata.tables[AuditHead.__tablename__]


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
        {"at": at, "actor": actor, "action": action, "subject": subject, "purpose": purpose,
         "facts": facts}
    )  # fmt: skip


def _append_waiting(session: Session) -> None:
    """Plain statements: every write of the archive pays for this, and waits for it."""
    ordinal, last = _locked_head(session)
    entries = session.info.pop(_WAITING)
    for entry in entries:
        ordinal += 1
        last = seal(last, _sealed_facts(ordinal, **entry))
        entry.update(number=ordinal, hash=last)
    session.execute(insert(_ENTRIES), entries)
    session.execute(update(_HEADS).values(number=ordinal, hash=last))


def _locked_head(session: Session) -> tuple[int, str]:
    """The number and the hash of the newest entry; nobody else appends until the commit."""
    head = select(AuditHead.number, AuditHead.hash).with_for_update(key_share=True)
    found = session.execute(head).one_or_none()
    if found is None:
        insert_once(session, AuditHead, id=_ONLY_ROW, number=0, hash=GENESIS)
        found = session.execute(head).one()
    return found.number, found.hash


def verify(session: Session) -> int | None:
    """Number of the first entry that no longer fits the chain, or None when all do.

    Entries cut off at the end are missed by the chain's head.
    """
    all_of_them = select(AuditEntry).order_by(AuditEntry.number)
    with session.scalars(all_of_them.execution_options(yield_per=1000)) as entries:
        broken = first_broken(
            Sealed(entry.number, _facts_of(entry), entry.hash) for entry in entries
        )
    if broken is not None:
        return broken
    newest = session.scalar(select(func.max(AuditEntry.number))) or 0
    head = session.get(AuditHead, _ONLY_ROW)
    return newest + 1 if newest != (head.number if head else 0) else None


def _facts_of(entry: AuditEntry) -> dict[str, object]:
    names = ("at", "actor", "action", "subject", "purpose", "facts")
    return _sealed_facts(entry.number, **{name: getattr(entry, name) for name in names})


def _sealed_facts(number: int, *, at: datetime, **said: object) -> dict[str, object]:
    """What the hash covers, the moment as it will be read back."""
    return {"number": number, "at": at.astimezone(UTC).isoformat(), **said}
