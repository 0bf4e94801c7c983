"""One person with several numbers, one organisation registered twice: found by each, parted again.

Told through the API as officers and clerks would, with a model beside the merges.
"""

import json
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hoso.archive_api.accounts import Role
from hoso.archive_api.permission import SESSION_COOKIE
from hoso.audit.log import AuditEntry
from hoso.cli.main import app
from hoso.dossier import aliases, dossiers, merges, owners, slips
from hoso.dossier.aliases import Source
from hoso.dossier.numbers import CitizenId, OldCitizenNumber, OwnerNumber, TaxCode
from hoso.dossier.tables import Owner, OwnerAlias
from hoso.errors import AlreadyOne, OldNumberUnknown, OtherOwner
from hoso.preservation import export
from hoso.preservation.export import Asked
from hoso.scanner_ingest.manifest import read_manifest
from hoso.wiring import Archive
from hoso.wiring.bulk import OldArchive
from tests.builders import (
    HUNG,
    LAN,
    MARITAL_STATUS,
    NOW,
    SetClock,
    a_component,
    a_dossier,
    a_pdf,
    a_session,
    an_archive,
)
from tests.databases import MigratedDatabase
from tests.serving import a_client

AClient = Callable[..., httpx.Client]
Browser = Callable[[Role], "Page"]

LANS_OLD = OldCitizenNumber("012345678")
LANS_OTHER = CitizenId("138185012345")  # of a birth registered abroad
CARD = f"{LAN.digits}|{LANS_OLD.digits}|Nguyễn Thị Lan|05031985|Nữ|Hà Nội|01022022"
COMPANY, BRANCH = TaxCode("0314409058"), TaxCode("0314409058002")
WHY = "Quyết định 12/QĐ-UBND"
TODAY = NOW.date()
DIVORCE = "end_of_marriage"


def entries(archive: Archive, action: str) -> list[AuditEntry]:
    with archive.database.read() as session:
        query = select(AuditEntry).where(AuditEntry.action == action)
        return list(session.scalars(query.order_by(AuditEntry.number)))


def look_up(client: httpx.Client, number: OwnerNumber) -> httpx.Response:
    key = "tax_code" if isinstance(number, TaxCode) else "citizen_id"
    return client.post("/api/v1/lookups", json={key: number.digits, "purpose": "kiểm tra"})


def papers(client: httpx.Client, number: OwnerNumber) -> set[str]:
    answer = look_up(client, number)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return {paper["id"] for paper in answer.json()["components"]}


def known_as(archive: Archive, owner_id: str, number: OldCitizenNumber = LANS_OLD) -> None:
    with archive.database.write() as session:
        aliases.add(
            session, owner_id, number, source=Source.PAPER, reason=WHY, by="mai",
            at=archive.clock(),
        )  # fmt: skip


def merged(archive: Archive, one_id: str, other_id: str) -> str:
    with archive.database.write() as session:
        return merges.merge(session, one_id, other_id, reason=WHY, by="mai", at=archive.clock()).id


def parted(archive: Archive, owner_id: str, merge_id: str) -> None:
    with archive.database.write() as session:
        merges.undo(session, owner_id, merge_id, reason="nhầm", by="mai", at=archive.clock())


def undo(client: httpx.Client, address: str, reason: str = "nhầm") -> httpx.Response:
    return client.request("DELETE", address, json={"reason": reason})


# Old numbers ---------------------------------------------------------------------------------


def test_a_person_is_found_by_an_old_number_once_an_officer_has_said_whose_it_is(
    client: AClient, archive: Archive
) -> None:
    paper = a_component(archive, dossier := a_dossier(archive), "divorce_decision")
    officer, address = client(Role.OFFICER), f"/api/v1/people/{dossier.owner_id}"

    before = look_up(officer, LANS_OLD)
    added = officer.post(
        f"{address}/aliases", json={"number": "012 345 678", "source": "paper", "reason": WHY}
    )

    assert (before.status_code, before.json()["code"]) == (422, "old_number_unknown")
    assert "12" in before.json()["detail"]
    assert added.status_code == HTTPStatus.CREATED
    (alias,) = added.json()["aliases"]
    assert (alias["number"], alias["source"], alias["reason"]) == ("012****78", "paper", WHY)
    assert papers(officer, LANS_OLD) == {paper.id}


