"""Receiving dossiers on a real database: codes, due dates, reuse and the lookup."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from hoso.archive_api.accounts import Role
from hoso.archive_api.bodies import MOST_BYTES
from hoso.audit import log as audit
from hoso.audit.log import AuditEntry
from hoso.clock import OFFICE_ZONE, local
from hoso.dossier import attachments, components, dossiers, lookup
from hoso.dossier.lookup import Lookup
from hoso.dossier.receive import Submitter
from hoso.dossier.reuse import Standing
from hoso.dossier.tables import Dossier
from hoso.errors import DossierUnknown, NotReusable, OtherOwner, ProcedureUnknown, PurposeMissing
from hoso.wiring import Archive
from tests.builders import (
    BIRTH,
    HUNG,
    LAN,
    MARITAL_STATUS,
    RESIDENCE,
    SetClock,
    a_component,
    a_dossier,
)

AClient = Callable[..., httpx.Client]


def all_dossiers(archive: Archive) -> list[Dossier]:
    with archive.database.read() as session:
        return list(session.scalars(select(Dossier).order_by(Dossier.number)))


def log_rows(archive: Archive) -> list[AuditEntry]:
    with archive.database.read() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


def as_text(entry: AuditEntry) -> str:
    columns = [column.key for column in AuditEntry.__table__.columns]
    return json.dumps({key: str(getattr(entry, key)) for key in columns}, ensure_ascii=False)


# Codes ---------------------------------------------------------------------------------------


def test_fifty_counters_at_once_get_fifty_consecutive_codes(archive: Archive) -> None:
    with ThreadPoolExecutor(50) as counters:
        received = list(counters.map(lambda _: a_dossier(archive), range(50)))

    expected = {f"H57.22.10-261126-{ordinal:04d}" for ordinal in range(1, 51)}
    assert {dossier.code for dossier in received} == expected
    assert len({dossier.tracking_token for dossier in received}) == 50
    with archive.database.read() as session:
        assert audit.verify(session) is None


def test_codes_count_from_one_again_on_the_next_day(archive: Archive, clock: SetClock) -> None:
    first = a_dossier(archive)
    clock.advance(days=1)

    assert first.code == "H57.22.10-261126-0001"
    assert a_dossier(archive).code == "H57.22.10-261127-0001"


def test_the_day_of_a_code_is_the_offices_not_utcs(archive: Archive, clock: SetClock) -> None:
    clock.at = datetime(2026, 11, 27, 6, 30, tzinfo=OFFICE_ZONE)  # still the 26th in UTC

    assert a_dossier(archive).code == "H57.22.10-261127-0001"


def test_a_refused_receipt_leaves_no_gap_in_the_codes(archive: Archive) -> None:
    a_dossier(archive)
    with pytest.raises(ProcedureUnknown):
        a_dossier(archive, procedure="9.999999")
    hungs = a_component(archive, a_dossier(archive, owner=HUNG), "marriage_certificate")
    with pytest.raises(OtherOwner):  # refused after the code was drawn
        a_dossier(archive, procedure=BIRTH, reused={"marriage_certificate": hungs.id})

    assert a_dossier(archive).code == "H57.22.10-261126-0003"


# Due dates -----------------------------------------------------------------------------------


def test_seven_working_days_run_around_tet(archive: Archive, clock: SetClock) -> None:
    clock.at = datetime(2027, 2, 1, 9, 15, tzinfo=OFFICE_ZONE)  # Tết: 4 to 10 February 2027

    dossier = a_dossier(archive, procedure=RESIDENCE)

    assert local(dossier.due_at) == datetime(2027, 2, 17, 9, 15, tzinfo=OFFICE_ZONE)
    explained = {step["day"] for step in dossier.due_steps}
    assert {f"2027-02-{day:02d}" for day in range(4, 11)} <= explained


def test_a_same_day_procedure_on_the_eve_of_tet_is_due_after_it(
    archive: Archive, clock: SetClock
) -> None:
    clock.at = datetime(2027, 2, 3, 15, 30, tzinfo=OFFICE_ZONE)

    assert local(a_dossier(archive, procedure=BIRTH).due_at).date() == date(2027, 2, 11)


def test_later_changes_of_the_catalogue_do_not_touch_a_dossier(archive: Archive) -> None:
    dossier = a_dossier(archive, procedure=RESIDENCE)

    assert dossier.procedure["name"] == "Đăng ký thường trú"
    assert dossier.procedure["limit"] == "07 ngày làm việc"
    assert [one.key for one in attachments.requirements_of(dossier)] == [
        "residence_change_form",
        "dwelling_proof",
    ]


# Owners and submitters -----------------------------------------------------------------------


def test_papers_are_found_under_their_owner_not_under_who_handed_them_in(archive: Archive) -> None:
    submitter = Submitter(name="Trần Văn Hùng", phone="0900 000 000")
    dossier = a_dossier(archive, owner=LAN, submitter=submitter)
    paper = a_component(archive, dossier, "divorce_decision")

    with archive.database.write() as session:
        of_owner = lookup.look_up(
            session, Lookup(number=LAN, purpose="x"), by="lan", at=archive.clock()
        )
        of_submitter = lookup.look_up(
            session, Lookup(number=HUNG, purpose="x"), by="lan", at=archive.clock()
        )

    assert [component.id for component in of_owner.components] == [paper.id]
    assert of_submitter.owner is None
    assert of_submitter.components == []


def test_a_known_owner_keeps_the_name_on_file(archive: Archive) -> None:
    a_dossier(archive, owner_name="Nguyễn Thị Lan")
    a_dossier(archive, owner_name="NGUYEN THI LAN")

    assert {dossier.owner.name for dossier in all_dossiers(archive)} == {"Nguyễn Thị Lan"}


def test_the_first_papers_of_one_person_at_many_counters_make_one_owner(archive: Archive) -> None:
    with ThreadPoolExecutor(8) as counters:
        received = list(counters.map(lambda _: a_dossier(archive), range(8)))

    assert len({dossier.owner_id for dossier in received}) == 1


# Reuse ---------------------------------------------------------------------------------------


def test_a_paper_serves_a_second_dossier_by_reference(archive: Archive) -> None:
    paper = a_component(archive, a_dossier(archive), "divorce_decision")

    second = a_dossier(archive, reused={"end_of_marriage": paper.id})

    with archive.database.read() as session:
        (attached,) = attachments.of_dossier(session, second.code)
        assert len(components.of_owner(session, second.owner_id)) == 1  # referred to, not copied
    assert (attached.component_id, attached.requirement) == (paper.id, "end_of_marriage")
    assert attached.reused
    reused = [row for row in log_rows(archive) if row.action == "component.reused"]
    assert [(row.subject, row.facts) for row in reused] == [(paper.id, {"dossier": second.code})]


def test_another_owners_paper_is_refused_and_no_dossier_is_made(archive: Archive) -> None:
    hungs = a_component(archive, a_dossier(archive, owner=HUNG), "divorce_decision")

    with pytest.raises(OtherOwner):
        a_dossier(archive, owner=LAN, reused={"end_of_marriage": hungs.id})

    assert len(all_dossiers(archive)) == 1


def test_a_paper_made_anew_for_every_dossier_is_refused(archive: Archive) -> None:
    form = a_component(archive, a_dossier(archive), "application_form")

    with pytest.raises(NotReusable, match="Made anew for every dossier"):
        a_dossier(archive, reused={"application_form": form.id})


def test_a_paper_of_another_kind_does_not_serve(archive: Archive) -> None:
    paper = a_component(archive, a_dossier(archive), "marriage_certificate")

    with pytest.raises(NotReusable):
        a_dossier(archive, reused={"end_of_marriage": paper.id})


def test_an_expired_paper_is_refused_in_either_language(archive: Archive) -> None:
    paper = a_component(archive, a_dossier(archive), "health_certificate")
    with archive.database.write() as session:
        components.describe(
            session, paper.id, number="12/KSK", issued_on=date(2025, 5, 1), valid_until=None,
            by="lan", at=archive.clock(),
        )  # fmt: skip

    with pytest.raises(NotReusable) as refused:
        a_dossier(archive, procedure="2.000806", reused={"health_certificate": paper.id})

    assert refused.value.sentence("vi") == (
        "Không dùng lại được giấy này. Giấy đang lưu đã hết hạn ngày 01/05/2026. "
        "Đề nghị nộp giấy mới."
    )
    assert refused.value.sentence("en") == (
        "This paper cannot be used again. The paper held expired on 01/05/2026. Ask for a new one."
    )


def test_a_number_on_file_under_another_name_is_warned_of(client: AClient) -> None:
    asked = {"procedure": MARITAL_STATUS, "citizen_id": LAN.digits}
    clerk = client(Role.CLERK)
    first = clerk.post("/api/v1/dossiers", json={**asked, "owner_name": "Nguyễn Thị Lan"}).json()
    same = clerk.post("/api/v1/dossiers", json={**asked, "owner_name": "NGUYỄN THỊ LAN"}).json()
    other = clerk.post("/api/v1/dossiers", json={**asked, "owner_name": "Trần Văn Nam"}).json()

    assert (first["warnings"], same["warnings"]) == ([], [])
    assert other["warnings"] == ["owner_name_differs"]
    assert other["owner_name"] == "Nguyễn Thị Lan"


def test_describing_one_thing_keeps_the_others(client: AClient, archive: Archive) -> None:
    paper = a_component(archive, a_dossier(archive), "health_certificate")
    address = f"/api/v1/components/{paper.id}"
    client(Role.OFFICER).patch(address, json={"number": "12", "issued_on": "2026-05-01"})

    shown = client(Role.OFFICER).patch(address, json={"number": None}).json()

    assert (shown["number"], shown["issued_on"]) == (None, "2026-05-01")


def test_attaching_again_changes_nothing(archive: Archive) -> None:
    paper = a_component(archive, a_dossier(archive), "divorce_decision")
    second = a_dossier(archive, reused={"end_of_marriage": paper.id})

    with archive.database.write() as session:
        row = dossiers.by_code(session, second.code)
        attachments.reuse(session, row, "end_of_marriage", paper.id, by="lan", at=archive.clock())

    with archive.database.read() as session:
        assert len(attachments.of_dossier(session, second.code)) == 1


# The lookup ----------------------------------------------------------------------------------


def test_a_lookup_says_what_is_held_and_what_is_needed(archive: Archive) -> None:
    paper = a_component(archive, a_dossier(archive), "divorce_decision")
    asked = Lookup(number=LAN, procedure=MARITAL_STATUS, purpose=MARITAL_STATUS)

    with archive.database.write() as session:
        found = lookup.look_up(session, asked, by="lan", at=archive.clock())

    standings = {decision.requirement.key: decision.standing for decision in found.checklist}
    assert standings == {
        "application_form": Standing.NEEDED,
        "end_of_marriage": Standing.HELD,
    }
    assert [component.id for component in found.components] == [paper.id]


def test_a_lookup_leaves_its_purpose_and_never_the_number(
    client: AClient, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    dossier = a_dossier(archive, owner=LAN)
    clerk = client(Role.CLERK)

    known = clerk.post("/api/v1/lookups", json={"citizen_id": LAN.digits, "purpose": "Kết hôn"})
    unknown = clerk.post("/api/v1/lookups", json={"citizen_id": HUNG.digits, "purpose": "Kết hôn"})

    assert known.status_code == unknown.status_code == HTTPStatus.OK
    assert unknown.json()["owner"] is None
    rows = [row for row in log_rows(archive) if row.action == "owner.looked_up"]
    assert [(row.subject, row.purpose) for row in rows] == [
        (dossier.owner_id, "Kết hôn"),
        ("unknown-owner", "Kết hôn"),
    ]
    said = "\n".join([*map(as_text, log_rows(archive)), caplog.text, known.text, unknown.text])
    assert LAN.digits not in said
    assert HUNG.digits not in said


def test_a_refused_number_is_not_repeated(client: AClient) -> None:
    answer = client(Role.CLERK).post(
        "/api/v1/lookups", json={"citizen_id": "00118501234", "purpose": "Kết hôn"}
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "citizen_id_malformed"
    assert "00118501234" not in answer.text


def test_a_lookup_without_purpose_is_refused_and_looks_at_nothing(archive: Archive) -> None:
    with pytest.raises(PurposeMissing), archive.database.write() as session:
        lookup.look_up(session, Lookup(number=LAN, purpose="  "), by="lan", at=archive.clock())

    assert log_rows(archive) == []


# Through the API -----------------------------------------------------------------------------


def a_request(**other: Any) -> dict[str, Any]:
    return {
        "procedure": MARITAL_STATUS,
        "citizen_id": LAN.digits,
        "owner_name": "Nguyễn Thị Lan",
        **other,
    }


def test_the_same_idempotency_key_makes_one_dossier(client: AClient, archive: Archive) -> None:
    clerk, key = client(Role.CLERK), {"Idempotency-Key": "counter-1:1"}

    first = clerk.post("/api/v1/dossiers", json=a_request(), headers=key)
    again = clerk.post("/api/v1/dossiers", json=a_request(), headers=key)

    assert first.status_code == again.status_code == HTTPStatus.CREATED
    assert first.json() == again.json()
    assert len(all_dossiers(archive)) == 1


def test_the_same_key_sent_by_many_at_once_makes_one_dossier(
    client: AClient, archive: Archive
) -> None:
    clerk, key = client(Role.CLERK), {"Idempotency-Key": "counter-1:1"}

    with ThreadPoolExecutor(10) as threads:
        answers = list(
            threads.map(
                lambda _: clerk.post("/api/v1/dossiers", json=a_request(), headers=key), range(10)
            )
        )

    assert {answer.status_code for answer in answers} == {HTTPStatus.CREATED}
    assert len(all_dossiers(archive)) == 1


def test_a_key_used_for_another_request_is_refused(client: AClient, archive: Archive) -> None:
    clerk, key = client(Role.CLERK), {"Idempotency-Key": "counter-1:1"}
    clerk.post("/api/v1/dossiers", json=a_request(), headers=key)

    answer = clerk.post("/api/v1/dossiers", json=a_request(procedure=BIRTH), headers=key)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json()["code"] == "idempotency_key_reused"
    assert len(all_dossiers(archive)) == 1


def test_a_key_is_its_senders_own(client: AClient, archive: Archive) -> None:
    key = {"Idempotency-Key": "counter-1:1"}

    client(Role.CLERK).post("/api/v1/dossiers", json=a_request(), headers=key)
    client(Role.CLERK).post("/api/v1/dossiers", json=a_request(), headers=key)

    assert len(all_dossiers(archive)) == 2


def test_a_refused_request_does_not_use_its_key_up(client: AClient, archive: Archive) -> None:
    clerk, key = client(Role.CLERK), {"Idempotency-Key": "counter-1:1"}
    refused = clerk.post("/api/v1/dossiers", json=a_request(procedure="9.999999"), headers=key)

    answer = clerk.post("/api/v1/dossiers", json=a_request(), headers=key)

    assert refused.status_code == HTTPStatus.NOT_FOUND
    assert answer.status_code == HTTPStatus.CREATED


def test_an_edit_made_on_an_older_state_is_refused(client: AClient, archive: Archive) -> None:
    paper = a_component(archive, a_dossier(archive), "divorce_decision")
    clerk, code = client(Role.CLERK), a_dossier(archive).code
    seen = clerk.get(f"/api/v1/dossiers/{code}").headers["ETag"]
    edit = partial(
        clerk.put,
        f"/api/v1/dossiers/{code}/components/end_of_marriage",
        json={"component": paper.id},
        headers={"If-Match": seen},
    )

    first, late = edit(), edit()

    assert first.status_code == HTTPStatus.OK
    assert first.headers["ETag"] != seen
    assert (late.status_code, late.json()["code"]) == (HTTPStatus.CONFLICT, "dossier_changed")


def test_a_cursor_beyond_every_number_is_refused(client: AClient) -> None:
    clerk = client(Role.CLERK)
    answer = clerk.get("/api/v1/dossiers", params={"cursor": 10**19})
    page = clerk.get("/dossiers", params={"before": 10**19})

    assert answer.json()["code"] == "request_malformed"
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_body_larger_than_any_is_cut_off_before_anybody_is_asked_for(client: AClient) -> None:
    answer = client(None).post("/api/v1/lookups", content=b" " * (MOST_BYTES + 1))

    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert answer.json()["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_looking_at_a_dossier_is_noted(client: AClient, archive: Archive) -> None:
    code = a_dossier(archive).code

    client(Role.OFFICER).get(f"/api/v1/dossiers/{code}")

    (viewed,) = [row for row in log_rows(archive) if row.action == "dossier.viewed"]
    assert (viewed.subject, viewed.purpose) == (code, f"dossier {code}")


def test_the_public_page_shows_the_step_and_no_person(client: AClient, archive: Archive) -> None:
    dossier = a_dossier(archive, owner_name="Nguyễn Thị Lan")

    answer = client().get(f"/api/v1/track/{dossier.tracking_token}")

    assert answer.status_code == HTTPStatus.OK
    assert answer.json()["dossier"] == dossier.code
    for secret in ("Lan", LAN.digits, dossier.owner_id, "Mai"):
        assert secret not in answer.text


def test_an_unknown_tracking_link_says_nothing(client: AClient) -> None:
    assert client().get("/api/v1/track/guessed-token").status_code == HTTPStatus.NOT_FOUND


def test_an_unknown_code_is_not_found(archive: Archive) -> None:
    with pytest.raises(DossierUnknown), archive.database.read() as session:
        dossiers.by_code(session, "H57.22.10-261126-0001")
