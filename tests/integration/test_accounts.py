"""Accounts: passwords kept as hashes, guesses counted, tokens shown once."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text

from hoso.archive_api import accounts
from hoso.archive_api.accounts import FAILURE_WINDOW, MOST_FAILURES, Role
from hoso.archive_api.tables import AccessToken
from hoso.db import Database
from hoso.errors import (
    AccountExists,
    AccountUnknown,
    PasswordTooShort,
    SignInTooOften,
)
from tests.builders import NOW, SetClock

PASSWORD = "đúng là mật khẩu này"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; here only what is done with the hashes is tried."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", quick)
    monkeypatch.setattr(accounts, "_NOBODYS_HASH", quick.hash("nobody's"))


@pytest.fixture(autouse=True)
def _lan(database: Database, _quick_hashes: None) -> None:
    with database.write() as session:
        accounts.open_account(session, "lan", role=Role.CLERK, password=PASSWORD, by="test", at=NOW)


def opens(database: Database, password: str, *, at: SetClock, name: str = "lan") -> bool:
    with database.write() as session:
        return accounts.check_password(session, name, password, at=at())


def guess(database: Database, times: int, *, at: SetClock) -> None:
    with database.write() as session:
        for _ in range(times):
            assert not accounts.check_password(session, "lan", "a guess", at=at())


def test_the_right_password_opens_and_a_wrong_one_does_not(
    database: Database, clock: SetClock
) -> None:
    assert opens(database, PASSWORD, at=clock)
    assert not opens(database, PASSWORD + " ", at=clock)
    assert not opens(database, "", at=clock)


def test_a_name_nobody_has_is_answered_like_a_wrong_password(
    database: Database, clock: SetClock
) -> None:
    assert not opens(database, PASSWORD, at=clock, name="nobody")


def test_after_ten_wrong_guesses_even_the_right_password_waits(
    database: Database, clock: SetClock
) -> None:
    guess(database, MOST_FAILURES, at=clock)

    with pytest.raises(SignInTooOften):
        opens(database, PASSWORD, at=clock)

    clock.at += FAILURE_WINDOW
    clock.advance(seconds=1)
    assert opens(database, PASSWORD, at=clock)


def test_the_right_password_forgives_earlier_mistakes(database: Database, clock: SetClock) -> None:
    for _ in range(2):
        guess(database, MOST_FAILURES - 1, at=clock)
        assert opens(database, PASSWORD, at=clock)


def test_a_closed_account_opens_no_more(database: Database, clock: SetClock) -> None:
    with database.write() as session:
        accounts.close_account(session, "lan", by="test", at=clock())

    assert not opens(database, PASSWORD, at=clock)


def test_an_account_for_tokens_only_opens_with_no_password(
    database: Database, clock: SetClock
) -> None:
    with database.write() as session:
        accounts.open_account(session, "reader", role=Role.DEVICE, password=None, by="test", at=NOW)

    assert not opens(database, "", at=clock, name="reader")


def test_neither_password_nor_token_nor_cookie_is_kept(database: Database) -> None:
    with database.write() as session:
        token = accounts.make_token(session, "lan", label="reader", by="test", at=NOW)
        cookie = accounts.start_session(session, "lan", at=NOW, hours=1)

    with database.read() as session:
        kept = "".join(
            str(row)
            for table in ("account", "access_token", "signed_in", "audit_entry")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608  # our own names
        )
    for secret in (PASSWORD, token, cookie):
        assert secret not in kept


def test_a_revoked_token_is_nobodys(database: Database) -> None:
    with database.write() as session:
        token = accounts.make_token(session, "lan", label="reader", by="test", at=NOW)
        actor = accounts.by_token(session, token)
        session.scalars(select(AccessToken)).one().revoked_at = NOW

    assert actor is not None
    assert actor.name == "lan"
    with database.read() as session:
        assert accounts.by_token(session, token) is None


def test_every_token_of_an_account_can_be_revoked_at_once(database: Database) -> None:
    with database.write() as session:
        tokens = [
            accounts.make_token(session, "lan", label="reader", by="test", at=NOW) for _ in range(2)
        ]
        accounts.revoke_tokens(session, "lan", by="test", at=NOW)

    with database.read() as session:
        assert [accounts.by_token(session, token) for token in tokens] == [None, None]


def test_a_name_is_given_once(database: Database) -> None:
    with pytest.raises(AccountExists), database.write() as session:
        accounts.open_account(session, "lan", role=Role.ADMIN, password=None, by="test", at=NOW)


def test_a_short_password_is_refused_and_changes_nothing(
    database: Database, clock: SetClock
) -> None:
    with pytest.raises(PasswordTooShort), database.write() as session:
        accounts.set_password(session, "lan", "ngắn", by="test", at=NOW)

    assert opens(database, PASSWORD, at=clock)


def test_a_password_of_an_account_that_is_not_there_cannot_be_set(database: Database) -> None:
    with pytest.raises(AccountUnknown), database.write() as session:
        accounts.set_password(session, "hung", PASSWORD, by="test", at=NOW)