def test_asking_by_an_unknown_old_number_is_noted_and_says_nobody_has_nothing(
    client: AClient, archive: Archive
) -> None:
    answer = look_up(client(Role.CLERK), LANS_OLD)

    assert answer.json()["code"] == "old_number_unknown"
    assert LANS_OLD.digits not in answer.text
    (asked,) = entries(archive, "owner.looked_up")
    assert (asked.subject, asked.purpose) == ("unknown-owner", "kiểm tra")


def test_a_dossier_is_received_for_whoever_an_old_number_is_known_to_be(
    client: AClient, archive: Archive
) -> None:
    lan = a_dossier(archive).owner_id
    asked = {
        "procedure": MARITAL_STATUS, "citizen_id": LANS_OLD.digits, "owner_name": "Nguyễn Thị Lan",
    }  # fmt: skip

    refused = client(Role.CLERK).post("/api/v1/dossiers", json=asked)
    known_as(archive, lan)
    received = client(Role.CLERK).post("/api/v1/dossiers", json=asked)

    assert (refused.status_code, refused.json()["code"]) == (422, "old_number_unknown")
    assert received.json()["owner"] == lan
    assert received.json()["warnings"] == []


def test_an_old_number_is_one_persons_at_most(client: AClient, archive: Archive) -> None:
    lan, hung = a_dossier(archive).owner_id, a_dossier(archive, owner=HUNG).owner_id
    officer, given_ = client(Role.OFFICER), {"number": LANS_OLD.digits, "reason": WHY}
    officer.post(f"/api/v1/people/{lan}/aliases", json=given_)

    again = officer.post(f"/api/v1/people/{lan}/aliases", json=given_)
    taken = officer.post(f"/api/v1/people/{hung}/aliases", json=given_)

    assert len(again.json()["aliases"]) == 1
    assert (taken.status_code, taken.json()["code"]) == (409, "old_number_taken")
    assert lan not in taken.text


def test_an_old_number_taken_from_one_can_be_given_to_another(
    client: AClient, archive: Archive
) -> None:
    lan, hung = a_dossier(archive).owner_id, a_dossier(archive, owner=HUNG).owner_id
    officer, given_ = client(Role.OFFICER), {"number": LANS_OLD.digits, "reason": WHY}
    added = officer.post(f"/api/v1/people/{lan}/aliases", json=given_).json()
    address = f"/api/v1/people/{lan}/aliases/{added['aliases'][0]['id']}"

    removed, again = undo(officer, address), undo(officer, address)
    given_to_hung = officer.post(f"/api/v1/people/{hung}/aliases", json=given_)

    assert removed.json()["aliases"] == []
    assert (again.status_code, again.json()["code"]) == (404, "alias_unknown")
    assert given_to_hung.status_code == HTTPStatus.CREATED
    with archive.database.read() as session:
        kept = session.scalars(select(OwnerAlias).where(OwnerAlias.owner_id == lan)).one()
    assert (kept.remove_reason, kept.removed_at) == ("nhầm", archive.clock())


def test_anothers_alias_cannot_be_removed_by_this_ones_address(
    client: AClient, archive: Archive
) -> None:
    lan, hung = a_dossier(archive).owner_id, a_dossier(archive, owner=HUNG).owner_id
    known_as(archive, lan)
    with archive.database.read() as session:
        (alias,) = aliases.of_owners(session, [lan])

    answer = undo(client(Role.OFFICER), f"/api/v1/people/{hung}/aliases/{alias.id}")

    assert answer.json()["code"] == "alias_unknown"


def test_an_organisation_has_no_old_number(client: AClient, archive: Archive) -> None:
    company = a_dossier(archive, owner=COMPANY, owner_name="Công ty Hoa Sen").owner_id

    answer = client(Role.OFFICER).post(
        f"/api/v1/people/{company}/aliases", json={"number": LANS_OLD.digits, "reason": WHY}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "owner_is_no_person")


