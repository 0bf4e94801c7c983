"""Hand-offs as desks make them: scans over HTTP, the holder derived from what was kept."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from itertools import permutations
from threading import Barrier
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from hoso.archive_api.accounts import Role
from hoso.barcode.code import DossierCode
from hoso.barcode.slip import legal_qr_text
from hoso.dossier.tables import DeskScan
from hoso.wiring import Archive
from tests.builders import COUNTER, LAN, NOW, OFFICE, SIGNING, SetClock, a_dossier

AClient = Callable[..., httpx.Client]


def a_scan(code: str, **other: Any) -> dict[str, Any]:
    return {"event_id": uuid.uuid4().hex, "code": code, **other}


def at_minute(minute: int) -> str:
    return (NOW + timedelta(minutes=minute)).isoformat()


class Desks:
    """An office's desks, all working through one signed-in client."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def scan(self, desk: str, code: str, **other: Any) -> dict[str, Any]:
        return self.send(desk, a_scan(code, **other))

    def send(self, desk: str, scan: dict[str, Any]) -> dict[str, Any]:
        answer = self.client.post(f"/api/v1/desks/{desk}/scans", json=scan)
        assert answer.status_code == HTTPStatus.OK, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def trail(self, code: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.client.get(f"/api/v1/dossiers/{code}/trail").json()
        return shown


@pytest.fixture
def desks(client: AClient) -> Desks:
    return Desks(client(Role.OFFICER))


@pytest.fixture
def code(archive: Archive) -> str:
    """A dossier just received at the counter."""
    return a_dossier(archive).code


def test_a_dossier_is_held_by_the_desk_that_received_it(desks: Desks, code: str) -> None:
    trail = desks.trail(code)

    assert (trail["holder"], trail["offered_to"], trail["hops"]) == (COUNTER, None, [])


def test_a_servers_clock_that_jumps_back_refuses_no_hand_off(
    desks: Desks, code: str, clock: SetClock
) -> None:
    clock.advance(minutes=5)
    desks.scan(COUNTER, code, to=OFFICE)
    clock.advance(hours=-1)

    answers = [desks.scan(OFFICE, code), desks.scan(OFFICE, code, to=SIGNING)]

    assert [answer["outcome"] for answer in answers] == ["accepted", "accepted"]
    assert desks.trail(code)["holder"] == OFFICE


def test_a_first_scan_is_never_older_than_the_dossier(
    desks: Desks, code: str, clock: SetClock
) -> None:
    clock.advance(hours=-1)

    assert desks.scan(COUNTER, code, to=OFFICE)["outcome"] == "accepted"


def test_both_scans_make_one_hand_off(desks: Desks, code: str, clock: SetClock) -> None:
    clock.advance(minutes=30)
    given = desks.scan(COUNTER, code, to=OFFICE)
    clock.advance(minutes=20)
    received = desks.scan(OFFICE, code)

    assert (given["outcome"], given["holder"], given["offered_to"]) == (
        "accepted",
        COUNTER,
        OFFICE,
    )
    assert (received["outcome"], received["holder"], received["offered_to"]) == (
        "accepted",
        OFFICE,
        None,
    )
    trail = desks.trail(code)
    assert [(hop["from_desk"], hop["to_desk"]) for hop in trail["hops"]] == [(COUNTER, OFFICE)]
    assert [(visit["desk"], visit["seconds"]) for visit in trail["visits"]] == [
        (COUNTER, 50 * 60),
        (OFFICE, 0),
    ]


def test_what_nobody_received_stays_with_the_giver(desks: Desks, code: str) -> None:
    desks.scan(COUNTER, code, to=OFFICE)

    trail = desks.trail(code)
    assert (trail["holder"], trail["offered_to"]) == (COUNTER, OFFICE)


def test_an_offer_to_nobody_goes_to_whoever_scans_first(
    desks: Desks, code: str, clock: SetClock
) -> None:
    assert desks.scan(COUNTER, code)["offered_to"] == "any"
    clock.advance(minutes=1)
    assert desks.scan(SIGNING, code)["holder"] == SIGNING


def test_the_slips_codes_and_its_links_all_name_the_dossier(desks: Desks, archive: Archive) -> None:
    dossier = a_dossier(archive)
    legal = legal_qr_text(
        code=DossierCode.parse(dossier.code),
        procedure_code=dossier.procedure_code,
        person_number=LAN.digits,
        issued_at=dossier.received_at,
        due_at=dossier.due_at,
    )
    link = f"https://motcua.example.vn/track/{dossier.tracking_token}"

    for text in (dossier.code, dossier.code.lower(), f" {dossier.code} ", legal, link):
        assert desks.scan(COUNTER, text)["dossier"] == dossier.code


def test_a_scan_sent_again_is_a_duplicate_and_moves_nothing(
    desks: Desks, code: str, clock: SetClock
) -> None:
    offer, receipt = a_scan(code, to=OFFICE), a_scan(code)
    desks.send(COUNTER, offer)
    clock.advance(minutes=1)
    desks.send(OFFICE, receipt)
    clock.advance(hours=1)

    again = [desks.send(COUNTER, offer), desks.send(OFFICE, receipt)]

    assert [answer["outcome"] for answer in again] == ["duplicate", "duplicate"]
    assert {answer["holder"] for answer in again} == {OFFICE}
    assert len(desks.trail(code)["hops"]) == 1


def test_scans_that_arrive_in_any_order_end_the_same(
    desks: Desks, archive: Archive, clock: SetClock
) -> None:
    codes = [a_dossier(archive).code for _ in permutations(range(4))]
    clock.advance(hours=1)

    for code, order in zip(codes, permutations(range(4)), strict=True):
        made = [
            (COUNTER, a_scan(code, at=at_minute(1), to=OFFICE)),
            (OFFICE, a_scan(code, at=at_minute(2))),
            (OFFICE, a_scan(code, at=at_minute(3), to=SIGNING)),
            (SIGNING, a_scan(code, at=at_minute(4))),
        ]
        for place in order:
            desks.send(*made[place])

        trail = desks.trail(code)
        assert trail["holder"] == SIGNING, order
        assert [(hop["from_desk"], hop["to_desk"]) for hop in trail["hops"]] == [
            (COUNTER, OFFICE),
            (OFFICE, SIGNING),
        ], order


def test_a_desk_that_was_offline_sends_its_scans_at_once(
    desks: Desks, code: str, clock: SetClock
) -> None:
    clock.advance(hours=1)
    desks.scan(COUNTER, code, at=at_minute(1), to=OFFICE)
    kept = [a_scan(code, at=at_minute(3), to=SIGNING), a_scan(code, at=at_minute(2)), a_scan("x")]

    answer = desks.client.post(f"/api/v1/desks/{OFFICE}/scans:batch", json={"scans": kept})

    items = answer.json()["items"]
    assert [item["event_id"] for item in items] == [scan["event_id"] for scan in kept]
    assert [item["outcome"] for item in items][1:] == ["accepted", "unknown_code"]
    assert desks.trail(code)["holder"] == OFFICE
    assert desks.trail(code)["offered_to"] == SIGNING


def test_the_wrong_desk_is_an_outcome_and_not_an_error(
    desks: Desks, code: str, clock: SetClock
) -> None:
    nobody_gave = desks.scan(OFFICE, code)
    clock.advance(minutes=1)
    desks.scan(COUNTER, code, to=SIGNING)
    clock.advance(minutes=1)
    not_for_it = desks.scan(OFFICE, code)

    assert (nobody_gave["outcome"], nobody_gave["reason"]) == ("wrong_desk", "not_offered")
    assert (not_for_it["outcome"], not_for_it["reason"]) == ("wrong_desk", "offered_elsewhere")
    assert desks.trail(code)["holder"] == COUNTER


@pytest.mark.parametrize(
    "strange",
    [
        "",
        "8934588012228",
        "H57.22.10-261126-9999",
        "001185012345||NGUYỄN THỊ LAN|01011985|Nữ|Hoa Lư|01012022",
        "https://example.vn/track/not-a-token-of-ours",
    ],
)
def test_an_unknown_code_is_answered_and_not_kept(
    desks: Desks, archive: Archive, strange: str
) -> None:
    answer = desks.scan(COUNTER, strange)

    assert (answer["outcome"], answer["dossier"]) == ("unknown_code", None)
    assert "NGUYỄN" not in str(answer)
    with archive.database.read() as session:
        assert session.scalars(select(DeskScan)).all() == []


def test_a_desk_that_does_not_exist_is_refused(desks: Desks, code: str) -> None:
    answer = desks.client.post("/api/v1/desks/counter-9/scans", json=a_scan(code))

    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.NOT_FOUND, "desk_unknown")


