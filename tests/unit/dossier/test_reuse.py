from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.checklist import Requirement
from hoso.dossier.reuse import (
    HeldPaper,
    PaperRule,
    Question,
    Reason,
    Reuse,
    Standing,
    decide,
)
from hoso.dossier.validity import Validity, ValidityKind, end_is_unknown, valid_until

UNLIMITED = Validity()
SIX_MONTHS = Validity(ValidityKind.MONTHS, 6)
UNTIL_STATED = Validity(ValidityKind.UNTIL_STATED)
UNTIL_CHANGE = Validity(ValidityKind.UNTIL_CHANGE)

RULES = {
    "birth": PaperRule(UNLIMITED, Reuse.REUSABLE),
    "marriage": PaperRule(UNTIL_CHANGE, Reuse.REUSABLE),
    "record": PaperRule(SIX_MONTHS, Reuse.REUSABLE),
    "poor": PaperRule(UNTIL_STATED, Reuse.REUSABLE),
    "single": PaperRule(SIX_MONTHS, Reuse.PURPOSE_BOUND),
    "card": PaperRule(UNTIL_STATED, Reuse.PRESENTED_ONLY),
    "form": PaperRule(UNLIMITED, Reuse.PER_DOSSIER),
}
TODAY = date(2026, 11, 22)
MARRYING = Question("1.000894", TODAY)


def a_requirement(*any_of: str) -> Requirement:
    return Requirement(any_of[0], any_of, "giấy tờ")


def a_paper(kind: str, issued: str | None = "2026-07-01", **facts: object) -> HeldPaper:
    issued_on = date.fromisoformat(issued) if issued else None
    paper = HeldPaper("c1", kind, date(2026, 7, 2), issued_on, purpose="1.000894")
    return replace(paper, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("paper", "standing", "reason", "until"),
    [
        (a_paper("birth", "1990-01-01"), Standing.HELD, Reason.VALID_UNLIMITED, None),
        (a_paper("birth", None), Standing.HELD, Reason.VALID_UNLIMITED, None),
        (a_paper("marriage"), Standing.HELD, Reason.VALID_UNTIL_CHANGE, None),
        (a_paper("record"), Standing.HELD, Reason.VALID_UNTIL, date(2027, 1, 1)),
        (a_paper("record", "2026-05-22"), Standing.HELD, Reason.VALID_UNTIL, TODAY),
        (
            a_paper("record", "2026-05-21"),
            Standing.HELD_NOT_REUSABLE,
            Reason.EXPIRED,
            date(2026, 11, 21),
        ),
        (a_paper("record", None), Standing.HELD_NOT_REUSABLE, Reason.END_UNKNOWN, None),
        (a_paper("record", "2026-11-23"), Standing.HELD_NOT_REUSABLE, Reason.ISSUED_LATER, None),
        (a_paper("poor"), Standing.HELD_NOT_REUSABLE, Reason.END_UNKNOWN, None),
        (
            a_paper("poor", stated_until=date(2026, 12, 31)),
            Standing.HELD,
            Reason.VALID_UNTIL,
            date(2026, 12, 31),
        ),
        (
            a_paper("birth", stated_until=date(2020, 1, 1)),
            Standing.HELD_NOT_REUSABLE,
            Reason.EXPIRED,
            date(2020, 1, 1),
        ),
        (a_paper("birth", revoked=True), Standing.HELD_NOT_REUSABLE, Reason.REVOKED, None),
        (a_paper("single"), Standing.HELD, Reason.VALID_UNTIL, date(2027, 1, 1)),
        (
            a_paper("single", purpose="2.000806"),
            Standing.HELD_NOT_REUSABLE,
            Reason.PURPOSE_BOUND,
            None,
        ),
        (a_paper("single", purpose=None), Standing.HELD_NOT_REUSABLE, Reason.PURPOSE_BOUND, None),
        (a_paper("card"), Standing.HELD_NOT_REUSABLE, Reason.PRESENTED_ONLY, None),
        (a_paper("form"), Standing.HELD_NOT_REUSABLE, Reason.PER_DOSSIER, None),
    ],
)
def test_a_held_paper_is_judged_by_its_kind(
    paper: HeldPaper, standing: Standing, reason: Reason, until: date | None
) -> None:
    decision = decide(a_requirement(paper.type_key), [paper], question=MARRYING, rules=RULES)
    assert (decision.standing, decision.reason, decision.paper) == (standing, reason, paper)
    if until is not None:
        assert decision.valid_until == until


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        (("birth",), Reason.NEVER_HELD),
        (("card",), Reason.PRESENTED_ONLY),
        (("form",), Reason.PER_DOSSIER),
        (("card", "birth"), Reason.NEVER_HELD),
    ],
)
def test_what_is_not_held_is_needed(kinds: tuple[str, ...], reason: Reason) -> None:
    decision = decide(a_requirement(*kinds), [], question=MARRYING, rules=RULES)
    assert (decision.standing, decision.reason) == (Standing.NEEDED, reason)
    assert decision.paper is None


def test_papers_of_other_kinds_do_not_serve() -> None:
    held = [a_paper("marriage")]
    decision = decide(a_requirement("birth"), held, question=MARRYING, rules=RULES)
    assert decision.reason is Reason.NEVER_HELD