@pytest.mark.parametrize(
    ("number", "reason", "code"),
    [("01234567", WHY, "old_number_malformed"), ("012345678", " \n ", "reason_missing")],
)
def test_an_alias_needs_nine_digits_and_a_reason(
    client: AClient, archive: Archive, number: str, reason: str, code: str
) -> None:
    lan = a_dossier(archive).owner_id

    answer = client(Role.OFFICER).post(
        f"/api/v1/people/{lan}/aliases", json={"number": number, "reason": reason}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_no_number_stands_in_the_log_nor_in_an_answer(
    client: AClient, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    lan, other = a_dossier(archive).owner_id, a_dossier(archive, owner=LANS_OTHER).owner_id
    officer = client(Role.OFFICER)
    known_as(archive, lan)
    merged(archive, lan, other)

    shown = officer.get(f"/api/v1/people/{lan}")

    with archive.database.read() as session:
        log = str([entry.facts for entry in session.scalars(select(AuditEntry))])
    for number in (LAN, LANS_OTHER, LANS_OLD):
        assert number.digits not in log + caplog.text + shown.text
        assert number.masked in shown.text


# From the card -------------------------------------------------------------------------------


class Page:
    """A browser in which somebody is signed in."""

    def __init__(self, archive: Archive, client: httpx.Client, role: Role) -> None:
        self.client = client
        cookie, self._form_token = a_session(archive, role)
        client.cookies[SESSION_COOKIE] = cookie
        client.headers["Accept-Language"] = "vi"

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.client.post(path, params={"form_token": self._form_token}, data=fields)


@pytest.fixture
def page(archive: Archive, address: str) -> Iterator[Browser]:
    made: list[httpx.Client] = []

    def signed_in(role: Role) -> Page:
        made.append(a_client(address))
        return Page(archive, made[-1], role)

    yield signed_in
    for each in made:
        each.close()


def receive_by_card(page: Page, card: str = CARD, name: str = "Nguyễn Thị Lan") -> httpx.Response:
    filled = {"number": card, "procedure": MARITAL_STATUS}
    checklist = page.post("/dossiers/new", **filled)
    assert checklist.status_code == HTTPStatus.OK, checklist.text
    received = page.post("/dossiers", **filled, owner_name=name, desk="counter-1")
    assert received.status_code == HTTPStatus.SEE_OTHER, received.text
    return checklist


def test_the_old_number_on_a_scanned_card_is_kept_with_the_dossier(
    page: Browser, client: AClient, archive: Archive
) -> None:
    clerk = page(Role.CLERK)
    clerk.post("/lookup", number=CARD, purpose="chỉ xem")
    looked_only = entries(archive, "owner.alias_added")

    receive_by_card(clerk)
    receive_by_card(clerk)

    assert looked_only == []
    (added,) = entries(archive, "owner.alias_added")
    assert added.facts["source"] == "card"
    assert look_up(client(Role.CLERK), LANS_OLD).json()["owner"] == added.subject


def test_a_card_that_contradicts_what_is_known_is_warned_of_and_changes_nothing(
    page: Browser, client: AClient, archive: Archive
) -> None:
    hung = a_dossier(archive, owner=HUNG, owner_name="Trần Văn Hùng").owner_id
    known_as(archive, hung)

    checklist = receive_by_card(page(Role.CLERK))

    assert "đang ghi cho một người khác" in checklist.text
    assert look_up(client(Role.CLERK), LANS_OLD).json()["owner"] == hung
    (disputed,) = entries(archive, "owner.alias_disputed")
    assert (disputed.subject != hung, disputed.facts) == (True, {"stands_for": hung})


def test_a_card_that_says_what_a_merge_has_said_is_not_disputed(
    page: Browser, archive: Archive
) -> None:
    lan, other = a_dossier(archive).owner_id, a_dossier(archive, owner=LANS_OTHER).owner_id
    known_as(archive, other)
    merged(archive, lan, other)

    checklist = receive_by_card(page(Role.CLERK))

    assert "đang ghi cho một người khác" not in checklist.text
    assert entries(archive, "owner.alias_disputed") == []


def test_a_dossier_that_is_refused_keeps_no_old_number(page: Browser, archive: Archive) -> None:
    clerk = page(Role.CLERK)

    refused = clerk.post(
        "/dossiers", number=CARD, procedure="9.999999", owner_name="Lan", desk="counter-1"
    )

    assert refused.status_code == HTTPStatus.NOT_FOUND
    assert entries(archive, "owner.alias_added") == []


# Merges --------------------------------------------------------------------------------------


def test_merged_owners_papers_are_found_by_either_number_and_serve_either(
    client: AClient, archive: Archive
) -> None:
    first = a_component(archive, a_dossier(archive), "divorce_decision")
    second = a_component(archive, a_dossier(archive, owner=LANS_OTHER), "marriage_certificate")
    officer = client(Role.OFFICER)
    with pytest.raises(OtherOwner):
        a_dossier(archive, owner=LANS_OTHER, reused={DIVORCE: first.id})

    answer = officer.post(
        f"/api/v1/people/{first.owner_id}/merges", json={"with": second.owner_id, "reason": WHY}
    )

    assert answer.status_code == HTTPStatus.CREATED
    assert [one["id"] for one in answer.json()["same_as"]] == [second.owner_id]
    assert papers(officer, LAN) == papers(officer, LANS_OTHER) == {first.id, second.id}
    a_dossier(archive, owner=LANS_OTHER, reused={DIVORCE: first.id})
    assert {entry.subject for entry in entries(archive, "owner.merged")} == {
        first.owner_id, second.owner_id,
    }  # fmt: skip


def test_undoing_leaves_exactly_what_would_have_been_also_of_later_papers(
    client: AClient, archive: Archive
) -> None:
    first = a_component(archive, a_dossier(archive), "divorce_decision")
    second = a_component(archive, a_dossier(archive, owner=LANS_OTHER), "marriage_certificate")
    officer = client(Role.OFFICER)
    address = f"/api/v1/people/{second.owner_id}/merges"
    made = officer.post(address, json={"with": first.owner_id, "reason": WHY}).json()["merges"][0]
    later = a_component(archive, a_dossier(archive), "birth_attestation")
    across = a_dossier(archive, owner=LANS_OTHER, reused={DIVORCE: first.id})

    undone = undo(officer, f"{address}/{made['id']}")

    assert (undone.json()["same_as"], undone.json()["merges"]) == ([], [])
    assert undone.json()["dossiers_across"] == [across.code]  # somebody has to look at it
    assert papers(officer, LAN) == {first.id, later.id}
    assert papers(officer, LANS_OTHER) == {second.id}
    with pytest.raises(OtherOwner):
        a_dossier(archive, owner=LANS_OTHER, reused={DIVORCE: first.id})
    again = undo(officer, f"{address}/{made['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "merge_unknown")
    assert len(entries(archive, "owner.parted")) == 2


def test_a_lookup_is_in_the_log_of_everybody_whose_papers_it_showed(
    client: AClient, archive: Archive
) -> None:
    lan = a_component(archive, a_dossier(archive), "divorce_decision").owner_id
    other = a_component(
        archive, a_dossier(archive, owner=LANS_OTHER), "marriage_certificate"
    ).owner_id
    merged(archive, lan, other)

    look_up(client(Role.CLERK), LAN)

    assert [entry.subject for entry in entries(archive, "owner.looked_up")] == [lan, other]


def test_a_person_and_an_organisation_are_never_one(client: AClient, archive: Archive) -> None:
    lan = a_dossier(archive).owner_id
    company = a_dossier(archive, owner=COMPANY, owner_name="Công ty Hoa Sen").owner_id

    answer = client(Role.OFFICER).post(
        f"/api/v1/people/{lan}/merges", json={"with": company, "reason": WHY}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "owner_kinds_differ")


def test_whoever_is_one_already_cannot_be_merged_again(archive: Archive) -> None:
    numbers = (LAN, LANS_OTHER, HUNG)
    a, b, c = (a_dossier(archive, owner=number).owner_id for number in numbers)
    merged(archive, a, b)
    merged(archive, b, c)

    for one, other in ((b, a), (a, b), (c, a), (a, a)):
        with pytest.raises(AlreadyOne):
            merged(archive, one, other)


def test_taking_one_link_out_of_a_chain_parts_it_there(archive: Archive) -> None:
    numbers = (LAN, LANS_OTHER, HUNG)
    a, b, c = (a_dossier(archive, owner=number).owner_id for number in numbers)
    link = merged(archive, a, b)
    merged(archive, b, c)

    parted(archive, c, link)  # any of them leads to it

    with archive.database.read() as session:
        assert owners.one_and_the_same(session, a) == {a}
        assert owners.one_and_the_same(session, b) == {b, c}


def test_unknown_people_are_not_found(client: AClient, archive: Archive) -> None:
    lan, officer = a_dossier(archive).owner_id, client(Role.OFFICER)
    nobody = "0" * 32

    asked = [
        officer.get(f"/api/v1/people/{nobody}"),
        officer.post(f"/api/v1/people/{nobody}/merges", json={"with": lan, "reason": WHY}),
        officer.post(f"/api/v1/people/{lan}/merges", json={"with": nobody, "reason": WHY}),
        officer.post(
            f"/api/v1/people/{nobody}/aliases", json={"number": "012345678", "reason": WHY}
        ),
    ]

    assert {(each.status_code, each.json()["code"]) for each in asked} == {(404, "owner_unknown")}


@pytest.fixture(scope="module")
def five(
    tmp_path_factory: pytest.TempPathFactory, migrated_database: MigratedDatabase
) -> Iterator[tuple[Archive, list[str]]]:
    """An archive with five people, for many stories one after the other."""
    folder = tmp_path_factory.mktemp("five")
    with an_archive(folder, migrated_database, SetClock()) as made:
        numbers = [CitizenId(f"00118501234{last}") for last in range(5)]
        yield made, [a_dossier(made, owner=number).owner_id for number in numbers]


PAIRS = st.tuples(st.integers(0, 4), st.integers(0, 4))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(PAIRS, st.integers(0, 9)), max_size=14))
def test_whatever_is_merged_and_undone_who_is_one_is_who_can_be_reached(
    five: tuple[Archive, list[str]], steps: list[tuple[int, int] | int]
) -> None:
    archive, people = five
    standing: dict[str, tuple[int, int]] = {}

    def reached(start: int) -> set[int]:
        found = {start}
        while (
            more := {side for pair in standing.values() if found & set(pair) for side in pair}
            - found
        ):
            found |= more
        return found

    for step in steps:
        if isinstance(step, int):  # undo the n-th, if there is one
            for merge_id in list(standing)[step : step + 1]:
                parted(archive, people[standing.pop(merge_id)[0]], merge_id)
        elif step[1] in reached(step[0]):
            with pytest.raises(AlreadyOne):
                merged(archive, people[step[0]], people[step[1]])
        else:
            standing[merged(archive, people[step[0]], people[step[1]])] = step
        with archive.database.read() as session:
            for number, owner_id in enumerate(people):
                one = {people[other] for other in reached(number)}
                assert owners.one_and_the_same(session, owner_id) == one
                shown = session.get_one(Owner, owner_id).same_as
                assert shown == (min(one) if len(one) > 1 else None)
    for merge_id, pair in standing.items():
        parted(archive, people[pair[0]], merge_id)


# The page ------------------------------------------------------------------------------------


def test_an_officer_sees_who_the_other_is_before_merging_and_can_undo_it(
    page: Browser, archive: Archive
) -> None:
    lan = a_dossier(archive).owner_id
    other = a_dossier(archive, owner=LANS_OTHER, owner_name="Nguyen Lan").owner_id
    officer, here = page(Role.OFFICER), f"/people/{lan}"

    asked = officer.post(f"{here}/merges", other_number=LANS_OTHER.printed, reason=WHY)

    assert "Nguyen Lan" in asked.text
    assert LANS_OTHER.masked in asked.text
    assert LANS_OTHER.digits not in asked.text
    assert entries(archive, "owner.merged") == []
    assert (other, WHY) in {(e.subject, e.purpose) for e in entries(archive, "owner.viewed")}
    done = officer.post(f"{here}/merges", other=other, reason=WHY)
    assert (done.status_code, done.headers["Location"]) == (303, here)
    shown = officer.get(here).text
    found = re.search(rf"{here}/merges/(\w+)/undo", shown)
    assert found
    officer.post(f"{here}/merges/{found[1]}/undo", reason="nhầm người")
    assert "Chưa gộp với ai." in officer.get(here).text


def test_an_officer_adds_and_removes_an_old_number_on_the_page(
    page: Browser, archive: Archive
) -> None:
    officer, here = page(Role.SUPERVISOR), f"/people/{a_dossier(archive).owner_id}"

    wrong = officer.post(f"{here}/aliases", number="12345", source="paper", reason=WHY)
    officer.post(f"{here}/aliases", number="012345678", source="paper", reason=WHY)
    shown = officer.get(here).text

    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "old_number_malformed" in wrong.text
    assert LANS_OLD.masked in shown
    found = re.search(rf"{here}/aliases/(\w+)/remove", shown)
    assert found
    officer.post(f"{here}/aliases/{found[1]}/remove", reason="nhầm")
    assert "Chưa biết số cũ nào." in officer.get(here).text


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (HUNG.digits, "owner_unknown"),
        ("987654321", "old_number_unknown"),
        ("00118501234", "citizen_id_malformed"),
    ],
)
def test_a_number_that_leads_to_nobody_merges_nobody(
    page: Browser, archive: Archive, number: str, code: str
) -> None:
    here = f"/people/{a_dossier(archive).owner_id}"

    answer = page(Role.ADMIN).post(f"{here}/merges", other_number=number, reason=WHY)

    assert code in answer.text
    assert number not in answer.text


