"""Papers that say what they are: read, doubted, agreed upon, confirmed or corrected by a person."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus

import httpx
import pytest
from sqlalchemy import select

from hoso.archive_api.accounts import Role
from hoso.audit.log import AuditEntry
from hoso.dossier import attachments, components, dossiers, pages, paper_fields
from hoso.dossier.numbers import CitizenId
from hoso.dossier.tables import Component, ComponentPage
from hoso.dossier.work import ARCHIVE_COMPONENT, EXPLAIN_COMPONENT
from hoso.errors import ComponentInUse, DossierUnknown, PresentedOnly
from hoso.ocr.explaining import explain_component
from hoso.ocr.reading import PageReading
from hoso.ocr.words import Word
from hoso.wiring import Archive
from tests.builders import HUNG, LAN, MARITAL_STATUS, a_component, a_dossier
from tests.paper.render import read_perfectly

# Whose extract was not issued before the birth, as chance will have it with others.
SOUND = 5
DIVORCE = "end_of_marriage"

AClient = Callable[..., httpx.Client]


def a_paper(archive: Archive, kind: str, *, filed_as: str = "", seed: int = 3) -> Component:
    """A paper of that kind whose pages were read well, filed for the person it names."""
    known, words = read_perfectly(kind, seed)
    dossier = a_dossier(
        archive, owner=CitizenId(str(known["citizen_id"])), owner_name=str(known["owner_name"])
    )
    component = a_component(archive, dossier, filed_as or kind)
    keep_words(archive, component, words)
    explain_component(archive.workbench, component.id)
    return component


def keep_words(archive: Archive, component: Component, pages_: list[list[Word]]) -> None:
    """Have the paper's pages read so."""
    with archive.database.write() as session:
        row = components.by_id(session, component.id)
        for position in range(2, len(pages_) + 1):
            page = pages.see(session, row.original, position, blank=False, codes=[])
            session.flush()
            row.pages.append(ComponentPage(position=position, page_id=page.id, page=page))
        for entry, words in zip(row.pages, pages_, strict=True):
            entry.page.state, entry.page.reading = "read", PageReading(tuple(words)).to_json()


def fields_of(archive: Archive, component: Component) -> dict[str, paper_fields.ComponentField]:
    with archive.database.read() as session:
        return {row.key: row for row in paper_fields.of_component(session, component.id)}


def guess_of(archive: Archive, component: Component) -> dict[str, object]:
    with archive.database.read() as session:
        guess = components.by_id(session, component.id).guess
    assert guess is not None
    return guess


def test_a_paper_says_its_kind_and_whose_it_is(archive: Archive) -> None:
    component = a_paper(archive, "marital_status_certificate")

    guess, fields = guess_of(archive, component), fields_of(archive, component)

    assert guess["type"] == "marital_status_certificate"
    assert guess["title"] == "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN"
    assert {key: row.state for key, row in fields.items()} == {
        "paper_number": "read",
        "issued_on": "read",
        "owner_name": "matched",
        "citizen_id": "matched",
        "birth_date": "read",
        "sex": "read",
        "issuer": "read",
    }
    assert [row.key for row in fields.values() if row.doubts] == ["issued_on"]


def test_a_paper_of_another_person_is_doubted(archive: Archive) -> None:
    _, words = read_perfectly("marital_status_certificate", 3)
    component = a_component(archive, a_dossier(archive, owner=LAN), "marital_status_certificate")
    keep_words(archive, component, words)

    explain_component(archive.workbench, component.id)

    fields = fields_of(archive, component)
    assert fields["citizen_id"].doubts == ["other_owner"]
    assert fields["owner_name"].doubts == ["other_name"]
    assert {row.state for row in fields.values()} == {"read"}


def test_what_its_title_says_does_not_change_how_a_paper_is_filed(archive: Archive) -> None:
    component = a_paper(archive, "birth_extract", filed_as="birth_certificate", seed=SOUND)

    assert guess_of(archive, component)["type"] == "birth_extract"
    with archive.database.read() as session:
        assert components.by_id(session, component.id).type == "birth_certificate"


def decide(archive: Archive, component: Component, key: str, value: str) -> None:
    with archive.database.write() as session:
        paper_fields.decide(
            session, archive.jobs, component.id, key, value, by="mai", at=archive.clock()
        )


def asked(archive: Archive) -> list[tuple[str, str]]:
    with archive.database.read() as session:
        return [(row.component_id, row.key) for row in paper_fields.asked(session, limit=50)]


def test_another_kind_than_it_is_filed_under_is_asked_about_and_may_stay(archive: Archive) -> None:
    component = a_paper(archive, "birth_extract", filed_as="birth_certificate", seed=SOUND)
    assert asked(archive) == [(component.id, "component_type")]

    decide(archive, component, "component_type", "birth_certificate")

    assert asked(archive) == []
    with archive.database.read() as session:
        row = components.by_id(session, component.id)
        assert row.type == "birth_certificate"
    assert not archive.jobs.is_waiting(ARCHIVE_COMPONENT, component.id)


