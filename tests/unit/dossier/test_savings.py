"""What counts as spared, figure by figure; and that no set of dossiers can contradict itself."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.savings import (
    FIGURES,
    Counts,
    Line,
    Paper,
    Place,
    Received,
    Share,
    contradictions,
    counts_of,
    total,
)

HERE = Place("civil_status", "1.000894", "counter-1")
FORM = Line("form", fetched=False)
CARD = Line("card", fetched=False)
MARRIAGE = Line("marriage")
HOUSE = Line("house", copies=3)
IF_ANY = Line("if_any", optional=True)


def reused(line: str | None, pages: int = 1, **more: object) -> Paper:
    return replace(Paper(line, pages, reused=True, from_store=True), **more)  # type: ignore[arg-type]


def new(line: str | None, pages: int = 1, **more: object) -> Paper:
    return replace(Paper(line, pages), **more)  # type: ignore[arg-type]


FILLED_IN = new("form", fetched=False)


def counted(lines: tuple[Line, ...], *papers: Paper, **more: int) -> Counts:
    return counts_of(Received(HERE, lines, papers, **more))


@pytest.mark.parametrize(
    ("papers", "lines", "pages", "copies"),
    [
        ((), 0, 0, 0),
        ((new("house", 4),), 0, 0, 0),
        ((reused("house", 4),), 1, 4, 3),
        ((reused("house", 4, blank=1),), 1, 3, 3),
        ((reused("house", 4, blank=4),), 1, 0, 3),
        ((reused("house", 4), reused("marriage", 2)), 2, 6, 4),
        # The same line served anew, too: it was asked for.
        ((reused("house", 4), new("house", 1)), 0, 0, 0),
        # Two papers for one line spare it once, the thinner one of them.
        ((reused("house", 4), reused("house", 2)), 1, 2, 3),
        # Beyond the checklist nothing would have been asked for.
        ((reused(None, 4),), 0, 0, 0),
        ((reused("no-such-line", 4),), 0, 0, 0),
        # Scanned for this very dossier, it was handed in for it, whatever the row says.
        ((reused("house", 4, from_store=False),), 0, 0, 0),
        # Marked neither new nor from elsewhere.
        ((new("house", 4, from_store=True),), 0, 0, 0),
    ],
)
def test_what_a_paper_spares(
    papers: tuple[Paper, ...], lines: int, pages: int, copies: int
) -> None:
    counts = counted((FORM, MARRIAGE, HOUSE), *papers)

    assert (counts.lines_spared, counts.pages_not_asked, counts.copies_not_asked) == (
        lines, pages, copies,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "papers", "trip", "nothing_new"),
    [
        ((), (), 0, 0),
        ((FORM,), (FILLED_IN,), 0, 0),
        # All that has to be fetched was there.
        ((MARRIAGE,), (reused("marriage"),), 1, 1),
        ((FORM, MARRIAGE), (FILLED_IN, reused("marriage")), 1, 0),
        ((FORM, CARD, MARRIAGE), (reused("marriage"),), 1, 1),
        # However many papers, one trip.
        ((MARRIAGE, HOUSE), (reused("marriage"), reused("house")), 1, 1),
        # One was still missing, or was brought along.
        ((MARRIAGE, HOUSE), (reused("marriage"),), 0, 0),
        ((MARRIAGE, HOUSE), (reused("marriage"), new("house")), 0, 0),
        ((MARRIAGE,), (reused("marriage"), new(None)), 0, 0),
        # What is asked for in some cases only was not needed here, or was.
        ((MARRIAGE, IF_ANY), (reused("marriage"),), 1, 1),
        ((MARRIAGE, IF_ANY), (reused("marriage"), new("if_any")), 0, 0),
        ((FORM, IF_ANY), (FILLED_IN, reused("if_any")), 1, 0),
        # A form that served again spares no trip: it is made at the counter.
        ((FORM,), (reused("form", fetched=False),), 0, 0),
    ],
)
def test_when_a_trip_is_spared(
    lines: tuple[Line, ...], papers: tuple[Paper, ...], trip: int, nothing_new: int
) -> None:
    counts = counted(lines, *papers)

    assert (counts.trips_not_asked, counts.no_new_paper) == (trip, nothing_new)


@pytest.mark.parametrize(
    ("papers", "results", "kept", "digitised"),
    [
        ((), 0, 0, 0),
        ((new("marriage"),), 0, 0, 0),
        ((), 1, 1, 0),
        ((new("marriage"),), 1, 1, 1),
        ((new("marriage", kept=False),), 1, 1, 0),
        ((new("marriage"),), 1, 0, 0),
        ((new("marriage", kept=False), reused("house")), 2, 1, 1),
    ],
)
def test_a_dossier_is_digitised_with_a_file_in_components_and_in_its_result(
    papers: tuple[Paper, ...], results: int, kept: int, digitised: int
) -> None:
    counts = counted((MARRIAGE, HOUSE), *papers, results=results, results_kept=kept)

    assert counts.digitised == digitised


def test_a_dossier_with_many_reused_papers_is_one_dossier_with_reuse() -> None:
    counts = counted((MARRIAGE, HOUSE), reused("marriage"), reused("house"), reused(None))

    assert (counts.with_reuse, counts.with_paper_from_store, counts.papers_reused) == (1, 1, 3)
    assert counts.reused_not_counted == 1


@pytest.mark.parametrize(
    ("part", "whole", "percent", "full_marks"),
    [
        (0, 0, None, None),
        (0, 3, "0.00", False),
        (1, 3, "33.33", False),
        (2, 3, "66.67", False),
        (500, 516, "96.90", True),
        (3, 3, "100.00", True),
        (4, 5, "80.00", True),
        (1, 8000, "0.01", False),
        # Never rounded up to what it is not.
        (79_999, 100_000, "79.99", False),
        (99_999, 100_000, "99.99", True),
    ],
)
def test_a_share_is_its_part_of_its_whole(
    part: int, whole: int, percent: str | None, full_marks: object
) -> None:
    share = Share(part, whole)

    assert share.percent == (Decimal(percent) if percent else None)
    assert share.has_full_marks is full_marks


@pytest.mark.parametrize(
    "wrong",
    [
        {"dossiers": 1, "digitised": 1},
        {"dossiers": 1, "with_reuse": 1},
        {"dossiers": 2, "papers_reused": 1, "with_reuse": 1, "with_paper_from_store": 2},
        {"papers_reused": 1, "pages_not_asked": 1},
        {"papers_reused": 1, "lines_spared": 2},
        {"results_kept": 1},
        {"dossiers": 1, "with_paper_kept": -1},
    ],
)
def test_what_cannot_be_true_together_is_found(wrong: dict[str, int]) -> None:
    assert contradictions(Counts(**wrong))


places = st.builds(
    Place,
    st.sampled_from(["land", "civil_status"]),
    st.sampled_from(["1.1", "1.2", "2.1"]),
    st.sampled_from(["counter-1", "counter-2"]),
)
keys = st.sampled_from(["form", "marriage", "house", "if_any"])
papers = st.builds(
    lambda pages, blank, **more: Paper(pages=pages, blank=min(blank, pages), **more),
    line=st.none() | keys,
    pages=st.integers(0, 9),
    blank=st.integers(0, 3),
    reused=st.booleans(),
    from_store=st.booleans(),
    kept=st.booleans(),
    fetched=st.booleans(),
)
all_dossiers = st.lists(
    st.builds(
        lambda results, kept, **more: Received(
            results=results, results_kept=min(kept, results), **more
        ),
        place=places,
        lines=st.lists(
            st.sampled_from([FORM, CARD, MARRIAGE, HOUSE, IF_ANY]), unique=True
        ).map(tuple),
        papers=st.lists(papers, max_size=6).map(tuple),
        results=st.integers(0, 2),
        kept=st.integers(0, 2),
    ),
    max_size=12,
)  # fmt: skip


@given(all_dossiers, st.randoms(use_true_random=False))
def test_no_set_of_dossiers_makes_a_report_that_contradicts_itself(
    dossiers: list[Received], chance: object
) -> None:
    sums = total(map(counts_of, dossiers))

    assert contradictions(sums) == []
    assert sums.dossiers == len(dossiers)
    assert sums.papers == sum(len(dossier.papers) for dossier in dossiers)
    assert sums.pages == sum(paper.pages for dossier in dossiers for paper in dossier.papers)
    for share in (sums.digitised_share, sums.reuse_share, sums.store_share):
        assert share.percent is None if not dossiers else 0 <= (share.percent or 0) <= 100

    shuffled = list(dossiers)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert total(map(counts_of, shuffled)) == sums


@given(all_dossiers, st.sampled_from(["field", "procedure", "desk"]))
def test_the_parts_add_up_to_the_total_whatever_they_are_split_by(
    dossiers: list[Received], by: str
) -> None:
    parts: dict[str, Counts] = defaultdict(Counts)
    for dossier in dossiers:
        parts[attrgetter(by)(dossier.place)] += counts_of(dossier)

    sums = total(parts.values())
    assert sums == total(map(counts_of, dossiers))
    for figure in FIGURES:
        assert getattr(sums, figure) == sum(getattr(part, figure) for part in parts.values())


@given(all_dossiers)
def test_the_order_of_papers_and_lines_does_not_matter(dossiers: list[Received]) -> None:
    turned = [replace(each, papers=each.papers[::-1], lines=each.lines[::-1]) for each in dossiers]

    assert total(map(counts_of, turned)) == total(map(counts_of, dossiers))


@given(all_dossiers)
def test_a_paper_handed_in_never_spares_more(dossiers: list[Received]) -> None:
    brought = [
        replace(each, papers=(*each.papers, new(line.key)))
        for each in dossiers
        for line in each.lines[:1]
    ]
    before = total(counts_of(each) for each in dossiers if each.lines)
    after = total(map(counts_of, brought))

    for figure in ("lines_spared", "pages_not_asked", "copies_not_asked", "trips_not_asked"):
        assert getattr(after, figure) <= getattr(before, figure)
