"""Once only: what is held is not asked for again in silence, and what stands against a paper."""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus

import httpx
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hoso.archive_api.accounts import Role
from hoso.audit.log import AuditEntry
from hoso.cli.main import app
from hoso.dossier import asking, dossiers, lookup, marks
from hoso.dossier.asking import Ask, AskReason
from hoso.dossier.lookup import Lookup
from hoso.dossier.marks import Mark
from hoso.dossier.reasons import Reason
from hoso.dossier.status import Status
from hoso.dossier.tables import Component, Dossier
from hoso.errors import (
    AnotherKindOfPaper,
    ComponentMarked,
    ComponentNotMarked,
    HeldAlready,
    HosoError,
    NewerVersionMissing,
    NotReusable,
    OtherOwnersPaper,
    ReasonMissing,
    SupersededInACircle,
)
from hoso.wiring import Archive
from tests.builders import HUNG, LAN, MARITAL_STATUS, a_component, a_dossier

BAD_USAGE = 2


@pytest.fixture
def clerk(client: Callable[..., httpx.Client]) -> httpx.Client:
    return client(Role.CLERK)


def held(archive: Archive, kind: str = "death_extract") -> Component:
    return a_component(archive, a_dossier(archive), kind)


def asks_for(archive: Archive, kind: str) -> tuple[str, str]:
    """A procedure that always asks for a kind, and the line's key."""
    from hoso.dossier import catalogue_store

    with archive.database.read() as session:
        for procedure in catalogue_store.in_force(session).procedures.values():
            for requirement in procedure.requirements:
                if requirement.any_of == (kind,) and requirement.is_required(()):
                    return procedure.code, requirement.key
    raise AssertionError(kind)


def decided(archive: Archive, procedure: str, key: str) -> Reason:
    with archive.database.write() as session:
        asked = Lookup(number=LAN, purpose="test", procedure=procedure)
        found = lookup.look_up(session, asked, by="lan", at=archive.clock())
    return next(one.reason for one in found.checklist if one.requirement.key == key)


# Asking again --------------------------------------------------------------------------------


def test_a_paper_that_is_held_is_not_asked_for_again_in_silence(archive: Archive) -> None:
    held(archive)
    procedure, _ = asks_for(archive, "death_extract")

    with pytest.raises(HeldAlready, match="tử"):
        a_dossier(archive, procedure=procedure, asked_again={})


def test_it_may_be_used_again_or_asked_for_with_a_reason(archive: Archive) -> None:
    paper = held(archive)
    procedure, key = asks_for(archive, "death_extract")

    using = a_dossier(archive, procedure=procedure, reused={key: paper.id}, asked_again={})
    asking_again = a_dossier(
        archive, procedure=procedure, asked_again={key: Ask(AskReason.CONTENT_CHANGED)}
    )

    with archive.database.read() as session:
        assert asking.of_dossier(session, using.code) == []
        (kept,) = asking.of_dossier(session, asking_again.code)
    assert (kept.component_id, kept.reason, kept.by) == (paper.id, "content_changed", "clerk")


@pytest.mark.parametrize("reason", sorted(asking.NEED_A_NOTE))
def test_a_reason_that_says_nothing_by_itself_needs_a_note(
    archive: Archive, reason: AskReason
) -> None:
    held(archive)
    procedure, key = asks_for(archive, "death_extract")

    with pytest.raises(ReasonMissing):
        a_dossier(archive, procedure=procedure, asked_again={key: Ask(reason, "  ")})
    made = a_dossier(archive, procedure=procedure, asked_again={key: Ask(reason, "Luật X")})
    assert made.code


def test_a_paper_that_does_not_serve_needs_no_reason(archive: Archive) -> None:
    paper = held(archive)
    procedure, key = asks_for(archive, "death_extract")
    mark(archive, paper, Mark.REVOKED)

    made = a_dossier(archive, procedure=procedure, asked_again={key: Ask(AskReason.OTHER)})

    with archive.database.read() as session:
        assert asking.of_dossier(session, made.code) == []


def test_what_was_decided_at_receipt_is_in_the_log_with_its_rules(archive: Archive) -> None:
    paper = held(archive)
    procedure, key = asks_for(archive, "death_extract")
    made = a_dossier(archive, procedure=procedure, reused={key: paper.id}, asked_again={})

    with archive.database.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(
                AuditEntry.subject == made.code, AuditEntry.action == "dossier.received"
            )
        ).one()
    assert entry.facts["version"] == made.catalogue_version
    made_then = entry.facts["decisions"][key]
    assert made_then["component"] == paper.id
    assert "validity@component_types/death_extract" in made_then["rules"]


