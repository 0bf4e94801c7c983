"""The report on savings on a real archive, and its proof by the stored files."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, select
from typer.testing import CliRunner, Result

from hoso.archive_api.accounts import Role
from hoso.cli.main import app
from hoso.dossier import attachments, dossiers, savings, savings_report
from hoso.dossier.period import Period, parse_period
from hoso.dossier.savings_report import Doubt, Report
from hoso.dossier.savings_rows import Recount
from hoso.dossier.status import Status
from hoso.dossier.tables import Attachment, Component, ComponentPage, Dossier, FileProof, Page
from hoso.errors import HosoError, SavingsContradictory, WorkCrashed
from hoso.preservation import proving
from hoso.wiring import Archive
from tests.builders import (
    HUNG,
    MARITAL_STATUS,
    SetClock,
    a_component,
    a_dossier,
    a_pdf,
)

AClient = Callable[..., httpx.Client]
NOVEMBER = parse_period("2026-11-01", "2026-11-30")
# An allowance asks for a form, and of the disabled for their certificate, which serves again.
ALLOWANCE, CERTIFICATE = "1.001776", "disability_certificate"


def keep_file(archive: Archive, component: Component, *, pages: int = 1) -> str:
    """Give a component an archived copy of so many pages; gives its key."""
    folder = archive.settings.data_dir
    path = a_pdf(folder / "archived.pdf", pages=pages, words=component.id)
    stored = archive.store.put_file(path)
    with archive.database.write() as session:
        session.get_one(Component, component.id).archived = stored.sha256
    return stored.sha256


def a_kept_component(
    archive: Archive, dossier: Dossier, type_: str, *, pages: int = 1
) -> Component:
    """A paper of so many pages, the last of several blank, with its archived copy."""
    component = a_component(archive, dossier, type_)
    with archive.database.write() as session:
        for position in range(2, pages + 1):
            page = Page(
                source=component.original, place=position, state="skipped",
                blank=position == pages, codes=[], text="",
            )  # fmt: skip
            session.add(page)
            session.flush()
            session.add(
                ComponentPage(component_id=component.id, position=position, page_id=page.id)
            )
    keep_file(archive, component, pages=pages)
    return component


def a_result(archive: Archive, dossier: Dossier) -> Component:
    """The dossier's result, digitised."""
    component = a_kept_component(archive, dossier, "birth_certificate")
    with archive.database.write() as session:
        session.execute(delete(Attachment).where(Attachment.component_id == component.id))
        session.get_one(Component, component.id).kind = 1
    return component


def a_reuse(archive: Archive, component: Component, requirement: str = CERTIFICATE) -> Dossier:
    """An allowance for which that paper serves again."""
    return a_dossier(archive, procedure=ALLOWANCE, reused={requirement: component.id})


def report(archive: Archive, period: Period = NOVEMBER) -> Report:
    return proving.take_report(archive.caretaking, period)


def proved(archive: Archive, period: Period = NOVEMBER, *, resume: bool = False) -> Report:
    return proving.proved_report(archive.caretaking, period, resume=resume)


def doubts(made: Report) -> list[tuple[str, Doubt]]:
    return [(each.component, each.doubt) for each in made.proof.differences]


def object_path(archive: Archive, sha256: str) -> Path:
    return archive.settings.data_dir / "objects" / sha256[:2] / sha256[2:4] / sha256


def run(archive: Archive, *words: str) -> Result:
    env = {
        "HOSO_DATA_DIR": str(archive.settings.data_dir),
        "HOSO_DATABASE_URL": archive.settings.database_url,
        "LANG": "vi_VN.UTF-8",
    }
    return CliRunner().invoke(app, ["savings", *words], env=env)


# The report ----------------------------------------------------------------------------------


def test_an_empty_archive_has_a_report_without_shares(archive: Archive) -> None:
    made = report(archive)

    assert made.total == savings.Counts()
    assert made.total.reuse_share.percent is None
    assert made.fields == made.procedures == made.desks == []


def test_a_reused_paper_is_counted_where_it_serves(archive: Archive) -> None:
    first = a_dossier(archive, procedure=ALLOWANCE)
    paper = a_kept_component(archive, first, CERTIFICATE, pages=3)
    second = a_reuse(archive, paper)
    a_component(archive, second, "application_form")

    total = report(archive).total

    assert (total.dossiers, total.papers_new, total.papers_reused) == (2, 2, 1)
    assert (total.pages_reused, total.pages_not_asked, total.copies_not_asked) == (3, 2, 1)
    assert (total.trips_not_asked, total.no_new_paper) == (1, 0)
    assert (total.reuse_share.part, total.reuse_share.whole) == (1, 2)
    assert total.store_share.part == 1


