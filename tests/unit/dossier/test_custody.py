from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.custody import (
    ANY,
    Action,
    Hop,
    Ledger,
    Outcome,
    Reason,
    Scan,
    Start,
    Verdict,
    fold,
    hops,
    time_at_desks,
)

NINE = datetime(2026, 11, 16, 2, tzinfo=UTC)
START = Start("counter", NINE)


def minute(number: int) -> datetime:
    return NINE + timedelta(minutes=number)


def a_scan(
    at: int, desk: str, *, to: str | None = None, action: Action | None = None, event: str = ""
) -> Scan:
    return Scan(event or f"e{at}", desk, minute(at), to, action)


def outcomes(ledger: Ledger) -> dict[str, str]:
    return {event: verdict.reason.value for event, verdict in ledger.outcomes.items()}


def test_the_desk_that_takes_a_dossier_in_holds_it() -> None:
    ledger = fold(START, [])
    assert (ledger.holder, ledger.since, ledger.offered_to) == ("counter", NINE, None)


def test_a_giver_holds_until_the_receiver_scans() -> None:
    given_only = fold(START, [a_scan(1, "counter")])
    assert (given_only.holder, given_only.offered_to) == ("counter", ANY)
    received = fold(START, [a_scan(1, "counter"), a_scan(4, "office")])
    assert (received.holder, received.since, received.offered_to) == ("office", minute(4), None)


def test_an_offer_to_one_desk_is_accepted_by_that_desk_only() -> None:
    scans = [a_scan(1, "counter", to="office"), a_scan(2, "signing")]
    ledger = fold(START, scans)
    assert ledger.outcomes["e2"] == Verdict(Outcome.WRONG_DESK, Reason.OFFERED_ELSEWHERE)
    assert (ledger.holder, ledger.offered_to) == ("counter", "office")
    assert fold(START, [*scans, a_scan(3, "office")]).holder == "office"


def test_nobody_receives_what_was_not_offered() -> None:
    ledger = fold(START, [a_scan(1, "office")])
    assert ledger.outcomes["e1"] == Verdict(Outcome.WRONG_DESK, Reason.NOT_OFFERED)
    assert ledger.holder == "counter"


def test_a_second_give_replaces_the_first() -> None:
    ledger = fold(START, [a_scan(1, "counter", to="office"), a_scan(2, "counter", to="signing")])
    assert ledger.offered_to == "signing"
    assert ledger.outcomes["e1"] == Verdict(Outcome.SUPERSEDED, Reason.NEWER_OFFER)
    assert ledger.outcomes["e2"] == Verdict(Outcome.ACCEPTED, Reason.OFFERED)


@pytest.mark.parametrize(
    ("scans", "holder", "verdict"),
    [
        (
            [a_scan(1, "office", action=Action.GIVE)],
            "counter",
            Verdict(Outcome.WRONG_DESK, Reason.NOT_HOLDER),
        ),
        (
            [a_scan(0, "counter"), a_scan(1, "office", to="signing")],
            "counter",
            Verdict(Outcome.WRONG_DESK, Reason.NOT_HOLDER),
        ),
        (
            [a_scan(1, "counter", action=Action.RECEIVE)],
            "counter",
            Verdict(Outcome.DUPLICATE, Reason.ALREADY_HOLDS),
        ),
        (
            [a_scan(1, "counter", to="counter")],
            "counter",
            Verdict(Outcome.REJECTED, Reason.TO_ITSELF),
        ),
        (
            [a_scan(0, "counter", event="a"), a_scan(1, "office", action=Action.RECEIVE)],
            "office",
            Verdict(Outcome.ACCEPTED, Reason.RECEIVED),
        ),
        (
            [Scan("e1", "counter", minute(-1))],
            "counter",
            Verdict(Outcome.REJECTED, Reason.BEFORE_START),
        ),
    ],
)
def test_what_a_scan_says_is_weighed_against_who_holds(
    scans: list[Scan], holder: str, verdict: Verdict
) -> None:
    ledger = fold(START, scans)
    assert (ledger.holder, ledger.outcomes["e1"]) == (holder, verdict)