def test_a_clerk_reads_the_page_that_the_lookup_leads_to_and_decides_nothing(
    page: Browser, archive: Archive
) -> None:
    paper = a_component(archive, a_dossier(archive), "divorce_decision")
    other = a_component(archive, a_dossier(archive, owner=LANS_OTHER), "marriage_certificate")
    merged(archive, paper.owner_id, other.owner_id)
    clerk = page(Role.CLERK)

    held = clerk.post("/lookup", number=LAN.digits, purpose="kiểm tra").text
    shown = clerk.get(f"/people/{paper.owner_id}").text

    assert f'href="/people/{paper.owner_id}"' in held
    assert held.count("Nộp theo số khác") == 1
    assert LANS_OTHER.masked in shown
    assert "Bỏ gộp" not in shown
    assert "Thêm số cũ" not in shown


def test_the_lookup_page_says_what_to_do_about_an_unknown_old_number(
    page: Browser, archive: Archive
) -> None:
    clerk = page(Role.CLERK)

    asked = clerk.post("/lookup", number=LANS_OLD.digits, purpose="kiểm tra")
    received = clerk.post("/dossiers/new", number=LANS_OLD.digits, procedure=MARITAL_STATUS)

    for answer in (asked, received):
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "quét mã QR trên thẻ căn cước" in answer.text
    assert len(entries(archive, "owner.looked_up")) == 2