def test_a_line_that_got_a_new_paper_spared_nothing(archive: Archive) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE)
    dossier = a_reuse(archive, paper)
    brought = a_component(archive, dossier, CERTIFICATE)
    with archive.database.write() as session:
        row = session.scalars(select(Attachment).where(Attachment.component_id == brought.id)).one()
        row.requirement = CERTIFICATE

    total = report(archive).total

    assert (total.papers_reused, total.reused_not_counted) == (1, 1)
    assert (total.pages_not_asked, total.trips_not_asked, total.with_reuse) == (0, 0, 1)


@pytest.mark.parametrize(("cases", "trips"), [([], 1), (["married-before"], 0)])
def test_a_paper_of_a_case_has_to_be_spared_where_the_case_holds(
    archive: Archive, cases: list[str], trips: int
) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE)
    dossier = a_reuse(archive, paper)
    asked = {
        **dossier.procedure["requirements"][1],
        "key": "divorce",
        "any_of": ["divorce_decision"],
    }
    with archive.database.write() as session:
        row = dossiers.by_code(session, dossier.code)
        lines = [*row.procedure["requirements"], {**asked, "when": "married-before"}]
        row.procedure, row.cases = {**row.procedure, "requirements": lines}, cases

    assert report(archive).total.trips_not_asked == trips


def test_a_result_is_no_component_of_its_dossier(archive: Archive) -> None:
    dossier = a_dossier(archive, procedure=ALLOWANCE)
    a_kept_component(archive, dossier, CERTIFICATE)
    result = a_result(archive, dossier)
    with archive.database.write() as session:
        row = dossiers.by_code(session, dossier.code, lock=True)
        attachments.submit(session, row, session.get_one(Component, result.id), by="clerk")

    total = report(archive).total

    assert (total.papers, total.results, total.results_kept, total.digitised) == (1, 1, 1, 1)
    assert str(total.digitised_share.percent) == "100.00"


def test_days_are_those_of_the_office(archive: Archive, clock: SetClock) -> None:
    for moment in (NOVEMBER.since, NOVEMBER.until - timedelta(microseconds=1)):
        clock.at = moment
        a_dossier(archive)
    for moment in (NOVEMBER.since - timedelta(microseconds=1), NOVEMBER.until):
        clock.at = moment
        a_dossier(archive, owner=HUNG)

    assert report(archive).total.dossiers == 2


def test_dossiers_that_do_not_count_are_told(archive: Archive) -> None:
    a_dossier(archive)
    refused, old = a_dossier(archive), a_dossier(archive)
    with archive.database.write() as session:
        dossiers.by_code(session, refused.code).status = Status.NOT_RECEIVED
        dossiers.by_code(session, old.code).procedure_code = dossiers.OLD_DOSSIER

    made = report(archive)

    assert (made.total.dossiers, made.old, made.not_received) == (1, 1, 1)


def test_every_split_adds_up_to_the_total(archive: Archive) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE)
    a_reuse(archive, paper)
    a_dossier(archive, procedure=MARITAL_STATUS, desk="counter-2")

    made = report(archive)

    for split in (made.fields, made.procedures, made.desks):
        assert savings.total(part.counts for part in split) == made.total
    assert {part.key: part.counts.dossiers for part in made.procedures} == {
        ALLOWANCE: 2, MARITAL_STATUS: 1,
    }  # fmt: skip
    assert sorted((part.key, part.name) for part in made.fields) == [
        ("civil_status", "Hộ tịch"),
        ("social_protection", "Bảo trợ xã hội"),
    ]
    assert len(made.desks) == 2


def test_more_dossiers_than_are_read_at_once_are_all_counted(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoso.dossier.savings_rows._AT_ONCE", 2)
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE)
    for _ in range(4):
        a_reuse(archive, paper)

    made = proved(archive)

    assert (made.total.dossiers, made.total.pages_not_asked) == (5, 4)
    assert (made.proof.papers, made.proof.holds) == (5, True)


def test_a_report_that_contradicts_the_database_is_withheld(archive: Archive) -> None:
    a_component(archive, a_dossier(archive), "application_form")
    made = report(archive)
    right = Recount(dossiers=1, papers=1, papers_reused=0, pages=1, results=0)

    savings_report.check(made, right)
    with pytest.raises(SavingsContradictory, match="recount"):
        savings_report.check(made, replace(right, pages=2))
    with pytest.raises(SavingsContradictory, match="parts"):
        savings_report.check(replace(made, desks=[]), right)
    wrong = replace(made.total, digitised=1)
    with pytest.raises(SavingsContradictory, match="digitised"):
        savings_report.check(replace(made, total=wrong), right)


# The proof -----------------------------------------------------------------------------------


