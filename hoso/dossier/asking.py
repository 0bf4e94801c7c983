"""Asking for a paper although the archive holds one that serves: only with a recorded reason.

Agencies may not ask for what they hold (Luật Chuyển đổi số 148/2025/QH15; NĐ 45/2020/NĐ-CP), so a
clerk who does says why, and the reason stays with the dossier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.dossier.reuse import Decision
from hoso.dossier.tables import AskedAgain, Dossier
from hoso.errors import HeldAlready, ReasonMissing

_LONGEST = 500


class AskReason(StrEnum):
    """Why a paper that serves is asked for all the same."""

    CONTENT_CHANGED = "content_changed"
    ILLEGIBLE = "illegible"
    ORIGINAL_NEEDED = "original_needed"  # the note names the law
    OWNER_WISHES = "owner_wishes"
    OTHER = "other"  # the note says what


NEED_A_NOTE = frozenset({AskReason.ORIGINAL_NEEDED, AskReason.OTHER})

REASONS: Mapping[str, Mapping[AskReason, str]] = {
    "vi": {
        AskReason.CONTENT_CHANGED: "Nội dung đã thay đổi",
        AskReason.ILLEGIBLE: "Bản đang lưu không đọc được",
        AskReason.ORIGINAL_NEEDED: "Luật chuyên ngành yêu cầu bản chính (ghi rõ)",
        AskReason.OWNER_WISHES: "Người nộp muốn nộp bản mới",
        AskReason.OTHER: "Lý do khác (ghi rõ)",
    },
    "en": {
        AskReason.CONTENT_CHANGED: "What it says has changed",
        AskReason.ILLEGIBLE: "The copy held cannot be read",
        AskReason.ORIGINAL_NEEDED: "A special law demands the original (say which)",
        AskReason.OWNER_WISHES: "The submitter wants to hand in a new one",
        AskReason.OTHER: "Another reason (say which)",
    },
}


@dataclass(frozen=True, slots=True)
class Ask:
    """A clerk's reason for asking again."""

    reason: AskReason
    note: str = ""


def settle(
    session: Session,
    dossier: Dossier,
    decisions: Iterable[Decision],
    *,
    reused: Iterable[str],
    asked: Mapping[str, Ask],
    by: str,
    at: datetime,
) -> None:
    """Keep the reasons.

    Refuses with HeldAlready where a paper that serves is passed over in silence, and with
    ReasonMissing where a reason says nothing without its note.
    """
    passed_over = [
        decision
        for decision in decisions
        if decision.is_reusable and decision.required and decision.requirement.key not in {*reused}
    ]
    silent = [one.requirement for one in passed_over if one.requirement.key not in asked]
    if silent:
        raise HeldAlready(
            papers="; ".join(requirement.name for requirement in silent),
            requirements=[requirement.key for requirement in silent],
        )
    session.add_all(
        _kept(dossier, decision, asked[decision.requirement.key], by, at)
        for decision in passed_over
    )


def of_dossier(session: Session, code: str) -> list[AskedAgain]:
    """What was asked for again, and why."""
    query = select(AskedAgain).where(AskedAgain.dossier_code == code)
    return list(session.scalars(query.order_by(AskedAgain.requirement)))


def _kept(dossier: Dossier, decision: Decision, ask: Ask, by: str, at: datetime) -> AskedAgain:
    note = " ".join(ask.note.split())[:_LONGEST]
    if ask.reason in NEED_A_NOTE and not note:
        raise ReasonMissing
    return AskedAgain(
        dossier_code=dossier.code,
        requirement=decision.requirement.key,
        component_id=decision.paper.component_id if decision.paper else "",
        reason=ask.reason,
        note=note,
        by=by,
        at=at,
    )
