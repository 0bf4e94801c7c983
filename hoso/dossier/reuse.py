"""Whether a paper held from earlier serves a requirement now, and if not, why.

Each refusal is one check in `_CHECKS`, asked in order: a further rule (least trust, superseded,
illegible) is one function more and one `Reason`. Finding the owner's papers, showing them and
recording their use is left to others.
"""

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hoso.dossier.checklist import Requirement


class ValidityKind(StrEnum):
    """What ends a paper's validity, unless the paper itself states a last day."""

    UNLIMITED = "unlimited"
    MONTHS = "months"  # so many from the day of issue
    UNTIL_STATED = "until_stated"  # only a date read on the paper can tell
    UNTIL_CHANGE = "until_change"  # an event, not a date: a revocation ends it


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a kind of paper is good for."""

    kind: ValidityKind = ValidityKind.UNLIMITED
    months: int = 0

    def __post_init__(self) -> None:
        if (self.kind is ValidityKind.MONTHS) != (self.months > 0):
            raise ValueError("months of validity belong to the kind 'months', at least 1")


class Reuse(StrEnum):
    """Whether a kind of paper may serve a second dossier at all."""

    REUSABLE = "reusable"
    PER_DOSSIER = "per_dossier"
    PRESENTED_ONLY = "presented_only"
    PURPOSE_BOUND = "purpose_bound"


@dataclass(frozen=True, slots=True)
class PaperRule:
    """What the catalogue says about reusing one kind of paper."""

    validity: Validity
    reuse: Reuse


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """What the decision needs to know of a paper in the owner's store."""

    component_id: str
    type_key: str
    kept_on: date
    issued_on: date | None = None
    stated_until: date | None = None
    purpose: str | None = None
    revoked: bool = False


class Standing(StrEnum):
    """What the checklist says of a requirement."""

    HELD = "held"
    HELD_NOT_REUSABLE = "held_not_reusable"
    NEEDED = "needed"


class Reason(StrEnum):
    """Why; stable, so that programs and reports may rely on it."""

    VALID_UNTIL = "valid_until"
    VALID_UNTIL_CHANGE = "valid_until_change"
    VALID_UNLIMITED = "valid_unlimited"
    REVOKED = "revoked"
    PRESENTED_ONLY = "presented_only"
    PER_DOSSIER = "per_dossier"
    PURPOSE_BOUND = "purpose_bound"
    ISSUED_LATER = "issued_later"
    END_UNKNOWN = "end_unknown"
    EXPIRED = "expired"
    NEVER_HELD = "never_held"


