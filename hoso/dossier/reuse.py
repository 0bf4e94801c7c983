"""Whether a paper held from earlier serves a requirement now, and if not, why. Pure.

Each refusal is one check in `_CHECKS`, asked in order; a further rule is one function, one `Reason`
and its sentence more. Finding the owner's papers, showing them and recording their use is left to
others.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hoso.dossier.checklist import Requirement
from hoso.dossier.reasons import Reason, sentence_for
from hoso.dossier.trust import Trust
from hoso.dossier.validity import Validity, ValidityKind, end_is_unknown, valid_until


class Reuse(StrEnum):
    """Whether a kind of paper may serve a second dossier at all."""

    REUSABLE = "reusable"
    PER_DOSSIER = "per_dossier"
    PRESENTED_ONLY = "presented_only"
    PURPOSE_BOUND = "purpose_bound"


@dataclass(frozen=True, slots=True)
class PaperRule:
    """What the catalogue says about reusing one kind of paper.

    `serves_as`: the kinds that it replaces (a result, for the paper it was made from).
    """

    validity: Validity
    reuse: Reuse
    least_trust: Trust = Trust.KEYED
    serves_as: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """What the decision needs to know of a paper in the owner's store.

    `purpose` is the procedure it was handed in for; `scope` the agency id within which it is valid
    (None: everywhere); `hidden`: a result that was not handed over yet; `duplicate`: another scan
    of the same paper stands for it.
    """

    component_id: str
    type_key: str
    kept_on: date
    issued_on: date | None = None
    stated_until: date | None = None
    purpose: str | None = None
    revoked: bool = False
    superseded: bool = False
    duplicate: bool = False
    hidden: bool = False
    legible: bool = True
    trust: Trust = Trust.COMPARED
    scope: str | None = None


class Standing(StrEnum):
    """What the checklist says of a requirement."""

    HELD = "held"
    HELD_NOT_REUSABLE = "held_not_reusable"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class Question:
    """For what the paper would serve: the purpose (a procedure's code), the day, the agency.

    `cases` are those of the procedure's special cases that the clerk says hold.
    """

    purpose: str
    on: date
    agency: str = ""
    cases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one requirement. `paper` is the one that serves, or the best that does not.

    `valid_until` is the last day the paper is good, None where no date ends it. `rules` are those
    that were asked, where the paper serves, and otherwise the one that spoke against it: each by
    its name and, after an @, the entry of the catalogue it stands in. `required`: whether it is
    asked for in this case at all.
    """

    requirement: Requirement
    standing: Standing
    reason: Reason
    paper: HeldPaper | None = None
    valid_until: date | None = None
    rules: tuple[str, ...] = field(default=())
    required: bool = True

    @property
    def is_reusable(self) -> bool:
        """Whether the paper need not be handed in again."""
        return self.standing is Standing.HELD

    def sentence(self, language: str = "vi") -> str:
        """The reason in `vi` or `en`, with its date or law where it has one."""
        law = self.requirement.original_by_law or ""
        return sentence_for(self.reason, language, until=self.valid_until, law=law)


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
    kinds = kinds_serving(requirement, rules)
    newest_first = sorted(
        (paper for paper in held if paper.type_key in kinds), key=_age, reverse=True
    )
    judged = [_judge(_Case(requirement, paper, question, rules)) for paper in newest_first]
    serving = (decision for decision in judged if decision.is_reusable)
    return next(serving, None) or next(iter(judged), None) or _needed(requirement, question, rules)


def kinds_serving(requirement: Requirement, rules: Mapping[str, PaperRule]) -> frozenset[str]:
    """The kinds of paper that can serve: those it names, and what replaces one of them."""
    named = frozenset(requirement.any_of)
    return named | {kind for kind, rule in rules.items() if rule.serves_as & named}


@dataclass(frozen=True, slots=True)
class _Case:
    """One paper, held against one requirement."""

    requirement: Requirement
    paper: HeldPaper
    question: Question
    rules: Mapping[str, PaperRule]

    @property
    def rule(self) -> PaperRule:
        return self.rules[self.paper.type_key]

    @property
    def until(self) -> date | None:
        return valid_until(self.rule.validity, self.paper.issued_on, self.paper.stated_until)

    @property
    def least_trust(self) -> Trust:
        return self.rule.least_trust.stricter(self.requirement.least_trust)

    @property
    def is_required(self) -> bool:
        return self.requirement.is_required(self.question.cases)

    @property
    def of_kind(self) -> str:
        return f"component_types/{self.paper.type_key}"

    @property
    def of_line(self) -> str:
        return f"procedures/{self.question.purpose}/{self.requirement.key}"


def _age(paper: HeldPaper) -> tuple[bool, date, date, str]:
    """Duplicates come last: what is said of a paper is said of the scan that stands for it."""
    issued = paper.issued_on or date.min
    return (not paper.duplicate, issued, paper.kept_on, paper.component_id)


def _judge(case: _Case) -> Decision:
    for name, check in _CHECKS.items():
        if reason := check(case):
            return _decision(case, Standing.HELD_NOT_REUSABLE, reason, (_named(name, case),))
    asked = tuple(_named(name, case) for name in _CHECKS)
    return _decision(case, Standing.HELD, _why_valid(case), asked)


def _decision(case: _Case, standing: Standing, reason: Reason, rules: tuple[str, ...]) -> Decision:
    return Decision(
        case.requirement, standing, reason, case.paper, case.until, rules, case.is_required
    )


def _named(name: str, case: _Case) -> str:
    """A rule by its name, and the entry that says what it demands here."""
    if name == "original":
        return f"{name}@{case.of_line}"
    if name == "trust" and case.least_trust is case.requirement.least_trust:
        return f"{name}@{case.of_line}"
    return f"{name}@{case.of_kind}" if name in _OF_KIND else name


def _why_valid(case: _Case) -> Reason:
    if case.until is not None:
        return Reason.VALID_UNTIL
    if case.rule.validity.kind is ValidityKind.UNTIL_CHANGE:
        return Reason.VALID_UNTIL_CHANGE
    return Reason.VALID_UNLIMITED


def _needed(
    requirement: Requirement, question: Question, rules: Mapping[str, PaperRule]
) -> Decision:
    """Nothing is held; say so, or that such papers are never held."""
    kinds = {rules[type_key].reuse for type_key in requirement.any_of}
    reason = Reason.NEVER_HELD
    if kinds == {Reuse.PRESENTED_ONLY}:
        reason = Reason.PRESENTED_ONLY
    elif kinds == {Reuse.PER_DOSSIER}:
        reason = Reason.PER_DOSSIER
    asked = (f"needed@procedures/{question.purpose}/{requirement.key}",)
    required = requirement.is_required(question.cases)
    return Decision(requirement, Standing.NEEDED, reason, rules=asked, required=required)


# The checks, in the order they are asked -----------------------------------------------------


def _revoked(case: _Case) -> Reason | None:
    return Reason.REVOKED if case.paper.revoked else None


def _superseded(case: _Case) -> Reason | None:
    return Reason.SUPERSEDED if case.paper.superseded else None


def _duplicate(case: _Case) -> Reason | None:
    return Reason.DUPLICATE if case.paper.duplicate else None


def _hidden(case: _Case) -> Reason | None:
    return Reason.NOT_HANDED_OVER if case.paper.hidden else None


def _not_for_reuse(case: _Case) -> Reason | None:
    if case.rule.reuse is Reuse.PRESENTED_ONLY:
        return Reason.PRESENTED_ONLY
    if case.rule.reuse is Reuse.PER_DOSSIER:
        return Reason.PER_DOSSIER
    if case.rule.reuse is Reuse.PURPOSE_BOUND and case.paper.purpose != case.question.purpose:
        return Reason.PURPOSE_BOUND
    return None


def _out_of_scope(case: _Case) -> Reason | None:
    scope = case.paper.scope
    return None if scope is None or is_within(case.question.agency, scope) else Reason.WRONG_SCOPE


def _original_demanded(case: _Case) -> Reason | None:
    return Reason.ORIGINAL_DEMANDED if case.requirement.original_by_law else None


def _illegible(case: _Case) -> Reason | None:
    return None if case.paper.legible else Reason.ILLEGIBLE


def _trusted_too_little(case: _Case) -> Reason | None:
    return None if case.paper.trust.is_at_least(case.least_trust) else Reason.TRUST_TOO_LOW


def _outside_its_time(case: _Case) -> Reason | None:
    paper = case.paper
    if paper.issued_on is not None and paper.issued_on > case.question.on:
        return Reason.ISSUED_LATER
    if end_is_unknown(case.rule.validity, paper.issued_on, paper.stated_until):
        return Reason.END_UNKNOWN
    return Reason.EXPIRED if case.until is not None and case.until < case.question.on else None


_CHECKS: Mapping[str, Callable[[_Case], Reason | None]] = {
    "revoked": _revoked,
    "superseded": _superseded,
    "duplicate": _duplicate,
    "handed_over": _hidden,
    "reuse": _not_for_reuse,
    "scope": _out_of_scope,
    "original": _original_demanded,
    "legible": _illegible,
    "trust": _trusted_too_little,
    "validity": _outside_its_time,
}
RULES = ("needed", *_CHECKS)
"""The names of all rules; stable."""

_OF_KIND = frozenset({"reuse", "trust", "validity"})  # what the kind of paper says about itself


def is_within(agency: str, scope: str) -> bool:
    """Whether an agency belongs to another: H57.22.10 to H57.22 and to H57.

    Both orders of QĐ 20/2020 are read: 000.00.12.H62 is H62.12.
    """
    wide = _general_first(scope)
    return _general_first(agency)[: len(wide)] == wide


def _general_first(agency: str) -> list[str]:
    parts = [part for part in agency.split(".") if part.strip("0")]
    return parts[::-1] if parts and parts[-1][0].isalpha() else parts