def test_without_a_proof_no_figure_is_called_proven(archive: Archive) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE)
    a_reuse(archive, paper)

    proof = report(archive).proof

    assert (proof.papers, proof.unread, proof.holds, proof.counts) == (2, 2, False, None)


def test_a_proof_counts_the_same_from_the_files_alone(archive: Archive) -> None:
    first = a_dossier(archive, procedure=ALLOWANCE)
    a_reuse(archive, a_kept_component(archive, first, CERTIFICATE, pages=3))
    a_result(archive, first)

    made = proved(archive)

    assert made.proof.holds
    assert made.proof.counts == made.total
    assert made.proof.oldest == archive.clock()
    assert report(archive).proof.holds  # what was found stays


def test_a_file_that_was_changed_is_found(archive: Archive, clock: SetClock) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE, pages=3)
    a_reuse(archive, paper)
    assert proved(archive).proof.holds

    with archive.database.read() as session:
        path = object_path(archive, session.get_one(Component, paper.id).archived or "")
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b"\n")
    clock.advance(minutes=1)
    made = proved(archive)

    # It stands in two dossiers: as new in one, as reused in the other.
    assert doubts(made) == [(paper.id, Doubt.CHANGED)] * 2
    assert not made.proof.holds
    assert (made.total.pages_not_asked, made.proof.counts.pages_not_asked) == (2, 0)  # type: ignore[union-attr]


def test_a_file_that_is_gone_is_found(archive: Archive) -> None:
    paper = a_kept_component(archive, a_dossier(archive), "application_form")
    object_path(archive, keep_file(archive, paper)).unlink()

    assert doubts(proved(archive)) == [(paper.id, Doubt.MISSING)]


def test_a_file_with_other_pages_than_its_rows_is_found(archive: Archive) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE, pages=3)
    a_reuse(archive, paper)
    keep_file(archive, paper, pages=2)

    made = proved(archive)

    assert [(each.doubt, each.pages, each.stored_pages) for each in made.proof.differences] == (
        [(Doubt.OTHER_PAGES, 3, 2)] * 2
    )
    assert made.proof.counts is not None
    assert (made.total.pages_reused, made.proof.counts.pages_reused) == (3, 2)


def test_what_is_no_pdf_is_found_and_stops_nothing(archive: Archive) -> None:
    dossier = a_dossier(archive)
    bad = a_kept_component(archive, dossier, "application_form")
    a_kept_component(archive, dossier, "divorce_decision")
    with archive.database.write() as session:
        stored = archive.store.put(io.BytesIO(b"no PDF at all"))
        session.get_one(Component, bad.id).archived = stored.sha256

    made = proved(archive)

    assert doubts(made) == [(bad.id, Doubt.NOT_A_PDF)]
    assert made.proof.proven == 1


def test_a_file_that_kills_its_reader_is_found(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = a_kept_component(archive, a_dossier(archive), "application_form")

    def crash(*_: object, **__: object) -> int:
        raise WorkCrashed(reason="SIGKILL")

    monkeypatch.setattr(archive.isolated, "run", crash)

    assert doubts(proved(archive)) == [(paper.id, Doubt.NOT_A_PDF)]


def test_a_paper_without_a_file_cannot_be_proven(archive: Archive) -> None:
    paper = a_component(archive, a_dossier(archive), "application_form")

    made = proved(archive)

    assert doubts(made) == [(paper.id, Doubt.NOT_ARCHIVED)]
    assert made.total.with_paper_kept == 0


def test_each_file_is_opened_once_however_often_it_serves(archive: Archive) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE)
    for _ in range(3):
        a_reuse(archive, paper)
    steps: list[None] = []

    made = proving.proved_report(archive.caretaking, NOVEMBER, step=lambda: steps.append(None))

    assert len(steps) == proving.files_to_prove(archive.caretaking, NOVEMBER) == 1
    assert made.proof.papers == 4


def test_an_interrupted_proof_is_resumed(archive: Archive, clock: SetClock) -> None:
    paper = a_kept_component(archive, a_dossier(archive), "application_form")
    proved(archive)
    object_path(archive, keep_file(archive, paper)).unlink()
    clock.advance(hours=2)

    assert proved(archive, resume=True).proof.holds  # it was opened two hours ago
    assert not proved(archive).proof.holds
    clock.advance(days=2)
    assert not proved(archive, resume=True).proof.holds