def test_a_paper_filed_anew_serves_what_its_kind_serves_and_is_archived_anew(
    archive: Archive,
) -> None:
    known, words = read_perfectly("divorce_decision", 3)
    dossier = a_dossier(archive, procedure=MARITAL_STATUS, owner_name=str(known["owner_name"]))
    component = a_component(archive, dossier, "death_extract")
    keep_words(archive, component, words)
    explain_component(archive.workbench, component.id)

    decide(archive, component, "component_type", "divorce_decision")

    with archive.database.read() as session:
        row = components.by_id(session, component.id)
        (entry,) = attachments.of_dossier(session, dossier.code)
        wanted = [line.key for line in attachments.requirements_of(dossier)
                  if "divorce_decision" in line.any_of]  # fmt: skip
    assert (row.type, row.archived) == ("divorce_decision", None)
    assert entry.requirement == wanted[0]
    assert archive.jobs.is_waiting(ARCHIVE_COMPONENT, component.id)


def test_a_paper_is_never_filed_as_what_may_only_be_presented(archive: Archive) -> None:
    component = a_paper(archive, "birth_extract", filed_as="birth_certificate", seed=SOUND)

    with pytest.raises(PresentedOnly):
        decide(archive, component, "component_type", "identity_card")


def test_what_would_do_most_harm_is_asked_first(archive: Archive) -> None:
    wrong_kind = a_paper(archive, "birth_extract", filed_as="birth_certificate", seed=SOUND)
    _, words = read_perfectly("marital_status_certificate", 3)
    another = a_component(archive, a_dossier(archive, owner=LAN), "marital_status_certificate")
    keep_words(archive, another, words)
    explain_component(archive.workbench, another.id)

    assert asked(archive) == [
        (another.id, "citizen_id"),
        (wrong_kind.id, "component_type"),
        (another.id, "owner_name"),
        (another.id, "issued_on"),
    ]


def test_nobody_is_asked_about_a_form_that_serves_one_dossier_only(archive: Archive) -> None:
    _, words = read_perfectly("birth_registration_form", 3)
    form = a_component(archive, a_dossier(archive, owner=LAN), "application_form")
    keep_words(archive, form, words)

    explain_component(archive.workbench, form.id)

    assert fields_of(archive, form)["citizen_id"].doubts == ["other_owner"]
    assert asked(archive) == []


def test_reading_a_paper_again_keeps_what_somebody_decided(archive: Archive) -> None:
    component = a_paper(archive, "marital_status_certificate")
    before = fields_of(archive, component)
    decide(archive, component, "paper_number", "131/UBND")

    explain_component(archive.workbench, component.id)

    after = fields_of(archive, component)
    assert after.keys() == before.keys()
    number = after["paper_number"]
    assert (number.value, number.read, number.state, number.decided_by) == (
        "131/UBND",
        before["paper_number"].read,
        "corrected",
        "mai",
    )


def test_a_paper_whose_pages_say_nothing_has_no_kind_and_no_fields(archive: Archive) -> None:
    component = a_component(archive, a_dossier(archive), "birth_certificate")

    explain_component(archive.workbench, component.id)

    assert fields_of(archive, component) == {}


def test_a_paper_is_explained_as_soon_as_its_pages_are_read(archive: Archive) -> None:
    component = a_component(archive, a_dossier(archive), "birth_certificate")
    with archive.database.write() as session:
        components.has_been_read(session, archive.jobs, component.id)

    assert archive.jobs.is_waiting(EXPLAIN_COMPONENT, component.id)


# Over HTTP ---------------------------------------------------------------------------------------


def test_fields_are_shown_for_a_purpose_and_the_look_is_kept(
    archive: Archive, client: AClient
) -> None:
    component = a_paper(archive, "marital_status_certificate")
    clerk = client(Role.CLERK)

    refused = clerk.get(f"/api/v1/components/{component.id}/fields")
    shown = clerk.get(f"/api/v1/components/{component.id}/fields?purpose=thẩm định").json()

    assert refused.json()["code"] == "purpose_missing"
    assert shown["guess"]["type"] == shown["type"] == "marital_status_certificate"
    (born,) = [field for field in shown["fields"] if field["key"] == "birth_date"]
    assert (born["page"], born["state"], born["decided_by"]) == (1, "read", None)
    with archive.database.read() as session:
        seen = session.scalars(select(AuditEntry).where(AuditEntry.action == "component.viewed"))
        assert len(seen.all()) == 1


