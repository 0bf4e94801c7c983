"""The decision against a table written by hand, and what holds for every paper and question."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.checklist import Requirement
from hoso.dossier.reuse import (
    RULES,
    HeldPaper,
    PaperRule,
    Question,
    Reuse,
    Standing,
    decide,
    is_within,
    kinds_serving,
)
from hoso.dossier.trust import Trust
from hoso.dossier.validity import Validity, ValidityKind

SIX_MONTHS = Validity(ValidityKind.MONTHS, 6)
UNTIL_STATED = Validity(ValidityKind.UNTIL_STATED)
KINDS = {
    "birth": PaperRule(Validity(), Reuse.REUSABLE),
    "marriage": PaperRule(Validity(ValidityKind.UNTIL_CHANGE), Reuse.REUSABLE),
    "record": PaperRule(SIX_MONTHS, Reuse.REUSABLE),
    "year": PaperRule(Validity(ValidityKind.MONTHS, 12), Reuse.REUSABLE),
    "poor": PaperRule(UNTIL_STATED, Reuse.REUSABLE),
    "single": PaperRule(SIX_MONTHS, Reuse.PURPOSE_BOUND),
    "power": PaperRule(UNTIL_STATED, Reuse.PURPOSE_BOUND),
    "strict": PaperRule(Validity(), Reuse.REUSABLE, Trust.COMPARED),
    "signed": PaperRule(Validity(), Reuse.REUSABLE, Trust.E_SIGNED),
    "loose": PaperRule(Validity(), Reuse.REUSABLE, Trust.OCR_ONLY),
    "result": PaperRule(Validity(), Reuse.REUSABLE, serves_as=frozenset({"birth", "record"})),
    "card": PaperRule(UNTIL_STATED, Reuse.PRESENTED_ONLY),
    "form": PaperRule(Validity(), Reuse.PER_DOSSIER),
}
TODAY = date(2026, 11, 22)
MARRYING, HERE = "1.000894", "H57.22.10"
CLEARED = dict.fromkeys(("revoked", "superseded", "duplicate", "hidden"), False)
MARKS = ("revoked", "superseded", "duplicate", "hidden", "illegible")


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    line: int
    held: list[HeldPaper]
    requirement: Requirement
    question: Question
    decided: str


def rows() -> Iterator[Row]:
    text = (Path(__file__).parent / "decisions.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith("#"):
            paper, asks, decided = (part.strip() for part in line.split("|"))
            yield a_row(number, paper.split(), asks.split(), decided)


def a_row(number: int, paper: list[str], asks: list[str], decided: str) -> Row:
    facts = dict(word.split("=") for word in asks if "=" in word)
    kinds = tuple(facts["any"].split(",")) if "any" in facts else (paper[0],)
    requirement = Requirement(
        kinds[0],
        kinds,
        "giấy tờ",
        optional="optional" in asks,
        when=facts.get("when"),
        original_by_law=facts.get("law"),
        least_trust=Trust(facts["least"]) if "least" in facts else None,
    )
    on = date.fromisoformat(facts["on"]) if "on" in facts else TODAY
    cases = frozenset(facts.get("case", "").split(","))
    question = Question(MARRYING, on, facts.get("agency", HERE), cases)
    held = [] if paper == ["-"] else [a_paper(paper[0], paper[1:])]
    return Row(number, held, requirement, question, decided)


def a_paper(kind: str, words: list[str]) -> HeldPaper:
    facts = dict(word.split("=") for word in words if "=" in word)
    days = {name: date.fromisoformat(facts[name]) for name in ("issued", "until") if name in facts}
    return HeldPaper(
        "c1",
        kind,
        date(2026, 11, 1),
        days.get("issued"),
        days.get("until"),
        facts.get("for"),
        revoked="revoked" in words,
        superseded="superseded" in words,
        duplicate="duplicate" in words,
        hidden="hidden" in words,
        legible="illegible" not in words,
        trust=Trust(facts.get("trust", "compared")),
        scope=facts.get("scope"),
    )


TABLE = list(rows())


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"line-{row.line}")
def test_each_case_is_decided_as_the_table_says(row: Row) -> None:
    made = decide(row.requirement, row.held, question=row.question, rules=KINDS)

    said = f"{made.standing} {made.reason}{'' if made.required else ' !'}"
    assert said == row.decided


def test_the_table_is_long_and_speaks_of_every_kind_and_reason() -> None:
    from hoso.dossier.reasons import Reason

    assert len(TABLE) >= 150
    assert {paper.type_key for row in TABLE for paper in row.held} == set(KINDS)
    assert {row.decided.split()[1] for row in TABLE} == set(Reason)


# What a decision rests on --------------------------------------------------------------------


def test_a_paper_that_serves_names_every_rule_it_was_held_against() -> None:
    held = [a_paper("strict", [])]
    made = decide(Requirement("strict", ("strict",), "x"), held, question=ASKED, rules=KINDS)

    assert [rule.partition("@")[0] for rule in made.rules] == list(RULES[1:])
    assert "validity@component_types/strict" in made.rules
    assert "original@procedures/1.000894/strict" in made.rules


def test_a_refusal_names_the_one_rule_and_where_it_stands() -> None:
    def rule(requirement: Requirement, *words: str) -> tuple[str, ...]:
        held = [a_paper("birth", list(words))]
        return decide(requirement, held, question=ASKED, rules=KINDS).rules

    plain = Requirement("birth", ("birth",), "x")
    assert rule(plain, "revoked") == ("revoked",)
    assert rule(plain, "trust=ocr_only") == ("trust@component_types/birth",)
    strict = replace(plain, least_trust=Trust.E_SIGNED)
    assert rule(strict) == ("trust@procedures/1.000894/birth",)
    assert rule(plain, "until=2020-01-01") == ("validity@component_types/birth",)
    by_law = replace(plain, original_by_law="Luật Đất đai 2024")
    assert rule(by_law) == ("original@procedures/1.000894/birth",)


def test_the_law_that_demands_an_original_is_named_in_the_sentence() -> None:
    by_law = Requirement("birth", ("birth",), "x", original_by_law="Điều 9 Luật Đất đai")
    made = decide(by_law, [a_paper("birth", [])], question=ASKED, rules=KINDS)
    assert made.sentence() == "Phải nộp bản chính theo Điều 9 Luật Đất đai. Đề nghị nộp bản chính."


def test_the_scale_of_trust_has_one_order() -> None:
    scale = list(Trust)
    for place, level in enumerate(scale):
        assert [level.is_at_least(least) for least in scale] == [
            place <= other for other in range(len(scale))
        ]
        assert level.stricter(None) is level
        assert {level.stricter(other) for other in scale[place:]} == {level}


# Properties ----------------------------------------------------------------------------------

ASKED = Question(MARRYING, TODAY, HERE)
days = st.dates(date(2024, 1, 1), date(2029, 1, 1))
papers = st.builds(
    HeldPaper,
    component_id=st.integers(0, 999).map(str),
    type_key=st.sampled_from(sorted(KINDS)),
    kept_on=days,
    issued_on=st.none() | days,
    stated_until=st.none() | days,
    purpose=st.none() | st.sampled_from([MARRYING, "2.000806"]),
    revoked=st.sampled_from([False, False, True]),
    superseded=st.sampled_from([False, False, True]),
    duplicate=st.sampled_from([False, False, True]),
    hidden=st.sampled_from([False, False, True]),
    legible=st.sampled_from([True, True, False]),
    trust=st.sampled_from(Trust),
    scope=st.none() | st.sampled_from(["H57", "H58", HERE]),
)
stacks = st.lists(papers, max_size=6, unique_by=lambda paper: paper.component_id)
requirements = st.builds(
    lambda kinds, law, least: Requirement(
        kinds[0], tuple(kinds), "x", original_by_law=law, least_trust=least
    ),
    st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3, unique=True),
    st.sampled_from([None, None, None, "Luật X"]),
    st.none() | st.sampled_from(Trust),
)


@given(requirements, stacks, st.randoms())
def test_the_decision_is_the_same_whenever_and_in_whatever_order_it_is_asked(
    requirement: Requirement, held: list[HeldPaper], shuffle: object
) -> None:
    first = decide(requirement, held, question=ASKED, rules=KINDS)
    shuffle.shuffle(held)  # type: ignore[attr-defined]
    assert decide(requirement, held, question=ASKED, rules=dict(reversed(KINDS.items()))) == first


@given(requirements, papers, st.integers(0, 900))
def test_a_longer_validity_never_takes_a_paper_away(
    requirement: Requirement, paper: HeldPaper, more: int
) -> None:
    if not decide(requirement, [paper], question=ASKED, rules=KINDS).is_reusable:
        return
    if paper.stated_until is not None:
        paper = replace(paper, stated_until=paper.stated_until + timedelta(days=more))
        assert decide(requirement, [paper], question=ASKED, rules=KINDS).is_reusable
    longer = {
        kind: replace(rule, validity=replace(rule.validity, months=rule.validity.months + more))
        if rule.validity.kind is ValidityKind.MONTHS
        else rule
        for kind, rule in KINDS.items()
    }
    assert decide(requirement, [paper], question=ASKED, rules=longer).is_reusable


@given(requirements, papers)
def test_more_trust_and_fewer_marks_never_take_a_paper_away(
    requirement: Requirement, paper: HeldPaper
) -> None:
    if decide(requirement, [paper], question=ASKED, rules=KINDS).is_reusable:
        better = replace(paper, trust=Trust.E_SIGNED, scope=None)
        assert decide(requirement, [better], question=ASKED, rules=KINDS).is_reusable
    cleared = replace(paper, **CLEARED, legible=True)
    if decide(requirement, [paper], question=ASKED, rules=KINDS).is_reusable:
        assert cleared == paper


@given(requirements, stacks)
def test_what_serves_is_of_a_kind_that_may_serve_and_nothing_stands_against_it(
    requirement: Requirement, held: list[HeldPaper]
) -> None:
    made = decide(requirement, held, question=ASKED, rules=KINDS)
    if made.standing is not Standing.HELD:
        return
    paper = made.paper
    assert paper is not None
    assert KINDS[paper.type_key].reuse not in (Reuse.PER_DOSSIER, Reuse.PRESENTED_ONLY)
    assert paper.type_key in kinds_serving(requirement, KINDS)
    assert {paper.revoked, paper.superseded, paper.duplicate, paper.hidden} == {False}
    assert paper.legible
    assert requirement.original_by_law is None
    assert paper.trust.is_at_least(KINDS[paper.type_key].least_trust)
    assert (paper.issued_on or TODAY) <= TODAY <= (made.valid_until or TODAY)
    assert paper.scope is None or is_within(HERE, paper.scope)


@given(requirements, stacks, papers)
def test_holding_more_never_means_being_asked_for_more(
    requirement: Requirement, held: list[HeldPaper], another: HeldPaper
) -> None:
    if decide(requirement, held, question=ASKED, rules=KINDS).is_reusable:
        more = [*held, replace(another, component_id="another")]
        assert decide(requirement, more, question=ASKED, rules=KINDS).is_reusable