def test_what_was_proved_before_a_fault_is_kept(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoso.preservation.proving._KEPT_AT_ONCE", 1)
    dossier = a_dossier(archive)
    a_kept_component(archive, dossier, "application_form")
    a_kept_component(archive, dossier, "divorce_decision")
    real, opened = proving.examine_paper, []

    def fail_at_the_second(*args: object) -> object:
        opened.append(args)
        if len(opened) == 2:
            raise OSError("the store is away")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(proving, "examine_paper", fail_at_the_second)

    with pytest.raises(OSError, match="away"):
        proved(archive)
    with archive.database.read() as session:
        assert len(session.scalars(select(FileProof)).all()) == 1
    assert proved(archive, resume=True).proof.holds
    assert len(opened) == 3


# The command ---------------------------------------------------------------------------------


def test_the_command_says_the_report_and_ends_well(archive: Archive) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE)
    a_reuse(archive, paper)

    done = run(archive, "--from", "2026-11-01", "--to", "2026-11-30", "--prove")

    assert done.exit_code == 0, done.output
    assert "Đã kiểm chứng" in done.stdout
    assert "1/2 (50,00 %)" in done.stdout


def test_the_command_ends_one_where_a_file_does_not_bear_it_out(archive: Archive) -> None:
    paper = a_kept_component(archive, a_dossier(archive), "application_form")
    object_path(archive, keep_file(archive, paper)).unlink()
    asked = ("--from", "2026-11-01", "--to", "2026-11-30", "--json")

    failed = run(archive, *asked, "--prove")
    unproved = run(archive, *asked)

    assert (failed.exit_code, unproved.exit_code) == (1, 0)
    shown = json.loads(failed.stdout)
    assert shown["proof"]["holds"] is False
    assert [each["doubt"] for each in shown["proof"]["differences"]] == ["missing"]
    assert (shown["since"], shown["until"]) == (
        "2026-11-01T00:00:00+07:00", "2026-12-01T00:00:00+07:00",
    )  # fmt: skip


def test_the_command_refuses_what_is_no_period(archive: Archive) -> None:
    done = run(archive, "--from", "2026-11-30", "--to", "2026-11-01")

    assert isinstance(done.exception, HosoError)
    assert done.exception.code == "period_wrong"


def test_a_spreadsheet_opens_in_excel_and_adds_up(archive: Archive) -> None:
    a_dossier(archive, procedure=ALLOWANCE)
    a_dossier(archive, procedure=MARITAL_STATUS)

    done = run(archive, "--from", "2026-11-01", "--to", "2026-11-30", "--csv")

    assert done.stdout.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    by = [(row["Theo"], row["Hồ sơ tiếp nhận"]) for row in rows]
    assert by.count(("Thủ tục", "1")) == 2
    assert by[-1] == ("Tổng số", "2")


# Over HTTP -----------------------------------------------------------------------------------


def test_supervisors_get_the_report(archive: Archive, client: AClient) -> None:
    a_dossier(archive)

    answer = client(Role.SUPERVISOR).get(
        "/api/v1/reports/savings", params={"from": "2026-11-01", "to": "2026-11-30"}
    )

    shown = answer.json()
    assert (answer.status_code, shown["total"]["dossiers"]) == (200, 1)
    assert shown["total"]["reuse_share"] == {
        "part": 0, "whole": 1, "percent": 0.0, "full_marks": False,
    }  # fmt: skip
    assert shown["is_over"] is False


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"from": "2026-11-30", "to": "2026-11-01"}, "period_wrong"),
        ({"from": "x", "to": "2026-11-01"}, "period_wrong"),
        ({"from": "2020-11-30", "to": "2026-11-01"}, "period_too_long"),
        ({"from": "2026-11-30"}, "request_malformed"),
    ],
)
def test_a_wrong_period_is_refused(client: AClient, asked: dict[str, str], code: str) -> None:
    answer = client(Role.OFFICER).get("/api/v1/reports/savings", params=asked)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    ("language", "title"),
    [("vi", "Giấy tờ không phải nộp lại"), ("en", "Papers not asked for again")],
)
def test_the_page_shows_the_month_so_far(
    archive: Archive, client: AClient, language: str, title: str
) -> None:
    paper = a_kept_component(archive, a_dossier(archive, procedure=ALLOWANCE), CERTIFICATE)
    a_reuse(archive, paper)

    answer = client(Role.OFFICER).get("/reports/savings", params={"lang": language})

    assert answer.status_code == 200
    assert title in answer.text
    assert 'value="2026-11-01"' in answer.text


def test_the_page_says_what_is_wrong_with_a_period(client: AClient) -> None:
    answer = client(Role.OFFICER).get(
        "/reports/savings", params={"from": "2026-11-30", "to": "<script>"}
    )

    assert answer.status_code == 422
    assert "period_wrong" in answer.text
    assert "<script>" not in answer.text


def test_the_page_gives_a_spreadsheet(archive: Archive, client: AClient) -> None:
    a_dossier(archive)

    answer = client(Role.OFFICER).get(
        "/reports/savings.csv", params={"from": "2026-11-01", "to": "2026-11-30"}
    )

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "savings-2026-11-01-2026-11-30.csv" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