def test_the_holder_may_take_its_offer_back() -> None:
    scans = [a_scan(1, "counter"), a_scan(2, "counter", action=Action.RECEIVE)]
    ledger = fold(START, scans)
    assert ledger.offered_to is None
    assert fold(START, [*scans, a_scan(3, "office")]).holder == "counter"
    assert ledger.outcomes["e1"] == Verdict(Outcome.SUPERSEDED, Reason.OFFER_WITHDRAWN)
    assert ledger.outcomes["e2"].outcome is Outcome.ACCEPTED


def test_a_givers_scan_that_arrives_late_mends_the_trail() -> None:
    receivers = a_scan(5, "office")
    assert fold(START, [receivers]).holder == "counter"
    mended = fold(START, [receivers, a_scan(4, "counter")])
    assert (mended.holder, mended.outcomes["e5"].outcome) == ("office", Outcome.ACCEPTED)


def test_each_hand_off_is_a_row_of_the_control_slip() -> None:
    scans = [
        a_scan(1, "counter", to="signing"),
        a_scan(3, "counter", to="office"),
        a_scan(8, "office"),
        a_scan(30, "office"),
        a_scan(31, "counter"),
    ]
    assert hops(fold(START, scans)) == (
        Hop("counter", "office", minute(3), minute(8)),
        Hop("office", "counter", minute(30), minute(31)),
    )


def test_time_is_added_up_per_desk() -> None:
    scans = [a_scan(3, "counter"), a_scan(8, "office"), a_scan(30, "office"), a_scan(31, "counter")]
    assert time_at_desks(fold(START, scans), minute(41)) == {
        "counter": timedelta(minutes=18),
        "office": timedelta(minutes=23),
    }


# Properties -------------------------------------------------------------------------------------

desks = st.sampled_from(["counter", "office", "signing", "return"])
scan_sets = st.lists(
    st.builds(
        Scan,
        event_id=st.integers(0, 30).map(str),  # shared ids happen: replays, and bad readers
        desk=desks,
        at=st.integers(-2, 20).map(minute),
        to=st.none() | desks,
        action=st.none() | st.sampled_from(Action),
    ),
    max_size=25,
)


@given(scan_sets.flatmap(lambda scans: st.tuples(st.just(scans), st.permutations(scans))))
def test_any_order_and_any_replay_of_the_same_scans_gives_the_same_ledger(
    arrivals: tuple[list[Scan], list[Scan]],
) -> None:
    scans, shuffled = arrivals
    assert fold(START, shuffled) == fold(START, scans) == fold(START, scans + shuffled)


@given(scan_sets)
def test_there_is_exactly_one_holder_from_the_start_to_now(scans: list[Scan]) -> None:
    visits = fold(START, scans).visits
    assert visits[0].since == NINE
    assert visits[-1].until is None
    for left, entered in pairwise(visits):
        assert left.until == entered.since >= left.since
        assert left.desk != entered.desk


@given(scan_sets)
def test_the_times_at_desks_add_up_to_the_whole(scans: list[Scan]) -> None:
    total = sum(time_at_desks(fold(START, scans), minute(60)).values(), timedelta())
    assert total == timedelta(minutes=60)


@given(scan_sets)
def test_every_scan_has_an_outcome_and_every_hop_two_sides(scans: list[Scan]) -> None:
    ledger = fold(START, scans)
    assert set(ledger.outcomes) == {scan.event_id for scan in scans}
    assert len(hops(ledger)) == len(ledger.visits) - 1
    assert all(hop.given_at <= hop.received_at for hop in hops(ledger))


@given(scan_sets)
def test_only_the_pending_offer_and_completed_ones_stay_accepted(scans: list[Scan]) -> None:
    ledger = fold(START, scans)
    accepted = [event for event, why in outcomes(ledger).items() if why == Reason.OFFERED.value]
    pending = 1 if ledger.offer else 0
    assert len(accepted) == len(hops(ledger)) + pending
