"""`Idempotency-Key`: a POST sent twice makes one thing and hears one answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy.orm import Session

from hoso.archive_api.tables import AnsweredRequest
from hoso.db import insert_once
from hoso.errors import IdempotencyKeyReused

Answer = TypeVar("Answer", bound=BaseModel)

IdempotencyKey = Annotated[
    str | None,
    Header(
        max_length=128,
        description="Any text of yours; the same key and body again get the first answer.",
    ),
]


def answer_once(
    session: Session,
    key: str | None,
    make: Callable[[], Answer],
    *,
    kind: type[Answer],
    asked: BaseModel,
    actor: str,
    at: datetime,
) -> Answer:
    """Make the answer, or give the one that the same key got before.

    The key is kept in the transaction that makes the thing: both are there or neither is. It is
    kept first, so that the same request sent twice at once waits here for the other's answer.
    """
    if key is None:
        return make()
    fingerprint = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
    first = insert_once(
        session, AnsweredRequest, actor=actor, key=key, fingerprint=fingerprint, answer={}, at=at
    )
    kept = session.get_one(AnsweredRequest, (actor, key))
    if kept.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if not first:
        return kind.model_validate(kept.answer)
    answer = make()
    kept.answer = answer.model_dump(mode="json")
    return answer
