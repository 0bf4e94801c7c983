"""Papers that may be one: asked about after reading, answered by a person, each answer undoable."""

import threading
from collections.abc import Callable
from datetime import date
from http import HTTPStatus

import httpx
import pytest
from sqlalchemy import select

from hoso.archive_api.accounts import Role
from hoso.audit.log import AuditEntry
from hoso.dossier import attachments, components, duplicate_questions, lookup, marks, merges
from hoso.dossier.duplicates import DuplicateAnswer
from hoso.dossier.lookup import Lookup
from hoso.dossier.marks import Mark
from hoso.dossier.reasons import Reason
from hoso.dossier.tables import Component, Dossier, DuplicateQuestion
from hoso.dossier.work import EXPLAIN_COMPONENT
from hoso.errors import AnotherKindOfPaper, DuplicateUnknown
from hoso.ocr.explaining import explain_component
from hoso.wiring import Archive
from tests.builders import HUNG, LAN, SetClock, a_component, a_dossier

SAME, VERSION, SEPARATE = (
    DuplicateAnswer.SAME,
    DuplicateAnswer.NEW_VERSION,
    DuplicateAnswer.SEPARATE,
)
EXTRACT = (
    "TRÍCH LỤC KHAI TỬ Số 15/2026/TLKT Họ chữ đệm tên Phạm Văn Tư ngày sinh 02/03/1931 số định "
    "danh cá nhân 001031004567 đã chết vào lúc 07 giờ 30 phút ngày 11/05/2026 nguyên nhân tuổi già"
)
ANOTHER = (
    "TRÍCH LỤC KHAI TỬ Số 98/2019/TLKT Họ chữ đệm tên Lê Thị Năm ngày sinh 30/12/1944 số định "
    "danh cá nhân 001144009876 đã chết vào lúc 21 giờ 45 phút ngày 24/08/2019 nguyên nhân bệnh"
)
PICTURE = "0f" * 32


@pytest.fixture
def clerk(client: Callable[..., httpx.Client]) -> httpx.Client:
    return client(Role.CLERK)


@pytest.fixture
def dossier(archive: Archive) -> Dossier:
    return a_dossier(archive)


def scanned(
    archive: Archive,
    clock: SetClock,
    dossier: Dossier,
    text: str = EXTRACT,
    *,
    type_: str = "death_extract",
    picture: str | None = PICTURE,
    issued_on: date | None = None,
) -> Component:
    """A paper that came in a minute after the one before, read and explained."""
    clock.advance(minutes=1)
    component = a_component(archive, dossier, type_)
    with archive.database.write() as session:
        row = components.by_id(session, component.id)
        row.issued_on = issued_on
        row.pages[0].page.text, row.pages[0].page.fingerprint = text, picture
    explain_component(archive.workbench, component.id)
    return component


def waiting(archive: Archive) -> list[tuple[str, str]]:
    with archive.database.read() as session:
        found = duplicate_questions.waiting(session, limit=50)
        assert duplicate_questions.count_waiting(session) == len(found)
        return [(row.newer_id, row.older_id) for row in found]


def question(archive: Archive) -> DuplicateQuestion:
    with archive.database.read() as session:
        return session.scalars(select(DuplicateQuestion)).one()


def say(archive: Archive, answer: DuplicateAnswer, about: DuplicateQuestion | None = None) -> None:
    asked = about or question(archive)
    with archive.database.write() as session:
        duplicate_questions.decide(session, asked.id, answer, by="mai", at=archive.clock())


def standing(archive: Archive, paper: Component) -> list[tuple[str, str | None]]:
    with archive.database.read() as session:
        return [
            (mark.kind, mark.newer_id)
            for mark in marks.history(session, paper.id)
            if mark.lifted_at is None
        ]


# What is asked --------------------------------------------------------------------------------


