"""Who may sign in: accounts, their open sessions, tokens for programs and desks."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hoso.db import Moment, Table


class Account(Table):
    """A person (or a desk's device) with a role. Passwords are kept as Argon2 hashes only."""

    __tablename__ = "account"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    full_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    desk: Mapped[str | None] = mapped_column(String(40))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(Integer, default=0)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class SignedIn(Table):
    """An open session of a page; the cookie's SHA-256, never the cookie."""

    __tablename__ = "signed_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_name: Mapped[str] = mapped_column(ForeignKey("account.name"))
    form_token: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment)

    account: Mapped[Account] = relationship(lazy="joined")


class AccessToken(Table):
    """A program's or desk's token; its SHA-256, never the token."""

    __tablename__ = "access_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_name: Mapped[str] = mapped_column(ForeignKey("account.name"))
    label: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account] = relationship(lazy="joined")


class AnsweredRequest(Table):
    """What a POST with an Idempotency-Key was answered, so that a repeat hears the same."""

    __tablename__ = "answered_request"

    actor: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)
