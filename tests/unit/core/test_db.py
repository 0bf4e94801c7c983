"""Transactions: whole or not at all, aware moments only, readers that never wait."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from hoso.clock import OFFICE_ZONE
from hoso.db import Database, for_change
from hoso.dossier.tables import Owner, StatusChange
from tests.builders import Interrupted

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def an_owner(id_: str = "lan", *, at: datetime = AT) -> Owner:
    return Owner(id=id_, kind="citizen", number=id_, name="Nguyễn Thị Lan", created_at=at)


def owners(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Owner.id)))


def test_a_block_that_ends_well_is_committed(database: Database) -> None:
    with database.write() as session:
        session.add(an_owner())

    assert owners(database) == ["lan"]


def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    with suppress(Interrupted), database.write() as session:
        session.add(an_owner())
        session.flush()
        raise Interrupted

    assert owners(database) == []


def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_committed(
    database: Database,
) -> None:
    with database.write() as session:
        session.add(an_owner())
        session.flush()
        assert owners(database) == []

    assert owners(database) == ["lan"]


def test_a_reader_sees_one_moment_throughout(database: Database) -> None:
    with database.read() as reader:
        before = reader.scalars(select(Owner.id)).all()
        with database.write() as session:
            session.add(an_owner())

        assert reader.scalars(select(Owner.id)).all() == before


def test_a_reader_cannot_write(database: Database) -> None:
    with database.read() as session:
        session.add(an_owner())
        with pytest.raises(DBAPIError, match=r"read-?only"):
            session.flush()

    assert owners(database) == []


def test_a_writer_waits_before_it_reads_what_another_is_changing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With a read before the lock, both would raise the same counter to the same value.
    monkeypatch.setattr("hoso.sqlite.BUSY_TIMEOUT_MILLISECONDS", 1)
    monkeypatch.setattr("hoso.postgresql._LOCK_SECONDS", 0.001)
    impatient = Database(database.url)
    with database.write() as session:
        session.add(an_owner())
    with database.write() as session:
        session.scalars(for_change(select(Owner))).one()
        with pytest.raises(OperationalError, match="lock"), impatient.write() as other:
            other.scalars(for_change(select(Owner))).one()
    impatient.close()


def test_a_moment_comes_back_in_utc_whatever_its_zone(database: Database) -> None:
    with database.write() as session:
        session.add(an_owner(at=AT.astimezone(OFFICE_ZONE)))

    with database.read() as session:
        kept = session.scalars(select(Owner.created_at)).one()
    assert (kept, kept.tzinfo) == (AT, UTC)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.write() as session:
        session.add(an_owner(at=AT.replace(tzinfo=None)))


def test_a_row_must_belong_to_what_it_names(database: Database) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), database.write() as session:
        session.add(StatusChange(dossier_code="none", status=2, at=AT, actor="lan"))


def test_vietnamese_text_is_kept_as_it_is_written(database: Database) -> None:
    with database.write() as session:
        session.add(an_owner("Đặng"))

    assert owners(database) == ["Đặng"]