# Organisations -------------------------------------------------------------------------------


CHANGE = "2.000720"
CERTIFICATE = "household_business_certificate"


def of_company(number: TaxCode, **more: Any) -> dict[str, Any]:
    """A dossier of an organisation, its code as it stands on its papers."""
    return {
        "procedure": CHANGE, "tax_code": number.printed, "owner_name": "Cơ sở may Hoa Sen", **more,
    }  # fmt: skip


def test_an_organisations_certificate_handed_in_once_serves_again(
    client: AClient, archive: Archive
) -> None:
    clerk = client(Role.CLERK)
    first = clerk.post("/api/v1/dossiers", json=of_company(COMPANY)).json()
    with archive.database.read() as session:
        row = dossiers.by_code(session, first["code"])
    paper = a_component(archive, row, CERTIFICATE)

    found = clerk.post(
        "/api/v1/lookups",
        json={"tax_code": "03.144.09058", "procedure": CHANGE, "purpose": CHANGE},
    ).json()
    line = next(each for each in found["checklist"] if each["component"] == paper.id)
    second = clerk.post(
        "/api/v1/dossiers", json=of_company(COMPANY, reuse={line["key"]: paper.id})
    ).json()

    assert (found["owner"], found["owner_name"]) == (first["owner"], "Cơ sở may Hoa Sen")
    assert found["warnings"] == first["warnings"] == second["warnings"] == []
    served = next(each for each in second["requirements"] if each["key"] == line["key"])
    assert (served["component"], served["reused"]) == (paper.id, True)
    slip = clerk.get(f"/api/v1/dossiers/{second['code']}/slip.pdf")
    assert slip.headers["Content-Type"] == "application/pdf"