def test_either_of_two_alternatives_serves() -> None:
    held = [a_paper("single", "2020-01-01"), a_paper("marriage", component_id="c2")]
    decision = decide(a_requirement("single", "marriage"), held, question=MARRYING, rules=RULES)
    assert decision.is_reusable
    assert decision.paper == held[1]


def test_the_newest_valid_paper_wins_over_a_newer_invalid_one() -> None:
    old = a_paper("record", "2026-06-01", component_id="old")
    newer = a_paper("record", "2026-08-01", component_id="newer")
    revoked = a_paper("record", "2026-10-01", component_id="revoked", revoked=True)
    held = [old, revoked, newer]
    assert decide(a_requirement("record"), held, question=MARRYING, rules=RULES).paper == newer


def test_of_papers_that_do_not_serve_the_newest_is_explained() -> None:
    held = [a_paper("record", "2019-01-01"), a_paper("record", "2020-01-01", component_id="c2")]
    decision = decide(a_requirement("record"), held, question=MARRYING, rules=RULES)
    assert decision.sentence() == "Giấy đang lưu đã hết hạn ngày 01/07/2020. Đề nghị nộp giấy mới."
    assert decision.sentence("en").startswith("The paper held expired on 01/07/2020.")


@pytest.mark.parametrize(
    ("issued", "months", "until"),
    [
        ("2026-05-15", 6, "2026-11-15"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-06-30", 18, "2027-12-30"),
        ("9999-12-31", 6, "9999-12-31"),  # mistyped: no later day can be told
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(
    issued: str, months: int, until: str
) -> None:
    validity = Validity(ValidityKind.MONTHS, months)
    assert valid_until(validity, date.fromisoformat(issued), None) == date.fromisoformat(until)


def test_what_the_paper_states_wins_over_the_rule() -> None:
    stated = date(2028, 7, 1)
    assert valid_until(SIX_MONTHS, date(2026, 7, 1), stated) == stated


@pytest.mark.parametrize(
    ("validity", "unknown"),
    [(UNLIMITED, False), (UNTIL_CHANGE, False), (SIX_MONTHS, True), (UNTIL_STATED, True)],
)
def test_no_date_is_told_apart_from_no_end(validity: Validity, unknown: bool) -> None:  # noqa: FBT001 – a column of the table
    assert valid_until(validity, None, None) is None
    assert end_is_unknown(validity, None, None) is unknown


@pytest.mark.parametrize(("kind", "months"), [("months", 0), ("unlimited", 6)])
def test_a_validity_that_contradicts_itself_is_refused(kind: str, months: int) -> None:
    with pytest.raises(ValueError, match="months"):
        Validity(ValidityKind(kind), months)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_can_be_said(reason: Reason, language: str) -> None:
    decision = decide(a_requirement("birth"), [], question=MARRYING, rules=RULES)
    sentence = replace(decision, reason=reason, valid_until=TODAY).sentence(language)
    assert sentence.endswith(".")
    assert "{" not in sentence


# Properties -------------------------------------------------------------------------------------

days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
papers = st.lists(
    st.builds(
        HeldPaper,
        component_id=st.integers(0, 99).map(str),
        type_key=st.sampled_from(sorted(RULES)),
        kept_on=days,
        issued_on=st.none() | days,
        stated_until=st.none() | days,
        purpose=st.none() | st.sampled_from(["1.000894", "2.000806"]),
        revoked=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda paper: paper.component_id,
)
requirements = st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=3, unique=True).map(
    lambda kinds: a_requirement(*kinds)
)


@given(requirements, papers.flatmap(lambda held: st.tuples(st.just(held), st.permutations(held))))
def test_the_order_of_papers_does_not_matter(
    requirement: Requirement, held: tuple[list[HeldPaper], list[HeldPaper]]
) -> None:
    first, second = (decide(requirement, each, question=MARRYING, rules=RULES) for each in held)
    assert first == second


@given(requirements, papers)
def test_a_per_dossier_or_presented_paper_is_never_reused(
    requirement: Requirement, held: list[HeldPaper]
) -> None:
    decision = decide(requirement, held, question=MARRYING, rules=RULES)
    if decision.is_reusable:
        assert decision.paper is not None
        assert decision.paper.type_key not in ("form", "card")
        assert not decision.paper.revoked


@given(requirements, papers, st.timedeltas(timedelta(days=1), timedelta(days=900)))
def test_a_paper_that_serves_later_serves_today_unless_issued_since(
    requirement: Requirement, held: list[HeldPaper], later: timedelta
) -> None:
    then = decide(requirement, held, question=replace(MARRYING, on=TODAY + later), rules=RULES)
    issued_by_today = [paper for paper in held if (paper.issued_on or TODAY) <= TODAY]
    if then.is_reusable and then.paper in issued_by_today:
        assert decide(requirement, held, question=MARRYING, rules=RULES).is_reusable


@given(requirements, papers, papers)
def test_holding_more_never_means_being_asked_for_more(
    requirement: Requirement, held: list[HeldPaper], more: list[HeldPaper]
) -> None:
    if decide(requirement, held, question=MARRYING, rules=RULES).is_reusable:
        assert decide(requirement, held + more, question=MARRYING, rules=RULES).is_reusable