@dataclass(frozen=True, slots=True)
class Question:
    """For what the paper would serve: the purpose (a procedure's code) and the day."""

    purpose: str
    on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one requirement. `paper` is the one that serves, or the best that does not.

    `valid_until` is the last day the paper is good, None where no date ends it.
    """

    requirement: Requirement
    standing: Standing
    reason: Reason
    paper: HeldPaper | None = None
    valid_until: date | None = None

    @property
    def is_reusable(self) -> bool:
        """Whether the paper need not be handed in again."""
        return self.standing is Standing.HELD

    def sentence(self, language: str = "vi") -> str:
        """The reason in `vi` or `en`, with its date where it has one."""
        until = f"{self.valid_until:%d/%m/%Y}" if self.valid_until else ""
        return _SENTENCES["en" if language == "en" else "vi"][self.reason].format(until=until)


def valid_until(
    validity: Validity, issued_on: date | None, stated_until: date | None
) -> date | None:
    """The last day a paper is good; None where no date ends it or none can be told.

    What the paper states wins over the rule. `end_is_unknown` tells the two Nones apart.
    """
    if stated_until is not None:
        return stated_until
    if validity.kind is ValidityKind.MONTHS and issued_on is not None:
        return _months_later(issued_on, validity.months)
    return None


def end_is_unknown(validity: Validity, issued_on: date | None, stated_until: date | None) -> bool:
    """Whether the paper ends on some day that nobody has read yet."""
    ends_by_date = validity.kind in (ValidityKind.MONTHS, ValidityKind.UNTIL_STATED)
    return ends_by_date and valid_until(validity, issued_on, stated_until) is None


def decide(
    requirement: Requirement,
    held: Iterable[HeldPaper],
    *,
    question: Question,
    rules: Mapping[str, PaperRule],
) -> Decision:
    """Which of the owner's papers serves the requirement: the newest valid one.

    `held` may hold papers of other kinds; `rules` must know every kind the requirement names.
    The order of `held` does not matter.
    """
    newest_first = sorted(
        (paper for paper in held if paper.type_key in requirement.any_of), key=_age, reverse=True
    )
    judged = [_judge(requirement, paper, question, rules[paper.type_key]) for paper in newest_first]
    serving = (decision for decision in judged if decision.is_reusable)
    return next(serving, None) or next(iter(judged), None) or _needed(requirement, rules)


def _age(paper: HeldPaper) -> tuple[date, date, str]:
    return (paper.issued_on or date.min, paper.kept_on, paper.component_id)


def _judge(
    requirement: Requirement, paper: HeldPaper, question: Question, rule: PaperRule
) -> Decision:
    until = valid_until(rule.validity, paper.issued_on, paper.stated_until)
    for check in _CHECKS:
        if reason := check(paper, rule, question):
            return Decision(requirement, Standing.HELD_NOT_REUSABLE, reason, paper, until)
    return Decision(requirement, Standing.HELD, _why_valid(rule, until), paper, until)


def _why_valid(rule: PaperRule, until: date | None) -> Reason:
    if until is not None:
        return Reason.VALID_UNTIL
    if rule.validity.kind is ValidityKind.UNTIL_CHANGE:
        return Reason.VALID_UNTIL_CHANGE
    return Reason.VALID_UNLIMITED


def _needed(requirement: Requirement, rules: Mapping[str, PaperRule]) -> Decision:
    """Nothing is held; say so, or that such papers are never held."""
    kinds = {rules[type_key].reuse for type_key in requirement.any_of}
    if kinds == {Reuse.PRESENTED_ONLY}:
        return Decision(requirement, Standing.NEEDED, Reason.PRESENTED_ONLY)
    if kinds == {Reuse.PER_DOSSIER}:
        return Decision(requirement, Standing.NEEDED, Reason.PER_DOSSIER)
    return Decision(requirement, Standing.NEEDED, Reason.NEVER_HELD)


# The checks, in the order they are asked -----------------------------------------------------


def _not_for_reuse(paper: HeldPaper, rule: PaperRule, question: Question) -> Reason | None:
    if rule.reuse is Reuse.PRESENTED_ONLY:
        return Reason.PRESENTED_ONLY
    if rule.reuse is Reuse.PER_DOSSIER:
        return Reason.PER_DOSSIER
    if rule.reuse is Reuse.PURPOSE_BOUND and paper.purpose != question.purpose:
        return Reason.PURPOSE_BOUND
    return None


def _revoked(paper: HeldPaper, _rule: PaperRule, _question: Question) -> Reason | None:
    return Reason.REVOKED if paper.revoked else None


def _outside_its_time(paper: HeldPaper, rule: PaperRule, question: Question) -> Reason | None:
    if paper.issued_on is not None and paper.issued_on > question.on:
        return Reason.ISSUED_LATER
    if end_is_unknown(rule.validity, paper.issued_on, paper.stated_until):
        return Reason.END_UNKNOWN
    until = valid_until(rule.validity, paper.issued_on, paper.stated_until)
    return Reason.EXPIRED if until is not None and until < question.on else None


_CHECKS: tuple[Callable[[HeldPaper, PaperRule, Question], Reason | None], ...] = (
    _revoked,
    _not_for_reuse,
    _outside_its_time,
)

_SENTENCES: Mapping[str, Mapping[Reason, str]] = {
    "vi": {
        Reason.VALID_UNTIL: "Đã có, dùng lại được đến hết ngày {until}.",
        Reason.VALID_UNTIL_CHANGE: "Đã có, dùng lại được đến khi nội dung thay đổi.",
        Reason.VALID_UNLIMITED: "Đã có, dùng lại được, không thời hạn.",
        Reason.REVOKED: "Giấy đang lưu đã bị thu hồi hoặc hủy. Đề nghị nộp giấy mới.",
        Reason.PRESENTED_ONLY: "Chỉ xuất trình để đối chiếu, không nộp và không lưu.",
        Reason.PER_DOSSIER: "Lập mới cho mỗi hồ sơ. Đề nghị nộp cho hồ sơ này.",
        Reason.PURPOSE_BOUND: "Giấy đang lưu cấp cho mục đích khác. Đề nghị nộp giấy mới.",
        Reason.ISSUED_LATER: "Giấy đang lưu ghi ngày cấp sau hôm nay. Hãy kiểm tra lại.",
        Reason.END_UNKNOWN: "Chưa rõ giấy đang lưu có hạn đến ngày nào. Hãy nhập ngày cấp.",
        Reason.EXPIRED: "Giấy đang lưu đã hết hạn ngày {until}. Đề nghị nộp giấy mới.",
        Reason.NEVER_HELD: "Chưa có trong kho. Đề nghị nộp.",
    },
    "en": {
        Reason.VALID_UNTIL: "Held; can be used again until the end of {until}.",
        Reason.VALID_UNTIL_CHANGE: "Held; can be used again until what it says changes.",
        Reason.VALID_UNLIMITED: "Held; can be used again without limit.",
        Reason.REVOKED: "The paper held was revoked or annulled. Ask for a new one.",
        Reason.PRESENTED_ONLY: "Only presented for comparison; neither handed in nor kept.",
        Reason.PER_DOSSIER: "Made anew for every dossier. Ask for this dossier's own.",
        Reason.PURPOSE_BOUND: "The paper held is for another purpose. Ask for a new one.",
        Reason.ISSUED_LATER: "Its day of issue is yet to come. Check the date of the paper held.",
        Reason.END_UNKNOWN: "Nobody has read until when it is valid. Enter its dates.",
        Reason.EXPIRED: "The paper held expired on {until}. Ask for a new one.",
        Reason.NEVER_HELD: "Not held. Ask for it.",
    },
}


def _months_later(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day if it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:  # a date mistyped far ahead must not break every later lookup
        return date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