def test_a_branch_is_another_owner_than_its_head_office(client: AClient, archive: Archive) -> None:
    head = a_dossier(archive, procedure=CHANGE, owner=COMPANY, owner_name="Hoa Sen")
    branch = a_dossier(archive, procedure=CHANGE, owner=BRANCH, owner_name="Hoa Sen, chi nhánh 2")
    paper = a_component(archive, head, CERTIFICATE)

    assert papers(client(Role.CLERK), COMPANY) == {paper.id}
    assert papers(client(Role.CLERK), BRANCH) == set()
    with pytest.raises(OtherOwner):
        a_dossier(archive, procedure=CHANGE, owner=BRANCH, reused={CERTIFICATE: paper.id})
    shown = client(Role.OFFICER).get(f"/api/v1/people/{branch.owner_id}").json()
    assert (shown["kind"], shown["number"]) == ("organisation", "031*******-*02")


def test_an_organisation_registered_twice_is_merged(client: AClient, archive: Archive) -> None:
    again = TaxCode("0100233488")
    first = a_dossier(archive, procedure=CHANGE, owner=COMPANY, owner_name="Hoa Sen")
    paper = a_component(archive, first, CERTIFICATE)
    second = a_dossier(archive, procedure=CHANGE, owner=again, owner_name="Hoa Sen")

    merged(archive, first.owner_id, second.owner_id)

    assert papers(client(Role.CLERK), again) == {paper.id}


