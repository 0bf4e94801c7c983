"""The log in a real database: appended in the transaction that did it, and verified."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from hoso.audit import log as audit
from hoso.audit.log import AuditEntry
from hoso.clock import OFFICE_ZONE
from hoso.db import Database
from tests.builders import Interrupted

AT = datetime(2026, 11, 26, 2, 0, 0, 123456, tzinfo=UTC)


def record(database: Database, subject: str, **facts: Any) -> None:
    with database.write() as session:
        audit.record(session, "test.done", subject, actor="lan", at=AT, **facts)


def broken(database: Database) -> int | None:
    with database.read() as session:
        return audit.verify(session)


def test_an_entry_says_who_did_what_when_and_why(database: Database) -> None:
    with database.write() as session:
        audit.record(
            session, "owner.looked_up", "abc", actor="lan", at=AT, purpose="1.001193", found=2
        )

    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.number, entry.at, entry.actor) == (1, AT, "lan")
    assert (entry.action, entry.subject) == ("owner.looked_up", "abc")
    assert (entry.purpose, entry.facts) == ("1.001193", {"found": 2})


def test_a_log_reads_back_whole(database: Database) -> None:
    for number in range(5):
        record(database, f"paper-{number}", pages=number, title="Giấy khai sinh", nothing=None)

    assert broken(database) is None


def test_a_moment_in_any_zone_reads_back_whole(database: Database) -> None:
    with database.write() as session:
        audit.record(session, "a", "b", actor="lan", at=AT.astimezone(OFFICE_ZONE))

    assert broken(database) is None


def test_an_empty_log_is_whole(database: Database) -> None:
    assert broken(database) is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": datetime(2026, 11, 26, 3, 0, tzinfo=UTC)},
        {"actor": "somebody"},
        {"action": "test.undone"},
        {"subject": "paper-9"},
        {"purpose": "another"},
        {"facts": {"pages": 3}},
        {"hash": "0" * 64},
        {"number": 7},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_any_column_is_found(database: Database, change: dict[str, object]) -> None:
    for number in range(3):
        record(database, f"paper-{number}")

    with database.write() as session:
        session.execute(update(AuditEntry).where(AuditEntry.number == 2).values(**change))

    assert broken(database) == 2


def test_a_deleted_entry_is_found(database: Database) -> None:
    for number in range(3):
        record(database, f"paper-{number}")

    with database.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.number == 2))

    assert broken(database) == 2


def test_what_was_rolled_back_leaves_no_entry_and_no_gap(database: Database) -> None:
    record(database, "kept")
    with suppress(Interrupted), database.write() as session:
        audit.record(session, "test.done", "undone", actor="lan", at=AT)
        raise Interrupted
    record(database, "kept too")

    with database.read() as session:
        assert session.scalars(select(AuditEntry.subject)).all() == ["kept", "kept too"]
    assert broken(database) is None


def test_entries_of_many_writers_at_once_make_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: record(database, f"paper-{number}"), range(40)))

    assert broken(database) is None
    with database.read() as session:
        assert len(session.scalars(select(AuditEntry)).all()) == 40


def test_entries_cut_off_at_the_end_are_missed(database: Database) -> None:
    for number in range(4):
        record(database, f"paper-{number}")
    with database.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.number > 2))

    assert broken(database) == 3
