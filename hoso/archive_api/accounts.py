"""Accounts and how one shows to be their holder: a password, a session cookie, an access token."""

import hashlib
import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hoso.archive_api.tables import AccessToken, Account, SignedIn
from hoso.audit import log as audit
from hoso.db import for_change, insert_once
from hoso.errors import (
    AccountExists,
    AccountUnknown,
    PasswordTooShort,
    SignInTooOften,
)

LEAST_PASSWORD_CHARACTERS = 10
MOST_FAILURES = 10
FAILURE_WINDOW = timedelta(minutes=15)

_hasher = PasswordHasher()
# Each takes 64 MB for a moment; anybody may ask for as many as the server has threads.
_few_at_once = threading.Semaphore(2)
# Verified when the name is unknown, so that a wrong name takes as long as a wrong password.
_NOBODYS_HASH = _hasher.hash(secrets.token_hex(16))


class Role(StrEnum):
    """What somebody may do; routes say which roles they take."""

    CLERK = "clerk"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking. `form_token` is set when a page's cookie showed it."""

    name: str
    full_name: str
    role: Role
    desk: str | None = None
    form_token: str | None = None


def open_account(
    session: Session,
    name: str,
    *,
    role: Role,
    password: str | None,
    full_name: str = "",
    desk: str | None = None,
    by: str,
    at: datetime,
) -> None:
    """Make an account; without a password it can only be used through access tokens."""
    made = insert_once(
        session,
        Account,
        name=name,
        full_name=full_name or name,
        role=role.value,
        desk=desk,
        password_hash=_hash(password) if password is not None else None,
    )
    if not made:
        raise AccountExists(name=name)
    audit.record(session, "account.opened", f"account:{name}", actor=by, at=at, role=role.value)


def full_names(session: Session, names: Collection[str]) -> dict[str, str]:
    """What the people behind these accounts are called; programs and old accounts may be absent."""
    query = select(Account.name, Account.full_name).where(Account.name.in_(names))
    return dict(session.execute(query).all())


def set_password(session: Session, name: str, password: str, *, by: str, at: datetime) -> None:
    """Give an account a new password and end its open sessions."""
    account = _account(session, name)
    account.password_hash = _hash(password)
    account.failures = 0
    session.execute(delete(SignedIn).where(SignedIn.account_name == name))
    audit.record(session, "account.password_set", f"account:{name}", actor=by, at=at)


def close_account(session: Session, name: str, *, by: str, at: datetime) -> None:
    """Let nobody in by this account any more; what it did stays in the log."""
    account = _account(session, name)
    account.closed_at = at
    session.execute(delete(SignedIn).where(SignedIn.account_name == name))
    audit.record(session, "account.closed", f"account:{name}", actor=by, at=at)


def check_password(session: Session, name: str, password: str, *, at: datetime) -> bool:
    """Whether the password opens the account; failures are counted in this transaction.

    Raises SignInTooOften after ten failures within a quarter of an hour.
    """
    right = opens(session, name, password)
    count_attempt(session, name, right=right, at=at)
    return right


def opens(session: Session, name: str, password: str) -> bool:
    """Whether the password is the account's. Slow on purpose: ask it where nothing is locked."""
    account = session.get(Account, name)
    known = account is not None and account.closed_at is None
    with _few_at_once:
        return _matches(account.password_hash if account and known else None, password)


def count_attempt(session: Session, name: str, *, right: bool, at: datetime) -> None:
    """Count a wrong password, forget earlier ones after a right one. Raises SignInTooOften."""
    # Locked: a thousand guesses at once count as a thousand.
    account = session.scalar(for_change(select(Account).where(Account.name == name)))
    if account and account.failed_at and at - account.failed_at > FAILURE_WINDOW:
        account.failures = 0
    if account and account.failures >= MOST_FAILURES:
        raise SignInTooOften(minutes=int(FAILURE_WINDOW.total_seconds() // 60))
    if account:
        account.failures = 0 if right else account.failures + 1
        account.failed_at = account.failed_at if right else at


def start_session(session: Session, name: str, *, at: datetime, hours: int) -> str:
    """Open a page session and give its cookie value."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(SignedIn).where(SignedIn.expires_at < at))
    session.add(
        SignedIn(
            token_hash=_digest(token),
            account_name=name,
            form_token=secrets.token_urlsafe(24),
            expires_at=at + timedelta(hours=hours),
        )
    )
    audit.record(session, "account.signed_in", f"account:{name}", actor=name, at=at)
    return token


def end_session(session: Session, token: str) -> None:
    """Forget a page session."""
    session.execute(delete(SignedIn).where(SignedIn.token_hash == _digest(token)))


def make_token(session: Session, name: str, *, label: str, by: str, at: datetime) -> str:
    """Make an access token for an account; it is shown once and kept as a hash."""
    _account(session, name)
    token = "hoso_" + secrets.token_urlsafe(32)
    session.add(AccessToken(token_hash=_digest(token), account_name=name, label=label, made_at=at))
    audit.record(session, "token.made", f"account:{name}", actor=by, at=at, label=label)
    return token


def revoke_tokens(session: Session, name: str, *, by: str, at: datetime) -> None:
    """Make every access token of an account worthless; the account itself stays open."""
    _account(session, name)
    tokens = update(AccessToken).where(AccessToken.account_name == name)
    session.execute(tokens.where(AccessToken.revoked_at.is_(None)).values(revoked_at=at))
    audit.record(session, "token.revoked", f"account:{name}", actor=by, at=at)


def by_cookie(session: Session, token: str, *, at: datetime) -> Actor | None:
    """The holder of a page session that has not run out."""
    found = session.get(SignedIn, _digest(token))
    if found is None or found.expires_at <= at or found.account.closed_at:
        return None
    return _actor(found.account, form_token=found.form_token)


def by_token(session: Session, token: str) -> Actor | None:
    """The holder of an access token that was not revoked."""
    found = session.get(AccessToken, _digest(token))
    if found is None or found.revoked_at or found.account.closed_at:
        return None
    return _actor(found.account)


def _account(session: Session, name: str) -> Account:
    account = session.get(Account, name)
    if account is None:
        raise AccountUnknown(name=name)
    return account


def _actor(account: Account, *, form_token: str | None = None) -> Actor:
    return Actor(account.name, account.full_name, Role(account.role), account.desk, form_token)


def _hash(password: str) -> str:
    if len(password) < LEAST_PASSWORD_CHARACTERS:
        raise PasswordTooShort(least=LEAST_PASSWORD_CHARACTERS)
    return _hasher.hash(password)


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        _hasher.verify(password_hash or _NOBODYS_HASH, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