def test_the_same_paper_scanned_again_is_asked_about_and_nothing_is_decided(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older = scanned(archive, clock, dossier)
    newer = scanned(archive, clock, a_dossier(archive))

    assert waiting(archive) == [(newer.id, older.id)]
    assert question(archive).agrees == ["pictures", "words", "figures", "pages", "kind"]
    assert standing(archive, older) == standing(archive, newer) == []


def test_other_papers_are_not_asked_about(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    scanned(archive, clock, dossier)
    scanned(archive, clock, dossier, ANOTHER)
    scanned(archive, clock, a_dossier(archive, owner=HUNG))
    scanned(archive, clock, dossier, type_="divorce_decision")

    assert waiting(archive) == []


def test_a_form_is_compared_within_its_dossier_only(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older = scanned(archive, clock, dossier, type_="application_form")
    scanned(archive, clock, a_dossier(archive), type_="application_form")
    newer = scanned(archive, clock, dossier, type_="application_form")

    assert waiting(archive) == [(newer.id, older.id)]


def test_a_paper_whose_pages_are_still_to_be_read_is_waited_for(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older = scanned(archive, clock, dossier)
    with archive.database.write() as session:
        components.by_id(session, older.id).pages[0].page.state = "seen"
    newer = scanned(archive, clock, dossier)
    assert waiting(archive) == []

    with archive.database.write() as session:
        components.by_id(session, older.id).pages[0].page.state = "read"
    explain_component(archive.workbench, older.id)
    assert waiting(archive) == [(newer.id, older.id)]


def test_doing_it_again_changes_nothing_and_answers_stay(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older, newer = scanned(archive, clock, dossier), scanned(archive, clock, dossier)
    asked = question(archive)
    explain_component(archive.workbench, older.id)
    explain_component(archive.workbench, newer.id)
    assert (question(archive).id, question(archive).asked_at) == (asked.id, asked.asked_at)

    say(archive, SEPARATE)
    explain_component(archive.workbench, newer.id)
    assert waiting(archive) == []
    assert question(archive).answer == "separate"


def test_a_question_for_which_nothing_speaks_any_more_goes(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    scanned(archive, clock, dossier)
    newer = scanned(archive, clock, dossier)
    with archive.database.write() as session:
        components.by_id(session, newer.id).pages[0].page.text = ANOTHER

    explain_component(archive.workbench, newer.id)

    assert waiting(archive) == []


def test_papers_explained_at_the_same_moment_are_asked_about_once(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    papers = [scanned(archive, clock, dossier) for _ in range(4)]
    with archive.database.write() as session:
        for row in session.scalars(select(DuplicateQuestion)):
            session.delete(row)
    workers = [
        threading.Thread(target=explain_component, args=(archive.workbench, paper.id))
        for paper in papers
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert len(waiting(archive)) == len(set(waiting(archive))) == 6


# What an answer does --------------------------------------------------------------------------


def held(archive: Archive) -> list[tuple[str | None, Reason]]:
    """What a marriage's checklist says of the extract of a death."""
    with archive.database.write() as session:
        answer = lookup.look_up(
            session,
            Lookup(number=LAN, purpose="test", procedure="1.004873"),
            by="mai",
            at=archive.clock(),
        )
    return [
        (decision.paper.component_id, decision.reason)
        for decision in answer.checklist
        if decision.paper
    ]


def test_of_the_same_paper_the_older_scan_stays_in_use(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older, newer = scanned(archive, clock, dossier), scanned(archive, clock, dossier)

    say(archive, SAME)

    assert (standing(archive, older), standing(archive, newer)) == ([], [("duplicate", older.id)])
    assert [paper for paper, _ in held(archive)] == [older.id]


def test_a_scan_made_again_because_the_first_was_bad_takes_its_place(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older, newer = scanned(archive, clock, dossier), scanned(archive, clock, dossier)
    with archive.database.write() as session:
        components.by_id(session, older.id).pages[0].page.quality = {"verdict": "rescan"}

    say(archive, SAME)

    assert (standing(archive, older), standing(archive, newer)) == ([("duplicate", newer.id)], [])


def test_a_revoked_paper_is_not_brought_back_by_scanning_it_again(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older, newer = scanned(archive, clock, dossier), scanned(archive, clock, dossier)
    with archive.database.write() as session:
        marks.place(session, older.id, Mark.REVOKED, reason="QĐ", by="mai", at=archive.clock())

    say(archive, SAME)

    assert standing(archive, newer) == [("duplicate", older.id)]
    assert held(archive) == [(older.id, Reason.REVOKED)]


def test_a_new_version_takes_the_place_of_the_old_one_by_their_days(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    today = date(2026, 11, 2)
    late = scanned(archive, clock, dossier, issued_on=today)
    early = scanned(archive, clock, dossier, issued_on=date(2024, 6, 17))

    say(archive, VERSION)

    assert standing(archive, early) == [("superseded", late.id)]
    assert standing(archive, late) == []


def test_every_answer_can_be_changed(archive: Archive, clock: SetClock, dossier: Dossier) -> None:
    older, newer = scanned(archive, clock, dossier), scanned(archive, clock, dossier)
    marked = {
        SAME: ([], [("duplicate", older.id)]),
        VERSION: ([("superseded", newer.id)], []),
        SEPARATE: ([], []),
    }

    for answer in (SAME, VERSION, SEPARATE, VERSION, SAME, SAME, SEPARATE):
        say(archive, answer)
        assert (standing(archive, older), standing(archive, newer)) == marked[answer]
        assert question(archive).answer == answer

    assert waiting(archive) == []


def test_a_mark_that_somebody_lifted_by_hand_does_not_hinder_another_answer(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    scanned(archive, clock, dossier)
    newer = scanned(archive, clock, dossier)
    say(archive, SAME)
    with archive.database.write() as session:
        marks.lift(session, newer.id, Mark.DUPLICATE, reason="nhầm", by="hung", at=archive.clock())

    say(archive, SEPARATE)

    assert standing(archive, newer) == []


def test_while_a_paper_is_a_duplicate_nothing_else_is_asked_about_it(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    first, second = scanned(archive, clock, dossier), scanned(archive, clock, dossier)
    asked = question(archive)
    third = scanned(archive, clock, dossier)
    assert len(waiting(archive)) == 3

    say(archive, SAME, asked)
    assert waiting(archive) == [(third.id, first.id)]
    fourth = scanned(archive, clock, dossier)
    assert (fourth.id, second.id) not in waiting(archive)

    say(archive, SEPARATE, asked)
    assert (third.id, second.id) in waiting(archive)


def test_papers_filed_as_two_kinds_are_no_versions_and_may_be_one(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older = scanned(archive, clock, dossier)
    newer = scanned(archive, clock, dossier)
    with archive.database.write() as session:
        components.by_id(session, newer.id).type = "divorce_decision"

    with pytest.raises(AnotherKindOfPaper):
        say(archive, VERSION)
    assert question(archive).answer is None
    say(archive, SAME)
    assert standing(archive, newer) == [("duplicate", older.id)]


def test_an_answer_is_noted_without_anybodys_data(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older, newer = scanned(archive, clock, dossier), scanned(archive, clock, dossier)
    say(archive, SAME)

    with archive.database.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "duplicate.answered")
        ).one()
    assert (entry.subject, entry.facts) == (newer.id, {"older": older.id, "answer": "same"})


def test_a_question_that_there_is_not_is_refused(archive: Archive) -> None:
    with pytest.raises(DuplicateUnknown), archive.database.write() as session:
        duplicate_questions.decide(session, 7, SAME, by="mai", at=archive.clock())


# Over the API and on pages --------------------------------------------------------------------


def test_the_api_lists_what_waits_and_takes_answers(
    archive: Archive, clock: SetClock, dossier: Dossier, clerk: httpx.Client
) -> None:
    older, newer = scanned(archive, clock, dossier), scanned(archive, clock, dossier)

    (asked,) = clerk.get("/api/v1/duplicates").json()
    assert (asked["newer"], asked["older"], asked["answer"]) == (newer.id, older.id, None)

    address = f"/api/v1/duplicates/{asked['id']}"
    said = clerk.put(address, json={"answer": "same"}).json()
    assert (said["answer"], bool(said["answered_by"])) == ("same", True)
    assert clerk.get("/api/v1/duplicates").json() == []
    of_paper = clerk.get("/api/v1/duplicates", params={"component": older.id}).json()
    assert [each["answer"] for each in of_paper] == ["same"]

    assert (
        clerk.put(address, json={"answer": "maybe"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    )
    unknown = clerk.put("/api/v1/duplicates/999", json={"answer": "same"})
    assert (unknown.status_code, unknown.json()["code"]) == (
        HTTPStatus.NOT_FOUND,
        "duplicate_unknown",
    )
    missing = clerk.get("/api/v1/duplicates", params={"component": "nobody"})
    assert missing.json()["code"] == "component_unknown"


def test_the_page_shows_both_papers_notes_the_look_and_takes_the_answer(
    archive: Archive, clock: SetClock, dossier: Dossier, clerk: httpx.Client
) -> None:
    older, newer = scanned(archive, clock, dossier), scanned(archive, clock, dossier)

    home = clerk.get("/").text
    page = clerk.get("/review/duplicates")
    assert "1 giấy có thể đã có trong kho" in home
    assert "Giống nhau: lời văn" in page.text
    assert EXTRACT not in page.text
    with archive.database.read() as session:
        seen = select(AuditEntry).where(AuditEntry.action == "component.viewed")
        assert {entry.subject for entry in session.scalars(seen)} == {older.id, newer.id}

    asked = question(archive)
    said = clerk.post(f"/review/duplicates/{asked.id}", data={"said": "same"})
    assert said.status_code in {HTTPStatus.OK, HTTPStatus.SEE_OTHER}
    assert "Không có giấy nào có thể trùng." in clerk.get("/review/duplicates").text
    again = clerk.get(f"/review/duplicates/{asked.id}").text
    assert "Đã trả lời: cùng một giấy, quét hai lần." in again
    assert f"/review/duplicates/{asked.id}" in clerk.get(f"/papers/{older.id}?purpose=x").text


def test_what_cannot_be_answered_is_said_on_the_page(
    archive: Archive, clock: SetClock, dossier: Dossier, clerk: httpx.Client
) -> None:
    scanned(archive, clock, dossier)
    newer = scanned(archive, clock, dossier)
    with archive.database.write() as session:
        components.by_id(session, newer.id).type = "divorce_decision"
    asked = question(archive)

    page = clerk.get(f"/review/duplicates/{asked.id}")
    refused = clerk.post(f"/review/duplicates/{asked.id}", data={"said": "new_version"})

    assert 'value="new_version"' not in page.text
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "another_kind_of_paper" in refused.text
    assert clerk.get("/review/duplicates/999").status_code == HTTPStatus.NOT_FOUND


def test_a_paper_moved_to_another_owner_is_no_longer_asked_about(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    scanned(archive, clock, dossier)
    newer = scanned(archive, clock, dossier)
    elsewhere = a_dossier(archive, owner=HUNG)

    with archive.database.write() as session:
        attachments.move(
            session, archive.jobs, newer.id, elsewhere.code,
            reason="nhầm", by="mai", at=archive.clock(),
        )  # fmt: skip
    explain_component(archive.workbench, newer.id)

    assert waiting(archive) == []


def test_papers_of_two_owners_who_are_one_are_asked_about(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    older = scanned(archive, clock, dossier)
    other = a_dossier(archive, owner=HUNG)
    with archive.database.write() as session:
        merges.merge(
            session, dossier.owner_id, other.owner_id, reason="QĐ", by="mai", at=archive.clock()
        )

    newer = scanned(archive, clock, other)
    say(archive, SAME)

    assert standing(archive, newer) == [("duplicate", older.id)]


def test_a_paper_filed_anew_is_compared_with_the_papers_of_its_new_kind(
    archive: Archive, clock: SetClock, dossier: Dossier
) -> None:
    paper = scanned(archive, clock, dossier, type_="divorce_decision")

    with archive.database.write() as session:
        row = components.by_id(session, paper.id, lock=True)
        attachments.retype(
            session, archive.jobs, row, "death_extract", by="mai", at=archive.clock()
        )

    assert archive.jobs.is_waiting(EXPLAIN_COMPONENT, paper.id)