def test_over_the_api_it_is_a_conflict_that_names_the_papers(
    archive: Archive, clerk: httpx.Client
) -> None:
    paper = held(archive)
    procedure, key = asks_for(archive, "death_extract")
    given = {"procedure": procedure, "citizen_id": LAN.digits, "owner_name": "Nguyễn Thị Lan"}

    refused = clerk.post("/api/v1/dossiers", json=given)
    assert refused.status_code == HTTPStatus.CONFLICT
    assert refused.json()["code"] == "held_already"

    ask = {key: {"reason": "other", "note": "Bản cũ mờ"}}
    asked = clerk.post("/api/v1/dossiers", json={**given, "ask_again": ask})
    assert asked.status_code == HTTPStatus.CREATED
    assert asked.json()["asked_again"] == [
        {
            "requirement": key,
            "component": paper.id,
            "reason": "other",
            "note": "Bản cũ mờ",
            "by": asked.json()["asked_again"][0]["by"],
        }
    ]


# What stands against a paper -----------------------------------------------------------------


def mark(archive: Archive, paper: Component, kind: Mark, newer: str | None = None) -> None:
    with archive.database.write() as session:
        marks.place(
            session, paper.id, kind, reason="QĐ 12/2026", newer=newer, by="lan", at=archive.clock()
        )


def lift(archive: Archive, paper: Component, kind: Mark) -> None:
    with archive.database.write() as session:
        marks.lift(session, paper.id, kind, reason="nhầm", by="hung", at=archive.clock())


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Mark.REVOKED, Reason.REVOKED),
        (Mark.HIDDEN, Reason.NOT_HANDED_OVER),
        (Mark.ILLEGIBLE, Reason.ILLEGIBLE),
    ],
)
def test_a_marked_paper_serves_no_more_until_the_mark_is_taken_back(
    archive: Archive, kind: Mark, reason: Reason
) -> None:
    paper = held(archive)
    line = asks_for(archive, "death_extract")

    mark(archive, paper, kind)
    assert decided(archive, *line) is reason
    lift(archive, paper, kind)
    assert decided(archive, *line) is Reason.VALID_UNLIMITED

    with archive.database.read() as session:
        (kept,) = marks.history(session, paper.id)
    assert (kept.reason, kept.placed_by) == ("QĐ 12/2026", "lan")
    assert (kept.lift_reason, kept.lifted_by) == ("nhầm", "hung")


def test_open_dossiers_that_rely_on_a_revoked_paper_are_listed(archive: Archive) -> None:
    paper = held(archive)
    procedure, key = asks_for(archive, "death_extract")
    relying = a_dossier(archive, procedure=procedure, reused={key: paper.id}, asked_again={})
    done = a_dossier(archive, procedure=procedure, reused={key: paper.id}, asked_again={})
    finish(archive, done, paper.dossier_code)
    mark(archive, paper, Mark.REVOKED)

    with archive.database.read() as session:
        assert [one.code for one in marks.relying_on(session, paper.id)] == [relying.code]


def finish(archive: Archive, *found: Dossier | str) -> None:
    with archive.database.write() as session:
        for each in found:
            code = each if isinstance(each, str) else each.code
            dossiers.change(session, code, Status.FINISHED, by="lan", at=archive.clock())


def test_the_newer_version_serves_and_the_older_one_is_kept(archive: Archive) -> None:
    older, newer = held(archive), held(archive)
    procedure, key = asks_for(archive, "death_extract")
    mark(archive, older, Mark.SUPERSEDED, newer=newer.id)

    with pytest.raises(NotReusable):
        a_dossier(archive, procedure=procedure, reused={key: older.id})
    assert a_dossier(archive, procedure=procedure, reused={key: newer.id}).code


def test_versions_that_make_no_sense_are_refused(archive: Archive) -> None:
    first, second, third = held(archive), held(archive), held(archive)
    other_kind = held(archive, "divorce_decision")
    strangers = a_component(archive, a_dossier(archive, owner=HUNG), "death_extract")
    refused: list[tuple[type[HosoError], str | None]] = [
        (NewerVersionMissing, None),
        (AnotherKindOfPaper, other_kind.id),
        (OtherOwnersPaper, strangers.id),
        (SupersededInACircle, first.id),
    ]
    for error, newer in refused:
        with pytest.raises(error):
            mark(archive, first, Mark.SUPERSEDED, newer=newer)
    mark(archive, first, Mark.SUPERSEDED, newer=second.id)
    mark(archive, second, Mark.SUPERSEDED, newer=third.id)
    with pytest.raises(SupersededInACircle):
        mark(archive, third, Mark.SUPERSEDED, newer=first.id)