def test_an_organisation_on_file_under_another_name_is_warned_of(client: AClient) -> None:
    clerk = client(Role.CLERK)
    clerk.post("/api/v1/dossiers", json=of_company(BRANCH))

    other = clerk.post("/api/v1/dossiers", json=of_company(BRANCH, owner_name="Hoa Mai")).json()

    assert (other["owner_name"], other["warnings"]) == (
        "Cơ sở may Hoa Sen", ["owner_name_differs"],
    )  # fmt: skip


def test_a_slip_shows_a_branchs_code_with_its_dash(archive: Archive) -> None:
    dossier = a_dossier(archive, procedure=CHANGE, owner=BRANCH, owner_name="Hoa Sen")

    with archive.database.read() as session:
        row = dossiers.by_code(session, dossier.code)
        data = slips.slip_data(session, row, public_url="https://example.vn")

    assert data.person_number == "0314409058-002"
    assert "|0314409058-002|" in data.legal_text


def test_an_organisation_goes_through_the_pages_by_its_tax_code(
    page: Browser, archive: Archive
) -> None:
    clerk, filled = page(Role.CLERK), {"number": BRANCH.printed, "procedure": CHANGE}
    first = clerk.post("/dossiers", **filled, owner_name="Hoa Sen", desk="counter-1")
    code = first.headers["Location"].removeprefix("/dossiers/").removesuffix("?new=1")
    with archive.database.read() as session:
        row = dossiers.by_code(session, code)
    a_component(archive, row, CERTIFICATE)

    checklist = clerk.post("/dossiers/new", **filled)
    held = clerk.post("/lookup", number=BRANCH.digits, procedure=CHANGE, purpose="kiểm tra")
    again = clerk.post(f"/dossiers/{a_dossier(archive, owner=BRANCH).code}/holdings")

    assert "Dùng lại giấy tờ này" in checklist.text
    for shown in (checklist, held):
        assert BRANCH.masked in shown.text
        assert "Hoa Sen" in shown.text
    assert again.status_code == HTTPStatus.OK
    assert "Số chứng minh nhân dân cũ" not in clerk.get(f"/people/{row.owner_id}").text


# As commands, exports and old archives -------------------------------------------------------


