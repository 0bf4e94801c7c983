"""The database's word on which objects there are: their sizes, and when each was last read again.

A row is written in the transaction that first names its object. What the rows do not name is
nobody's; what they name and the store does not hold, or holds otherwise, is a finding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String, delete, func, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from hoso.db import Moment, Table, insert_once
from hoso.storage.fixity import Finding
from hoso.storage.store import StoredObject


class KeptObject(Table):
    """One object that some row names."""

    __tablename__ = "kept_object"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int | None] = mapped_column(BigInteger)  # None: kept before sizes were noted
    kept_at: Mapped[datetime] = mapped_column(Moment)
    # When its bytes were last read and judged. Keeping it counts: it was hashed on its way in.
    checked_at: Mapped[datetime] = mapped_column(Moment, index=True)
    finding: Mapped[str | None] = mapped_column(String(20), index=True)  # open until repaired


@dataclass(frozen=True, slots=True)
class FixityFigures:
    """How many objects there are, open findings by kind, and the oldest check of any object."""

    objects: int
    bytes: int
    findings: Mapping[str, int]
    oldest_check: datetime | None


def note(session: Session, stored: StoredObject, *, at: datetime) -> None:
    """Note an object in the transaction that names it; one that was noted before stays so."""
    insert_once(
        session, KeptObject, sha256=stored.sha256, size=stored.size, kept_at=at, checked_at=at
    )


def forget(session: Session, sha256: str) -> None:
    """Note that no row names it any more; its bytes stay until somebody removes them."""
    session.execute(delete(KeptObject).where(KeptObject.sha256 == sha256))


def note_unnoted(
    session: Session, naming: Iterable[InstrumentedAttribute[Any]], *, at: datetime
) -> None:
    """Note what these columns name and nobody noted: rows of an earlier release."""
    for column in naming:
        unnoted = select(column, literal(at, Moment), literal(at, Moment)).distinct()
        unnoted = unnoted.where(
            column.is_not(None), ~select(KeptObject).where(KeptObject.sha256 == column).exists()
        )
        columns = ["sha256", "kept_at", "checked_at"]
        session.execute(KeptObject.__table__.insert().from_select(columns, unnoted))  # type: ignore[attr-defined]  # __table__ is typed as any FromClause


def count(session: Session, *, checked_before: datetime | None = None) -> int:
    """How many objects there are, or were not checked since."""
    query = select(func.count()).select_from(KeptObject)
    if checked_before is not None:
        query = query.where(KeptObject.checked_at < checked_before)
    return session.scalar(query) or 0


def was_kept_since(session: Session, sha256: str, since: datetime) -> bool:
    """Whether the object was first named after that time."""
    row = session.get(KeptObject, sha256)
    return row is not None and row.kept_at > since


def in_order(session: Session, *, after: str = "", limit: int) -> list[KeptObject]:
    """The next objects by hash."""
    query = select(KeptObject).where(KeptObject.sha256 > after).order_by(KeptObject.sha256)
    return list(session.scalars(query.limit(limit)))


def longest_unchecked(
    session: Session, *, checked_before: datetime, limit: int
) -> list[KeptObject]:
    """The objects whose last check is the oldest."""
    query = select(KeptObject).where(KeptObject.checked_at < checked_before)
    query = query.order_by(KeptObject.checked_at, KeptObject.sha256)
    return list(session.scalars(query.limit(limit)))


def with_findings(session: Session) -> list[KeptObject]:
    """Every object with an open finding."""
    query = select(KeptObject).where(KeptObject.finding.is_not(None))
    return list(session.scalars(query.order_by(KeptObject.sha256)))


def found_good(session: Session, good: Sequence[tuple[str, int]], *, at: datetime) -> None:
    """Keep that objects were read and are right, with their sizes; closes open findings."""
    if good:
        session.execute(
            update(KeptObject),
            [
                {"sha256": sha256, "size": size, "checked_at": at, "finding": None}
                for sha256, size in good
            ],
        )


def found(session: Session, sha256: str, finding: Finding | None, *, at: datetime) -> None:
    """Keep what a check found on one object; None: it was put right."""
    session.execute(
        update(KeptObject)
        .where(KeptObject.sha256 == sha256)
        .values(checked_at=at, finding=finding.value if finding else None)
    )


def unnamed(session: Session, keys: Sequence[str]) -> list[str]:
    """Those keys that nobody noted, in their order."""
    query = select(KeptObject.sha256).where(KeptObject.sha256.in_(keys))
    noted = set(session.scalars(query))
    return [key for key in keys if key not in noted]


def figures(session: Session) -> FixityFigures:
    """What an alarm or a page about fixity shows; reads the table once."""
    objects, size, oldest = session.execute(
        select(
            func.count(), func.coalesce(func.sum(KeptObject.size), 0),
            func.min(KeptObject.checked_at),
        )
    ).one()  # fmt: skip
    by_kind = select(KeptObject.finding, func.count()).group_by(KeptObject.finding)
    found = session.execute(by_kind.where(KeptObject.finding.is_not(None))).all()
    return FixityFigures(
        objects or 0, int(size or 0), {str(kind): many for kind, many in found}, oldest
    )