def test_one_desk_that_left_the_catalogue_does_not_sink_what_was_kept_offline(
    desks: Desks, code: str
) -> None:
    scans = [a_scan(code, to="counter-9"), a_scan(code, to=OFFICE)]
    answer = desks.client.post(f"/api/v1/desks/{COUNTER}/scans:batch", json={"scans": scans})

    outcomes = [(item["outcome"], item["reason"]) for item in answer.json()["items"]]
    assert outcomes == [("rejected", "unknown_desk"), ("accepted", "offered")]


def test_a_reader_whose_clock_is_ahead_is_not_believed(desks: Desks, code: str) -> None:
    answer = desks.scan(COUNTER, code, at=at_minute(6), to=OFFICE)

    assert (answer["outcome"], answer["reason"]) == ("rejected", "clock_ahead")
    assert desks.trail(code)["offered_to"] is None


def test_an_event_id_of_another_dossier_is_rejected(
    desks: Desks, archive: Archive, code: str
) -> None:
    other, scan = a_dossier(archive).code, a_scan(code, to=OFFICE)
    desks.send(COUNTER, scan)

    answer = desks.send(COUNTER, {**scan, "code": other})

    assert (answer["outcome"], answer["reason"]) == ("rejected", "event_id_reused")
    assert desks.trail(other)["offered_to"] is None