@pytest.fixture
def commands(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """The archive that commands find in their environment."""
    monkeypatch.setenv("HOSO_DATA_DIR", str(archive.settings.data_dir))
    monkeypatch.setenv("HOSO_DATABASE_URL", archive.settings.database_url)
    return archive


def hoso(*words: str) -> None:
    app(words, standalone_mode=False)


def test_commands_take_old_numbers_and_branches(
    commands: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    hoso("receive", CHANGE, BRANCH.printed, "Hoa Sen")
    known_as(commands, a_dossier(commands).owner_id)
    capsys.readouterr()

    hoso("lookup", BRANCH.printed, "--purpose", "kiểm tra")
    hoso("lookup", LANS_OLD.digits, "--purpose", "kiểm tra")
    hoso("receive", MARITAL_STATUS, LANS_OLD.digits, "Nguyễn Thị Lan")

    said = capsys.readouterr().out
    assert f"Hoa Sen ({BRANCH.masked})" in said
    assert f"Nguyễn Thị Lan ({LANS_OLD.masked})" in said


def test_a_command_refuses_an_unknown_old_number_and_notes_that_it_was_asked(
    commands: Archive,
) -> None:
    with pytest.raises(OldNumberUnknown, match="card's QR"):
        hoso("lookup", LANS_OLD.digits, "--purpose", "kiểm tra")

    assert len(entries(commands, "owner.looked_up")) == 1


def test_an_export_of_a_merged_person_holds_what_came_under_each_number(
    archive: Archive,
) -> None:
    first = a_component(archive, a_dossier(archive), "divorce_decision")
    second = a_component(archive, a_dossier(archive, owner=LANS_OTHER), "marriage_certificate")
    known_as(archive, first.owner_id)
    merged(archive, first.owner_id, second.owner_id)

    asked = Asked(by="mai", at=archive.clock(), purpose="chuyển lưu trữ")
    with archive.database.write() as session:
        parcel = export.gather_person(session, LANS_OLD, asked)

    owner = json.loads(parcel.texts["owner.json"])
    assert owner["old_numbers"] == [LANS_OLD.digits]
    assert [other["number"] for other in owner["same_as"]] == [LANS_OTHER.digits]
    assert {name.split("/")[1] for name in parcel.texts if name.startswith("dossiers/")} == {
        first.dossier_code, second.dossier_code,
    }  # fmt: skip
    assert sum(name.endswith("component.json") for name in parcel.texts) == 2
    assert {entry.subject for entry in entries(archive, "owner.exported")} == {
        first.owner_id, second.owner_id,
    }  # fmt: skip


def test_a_manifest_names_people_by_known_old_numbers_and_by_either_of_two(
    archive: Archive, tmp_path: Path
) -> None:
    lan, other = a_dossier(archive), a_dossier(archive, owner=LANS_OTHER)
    known_as(archive, lan.owner_id)
    merged(archive, lan.owner_id, other.owner_id)
    heading = "path;type;dossier;owner_id;owner_name"
    lines = [
        f"một.pdf;marriage_certificate;;{LANS_OLD.digits};Nguyễn Thị Lan",
        f"hai.pdf;marriage_certificate;{lan.code};{LANS_OTHER.digits};Nguyễn Thị Lan",
        "ba.pdf;marriage_certificate;;987654321;Trần Văn Nam",
        f"bốn.pdf;marriage_certificate;{lan.code};{HUNG.digits};Trần Văn Hùng",
    ]
    for line in lines:
        a_pdf(tmp_path / line.partition(";")[0], words=line)

    manifest = list(read_manifest([f"{line}\n" for line in (heading, *lines)], today=TODAY))
    tried = list(
        OldArchive(archive, tmp_path, by="mai", dry_run=True).take_in(manifest, processes=1)
    )
    taken = list(OldArchive(archive, tmp_path, by="mai").take_in(manifest, processes=1))

    refusals = [None, None, "old_number_unknown", "other_owner"]
    for answers in (tried, taken):
        assert [each.refusal and each.refusal.code for each in answers] == refusals
    with archive.database.read() as session:
        assert dossiers.by_code(session, taken[0].dossier).owner_id == lan.owner_id
    assert taken[1].dossier == lan.code


# Who has looked ------------------------------------------------------------------------------


def test_a_person_can_be_shown_who_has_looked_at_their_papers_and_why(
    archive: Archive, client: Callable[..., httpx.Client]
) -> None:
    dossier = a_dossier(archive, owner=LAN)
    paper = a_component(archive, dossier, "divorce_decision")
    others = a_component(archive, a_dossier(archive, owner=HUNG), "divorce_decision")
    clerk, officer = client(Role.CLERK), client(Role.OFFICER)
    officer.get(f"/api/v1/components/{paper.id}", params={"purpose": "thẩm định"})
    officer.get(f"/api/v1/components/{others.id}", params={"purpose": "việc khác"})
    asked = {"citizen_id": LAN.digits, "purpose": "đăng ký kết hôn"}
    clerk.post("/api/v1/lookups", json=asked)

    shown = clerk.get(f"/api/v1/people/{dossier.owner_id}/accesses").json()["items"]
    page = clerk.get(f"/people/{dossier.owner_id}/accesses").text

    assert [(one["deed"], one["purpose"]) for one in shown] == [
        ("owner.looked_up", "đăng ký kết hôn"),
        ("component.viewed", "thẩm định"),
    ]
    assert shown[1]["component_type"] == "divorce_decision"
    assert shown[1]["dossier"] == dossier.code
    assert "Tra cứu giấy tờ đã có" in page
    assert "việc khác" not in page
    assert LAN.digits not in page


def test_accesses_come_page_by_page_and_showing_them_is_noted(
    archive: Archive, client: Callable[..., httpx.Client]
) -> None:
    dossier = a_dossier(archive, owner=LAN)
    clerk = client(Role.CLERK)
    for turn in range(5):
        clerk.get(f"/api/v1/dossiers/{dossier.code}", params={"turn": turn})
    address = f"/api/v1/people/{dossier.owner_id}/accesses"

    first = clerk.get(address, params={"limit": 3}).json()
    rest = clerk.get(address, params={"limit": 3, "cursor": first["next"]}).json()

    deeds = [one["deed"] for one in first["items"] + rest["items"]]
    assert deeds == ["dossier.viewed"] * 5
    assert rest["next"] is None
    assert clerk.get(address).json()["items"][0]["deed"] == "owner.accesses_shown"
    assert clerk.get("/api/v1/people/unknown/accesses").status_code == HTTPStatus.NOT_FOUND