def test_an_officer_confirms_one_field_and_corrects_another(
    archive: Archive, client: AClient
) -> None:
    component = a_paper(archive, "marital_status_certificate")
    read = fields_of(archive, component)
    officer = client(Role.OFFICER)
    url = f"/api/v1/components/{component.id}/fields"

    same = officer.put(f"{url}/issued_on", json={"value": read["issued_on"].value}).json()
    other = officer.put(f"{url}/paper_number", json={"value": " 132/UBND-XNTTHN "}).json()

    assert (same["state"], same["value"]) == ("confirmed", same["read"])
    assert (other["state"], other["value"]) == ("corrected", "132/UBND-XNTTHN")
    with archive.database.read() as session:
        row = components.by_id(session, component.id)
    assert (row.number, str(row.issued_on)) == ("132/UBND-XNTTHN", read["issued_on"].value)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("birth_date", "05/03/1985", "field_value_impossible"),
        ("birth_date", "1985-02-30", "field_value_impossible"),
        ("paper_number", "   ", "request_malformed"),
        ("citizen_id", "1985", "citizen_id_malformed"),
        ("seal", "đỏ", "field_unknown"),
        ("paper_number", "x" * 501, "request_malformed"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    archive: Archive, client: AClient, key: str, value: str, code: str
) -> None:
    component = a_paper(archive, "marital_status_certificate")

    answer = client(Role.CLERK).put(
        f"/api/v1/components/{component.id}/fields/{key}", json={"value": value}
    )

    assert answer.json()["code"] == code
    assert answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert "1985" not in answer.text


# The day that decides, the wrong dossier, two clerks ------------------------------------------


def test_the_day_that_decides_how_long_a_paper_is_good_is_always_seen_by_a_person(
    archive: Archive,
) -> None:
    component = a_paper(archive, "marital_status_certificate")
    read = fields_of(archive, component)["issued_on"]

    assert read.doubts == ["decides_validity"]
    assert asked(archive) == [(component.id, "issued_on")]


def test_a_date_that_an_officer_has_typed_and_the_paper_bears_is_agreed_upon(
    archive: Archive,
) -> None:
    component = a_paper(archive, "poor_household_certificate")
    ends = fields_of(archive, component)["valid_until"]
    with archive.database.write() as session:
        components.describe(
            session, component.id, valid_until=date.fromisoformat(ends.value), by="mai",
            at=archive.clock(),
        )  # fmt: skip

    explain_component(archive.workbench, component.id)

    assert fields_of(archive, component)["valid_until"].state == "agreed"
    assert asked(archive) == []


def test_the_last_day_that_a_paper_states_holds_once_it_is_confirmed(archive: Archive) -> None:
    component = a_paper(archive, "poor_household_certificate")
    ends = fields_of(archive, component)["valid_until"]
    assert ends.doubts == ["decides_validity"]

    decide(archive, component, "valid_until", ends.value)

    with archive.database.read() as session:
        assert str(components.by_id(session, component.id).valid_until) == ends.value


def test_two_clerks_who_answer_one_question_do_not_overwrite_each_other(
    archive: Archive, client: AClient
) -> None:
    component = a_paper(archive, "marital_status_certificate")
    read = fields_of(archive, component)["paper_number"].value
    url = f"/api/v1/components/{component.id}/fields/paper_number"
    mai, hoa = client(Role.CLERK), client(Role.OFFICER)

    first = mai.put(url, json={"value": "131/UBND", "seen": read})
    second = hoa.put(url, json={"value": "731/UBND", "seen": read})
    same = hoa.put(url, json={"value": "731/UBND", "seen": "131/UBND"})

    assert first.status_code == HTTPStatus.OK
    assert second.json()["code"] == "field_decided_meanwhile"
    assert same.json()["value"] == "731/UBND"


def move(archive: Archive, component: Component, code: str) -> None:
    with archive.database.write() as session:
        attachments.move(
            session, archive.jobs, component.id, code, reason="xếp nhầm", by="mai",
            at=archive.clock(),
        )  # fmt: skip


def test_a_paper_in_the_wrong_dossier_is_moved_to_its_owner(archive: Archive) -> None:
    known, words = read_perfectly("marital_status_certificate", 3)
    wrong = a_dossier(archive, owner=LAN)
    right = a_dossier(
        archive, owner=CitizenId(str(known["citizen_id"])), owner_name=str(known["owner_name"])
    )
    component = a_component(archive, wrong, "marital_status_certificate")
    keep_words(archive, component, words)
    explain_component(archive.workbench, component.id)
    assert fields_of(archive, component)["citizen_id"].doubts == ["other_owner"]

    move(archive, component, right.code)
    explain_component(archive.workbench, component.id)

    assert fields_of(archive, component)["citizen_id"].state == "matched"
    with archive.database.read() as session:
        assert attachments.of_dossier(session, wrong.code) == []
        (there,) = attachments.of_dossier(session, right.code)
        row = components.by_id(session, component.id)
        assert there.component_id == row.id
        assert (row.owner_id, row.dossier_code, row.archived) == (right.owner_id, right.code, None)


def test_a_paper_that_another_dossier_relies_on_is_not_moved(archive: Archive) -> None:
    first, second = a_dossier(archive), a_dossier(archive)
    component = a_component(archive, first, "divorce_decision")
    with archive.database.write() as session:
        attachments.reuse(
            session, dossiers.by_code(session, second.code, lock=True), DIVORCE, component.id,
            by="mai", at=archive.clock(),
        )  # fmt: skip

    with pytest.raises(ComponentInUse, match=second.code):
        move(archive, component, a_dossier(archive, owner=HUNG).code)
    with pytest.raises(DossierUnknown):
        move(archive, component, "H57.22.10-261126-9999")