def test_two_readers_that_count_alike_lose_no_scan(desks: Desks, code: str) -> None:
    given = desks.send(COUNTER, a_scan(code, to=OFFICE) | {"event_id": "00000001"})
    answer = desks.send(OFFICE, a_scan(code) | {"event_id": "00000001"})

    assert given["outcome"] == "accepted"
    assert (answer["outcome"], answer["reason"]) == ("rejected", "event_id_reused")


def test_a_moment_that_no_clock_shows_is_refused(client: AClient, code: str) -> None:
    scan = a_scan(code, at="0001-01-01T00:00:00+14:00")
    answer = client(Role.OFFICER).post(f"/api/v1/desks/{COUNTER}/scans", json=scan)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "request_malformed"


def test_an_answer_is_a_sentence_in_the_askers_language(desks: Desks, code: str) -> None:
    scan = a_scan(code, to=OFFICE)
    vi = desks.send(COUNTER, scan)["sentence"]
    desks.client.headers["Accept-Language"] = "en"
    en = desks.send(COUNTER, scan)["sentence"]

    assert code in vi
    assert code in en
    assert vi != en


def test_a_device_speaks_for_its_own_desk_only(client: AClient, code: str) -> None:
    reader = client(Role.DEVICE, desk=OFFICE)

    for path in ("scans", "scans:batch"):
        body = a_scan(code) if path == "scans" else {"scans": [a_scan(code)]}
        refused = reader.post(f"/api/v1/desks/{COUNTER}/{path}", json=body)
        assert refused.status_code == HTTPStatus.FORBIDDEN
        accepted = reader.post(f"/api/v1/desks/{OFFICE}/{path}", json=body)
        assert accepted.status_code == HTTPStatus.OK


def test_twenty_readers_at_two_desks_leave_exactly_one_holder(
    client: AClient, archive: Archive, clock: SetClock
) -> None:
    dossier = a_dossier(archive)
    readers = {desk: client(Role.DEVICE, desk=desk) for desk in (OFFICE, SIGNING)}
    client(Role.CLERK).post(f"/api/v1/desks/{COUNTER}/scans", json=a_scan(dossier.code))
    clock.advance(minutes=1)
    together = Barrier(20)

    def scan(number: int) -> httpx.Response:
        desk = (OFFICE, SIGNING)[number % 2]
        together.wait()
        return readers[desk].post(f"/api/v1/desks/{desk}/scans", json=a_scan(dossier.code))

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(scan, range(20)))

    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
    trail = Desks(client(Role.OFFICER)).trail(dossier.code)
    assert trail["holder"] in readers
    assert [visit["desk"] for visit in trail["visits"] if visit["until"] is None] == [
        trail["holder"]
    ]
    with archive.database.read() as session:
        assert len(session.scalars(select(DeskScan)).all()) == 21


def test_one_offer_is_received_by_one_of_many_desks(
    client: AClient, archive: Archive, clock: SetClock
) -> None:
    dossier = a_dossier(archive)
    officer = client(Role.OFFICER)
    officer.post(f"/api/v1/desks/{COUNTER}/scans", json=a_scan(dossier.code))
    clock.advance(minutes=1)
    places = [OFFICE, SIGNING, "economy-office", "return"]
    together = Barrier(len(places))

    def receive(desk: str) -> str:
        together.wait()
        scan = a_scan(dossier.code, action="receive")
        outcome: str = officer.post(f"/api/v1/desks/{desk}/scans", json=scan).json()["outcome"]
        return outcome

    with ThreadPoolExecutor(len(places)) as threads:
        list(threads.map(receive, places))

    trail = Desks(officer).trail(dossier.code)
    assert len(trail["hops"]) == 1
    assert trail["holder"] in places