def test_a_mark_stands_once_and_is_lifted_once(archive: Archive) -> None:
    paper = held(archive)
    with pytest.raises(ComponentNotMarked):
        lift(archive, paper, Mark.REVOKED)
    mark(archive, paper, Mark.REVOKED)
    with pytest.raises(ComponentMarked):
        mark(archive, paper, Mark.REVOKED)
    lift(archive, paper, Mark.REVOKED)
    mark(archive, paper, Mark.REVOKED)


def test_two_officers_at_once_leave_one_mark(archive: Archive) -> None:
    paper = held(archive)
    said: list[str] = []

    def one() -> None:
        try:
            mark(archive, paper, Mark.REVOKED)
            said.append("done")
        except ComponentMarked:
            said.append("already")

    officers = [threading.Thread(target=one) for _ in range(4)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join(30)
    assert sorted(said) == ["already"] * 3 + ["done"]


def test_marks_over_the_api_and_on_the_papers_page(archive: Archive, clerk: httpx.Client) -> None:
    paper = held(archive)
    address = f"/api/v1/components/{paper.id}"
    given = {"mark": "revoked", "reason": "QĐ 12/2026"}

    placed = clerk.post(f"{address}/marks", json=given)
    assert placed.status_code == HTTPStatus.OK
    assert placed.json()["open_dossiers"] == [paper.dossier_code]
    assert clerk.get(address, params={"purpose": "test"}).json()["marks"] == ["revoked"]
    page = clerk.get(f"/papers/{paper.id}", params={"purpose": "test"})
    assert "QĐ 12/2026" in page.text
    assert paper.dossier_code in page.text

    assert clerk.post(f"{address}/marks", json=given).status_code == HTTPStatus.CONFLICT
    lifted = clerk.post(f"{address}/marks/revoked/lift", json={"reason": "nhầm"})
    assert lifted.json()["marks"][0]["lift_reason"] == "nhầm"
    assert clerk.get(f"/papers/{paper.id}").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_the_procedure_of_these_tests_is_no_accident(archive: Archive) -> None:
    assert asks_for(archive, "death_extract")[0] != MARITAL_STATUS


def test_an_officer_types_on_the_papers_page_until_when_it_is_good(
    archive: Archive, client: Callable[..., httpx.Client]
) -> None:
    paper = held(archive)
    browser = client(Role.OFFICER)
    given = {"purpose": "test", "number": "79/TLKT", "valid_until": "2026-01-31"}

    saved = browser.post(f"/papers/{paper.id}/description", data=given)
    page = browser.get(f"/papers/{paper.id}", params={"purpose": "test"})

    assert saved.status_code == HTTPStatus.SEE_OTHER
    assert 'value="79/TLKT"' in page.text
    assert decided(archive, *asks_for(archive, "death_extract")) is Reason.EXPIRED
    wrong = browser.post(f"/papers/{paper.id}/description", data={**given, "issued_on": "hôm qua"})
    assert "2026-11-22" in wrong.text


def test_a_result_serves_others_once_it_was_handed_over(
    archive: Archive, client: Callable[..., httpx.Client]
) -> None:
    paper = held(archive)
    line = asks_for(archive, "death_extract")
    officer = client(Role.OFFICER)

    shown = officer.put(f"/api/v1/components/{paper.id}/result", json={"result": True}).json()
    assert shown["result"] is True
    assert decided(archive, *line) is Reason.NOT_HANDED_OVER

    finish(archive, paper.dossier_code)
    assert decided(archive, *line) is Reason.NOT_HANDED_OVER
    with archive.database.write() as session:
        dossiers.change(session, paper.dossier_code, Status.RETURNED, by="lan", at=archive.clock())
    assert decided(archive, *line) is Reason.VALID_UNLIMITED


def test_the_command_asks_again_only_with_a_reason(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(archive)
    procedure, key = asks_for(archive, "death_extract")
    monkeypatch.setenv("HOSO_DATA_DIR", str(archive.settings.data_dir))
    monkeypatch.setenv("HOSO_DATABASE_URL", archive.settings.database_url)
    command = ["receive", procedure, LAN.digits, "Nguyễn Thị Lan"]

    refused = CliRunner().invoke(app, command)
    asked = CliRunner().invoke(app, [*command, "--ask-again", f"{key}=other:Bản cũ mờ", "--json"])
    unknown = CliRunner().invoke(app, [*command, "--ask-again", f"{key}=because"])

    assert isinstance(refused.exception, HeldAlready)
    assert json.loads(asked.output)["asked_again"][0]["note"] == "Bản cũ mờ"
    assert unknown.exit_code == BAD_USAGE
