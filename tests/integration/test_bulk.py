"""An old archive taken in: every file once, each refusal told, nothing made up."""

import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hoso.clock import local_date
from hoso.dossier import attachments, slips
from hoso.dossier.tables import Component, Dossier
from hoso.dossier.trust import Trust
from hoso.dossier.work import SORT_BATCH
from hoso.errors import NoSlip
from hoso.jobs import Priority, State
from hoso.scanner_ingest import batches, sorting
from hoso.scanner_ingest.manifest import read_manifest
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive
from hoso.wiring.bulk import Answer, OldArchive, Outcome
from tests.builders import HUNG, LAN, a_dossier, a_pdf

TakeIn = Callable[..., list[Answer]]

HEADING = "path;type;dossier;owner id;owner name;date;number"
OLD_CODE = "000.00.12.H62-201105-0004"


def row(path: str, *, type_: str = "birth_certificate", dossier: str = "", owner: str = "") -> str:
    owner = owner or f"{LAN.digits};Nguyễn Thị Lan"
    return f"{path};{type_};{dossier};{owner};05/03/2012;45/2012"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "kho cũ"
    made.mkdir()
    return made


@pytest.fixture
def take_in(archive: Archive, folder: Path) -> TakeIn:
    def taken(*rows: str, dry_run: bool = False) -> list[Answer]:
        lines = read_manifest([HEADING, *rows], today=archive.clock().date())
        old = OldArchive(archive, folder, by="test", dry_run=dry_run)
        return list(old.take_in(lines, processes=1))

    return taken


def kept(archive: Archive, kind: type[Batch | Dossier | Component]) -> int:
    with archive.database.read() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_an_old_paper_without_a_code_lies_in_its_owners_dossier_of_old_papers(
    archive: Archive, folder: Path, take_in: TakeIn
) -> None:
    a_pdf(folder / "a.pdf", words="a")
    a_pdf(folder / "b.pdf", words="b")

    first, second = take_in(row("a.pdf"), row("b.pdf"))

    assert (first.outcome, second.outcome) == (Outcome.TAKEN, Outcome.TAKEN)
    assert first.dossier == second.dossier
    assert kept(archive, Dossier) == 1


def test_an_old_dossier_keeps_its_code_and_the_day_in_it(
    archive: Archive, folder: Path, take_in: TakeIn
) -> None:
    a_pdf(folder / "a.pdf")

    (answer,) = take_in(row("a.pdf", dossier=OLD_CODE))

    assert answer.dossier == OLD_CODE
    with archive.database.read() as session:
        made = session.scalars(select(Dossier)).one()
        assert (made.status, made.desk, made.finished_at) == (10, "archive", made.received_at)
        assert local_date(made.received_at) == date(2020, 11, 5)
        with pytest.raises(NoSlip):
            slips.slip_of(session, made, public_url="http://127.0.0.1")


def test_an_old_paper_is_filed_with_what_the_manifest_says_and_nobody_compared_it(
    archive: Archive, folder: Path, take_in: TakeIn
) -> None:
    a_pdf(folder / "a.pdf")
    (answer,) = take_in(row("a.pdf"))

    sorting.sort_batch(archive.workbench, answer.batch)

    with archive.database.read() as session:
        paper = session.scalars(select(Component)).one()
        assert (paper.number, paper.issued_on) == ("45/2012", date(2012, 3, 5))
        assert paper.trust == Trust.KEYED
        assert [entry.component_id for entry in attachments.of_dossier(session, answer.dossier)]


def test_an_old_archives_work_is_the_least_urgent(
    archive: Archive, folder: Path, take_in: TakeIn
) -> None:
    a_pdf(folder / "a.pdf")
    (answer,) = take_in(row("a.pdf"))

    with archive.database.read() as session:
        (entry,) = archive.jobs.entries(session, State.WAITING, limit=9)
    assert (entry.id, entry.priority) == (SORT_BATCH.id_for(answer.batch), Priority.BULK)


def test_a_second_run_takes_nothing_twice(archive: Archive, folder: Path, take_in: TakeIn) -> None:
    a_pdf(folder / "a.pdf", words="a")
    a_pdf(folder / "b.pdf", words="b")
    take_in(row("a.pdf"))

    again = take_in(row("a.pdf"), row("b.pdf"))

    assert [answer.outcome for answer in again] == [Outcome.ALREADY, Outcome.TAKEN]
    assert kept(archive, Batch) == 2


def test_one_file_that_stands_in_the_manifest_twice_is_taken_once(
    archive: Archive, folder: Path, take_in: TakeIn
) -> None:
    a_pdf(folder / "a.pdf")
    (folder / "copy.pdf").write_bytes((folder / "a.pdf").read_bytes())

    found = take_in(row("a.pdf"), row("copy.pdf", dossier=OLD_CODE))

    assert [answer.outcome for answer in found] == [Outcome.TAKEN, Outcome.ALREADY]
    assert found[1].dossier == found[0].dossier
    assert kept(archive, Dossier) == 1


def test_every_refusal_is_told_and_stops_no_other(
    archive: Archive, folder: Path, take_in: TakeIn
) -> None:
    of_hung = a_dossier(archive, owner=HUNG, owner_name="Trần Văn Hùng").code
    a_pdf(folder / "a.pdf")
    (folder / "empty.pdf").touch()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder.parent / "secret.pdf").write_bytes((folder / "a.pdf").read_bytes())
    (folder / "link.pdf").symlink_to(folder.parent / "secret.pdf")
    (folder / "out").symlink_to(folder.parent)

    found = take_in(
        row("gone.pdf"),
        row("empty.pdf"),
        row("broken.pdf"),
        row("link.pdf"),
        row("out/secret.pdf"),
        row("a.pdf", type_="no_such_type"),
        row("a.pdf", type_="identity_card"),
        row("a.pdf", dossier=of_hung),
        "a.pdf;birth_certificate;" + OLD_CODE + ";;;;",
        row("a.pdf"),
    )

    assert [answer.refusal.code if answer.refusal else "" for answer in found] == [
        "manifest_file_missing",
        "file_empty",
        "file_damaged",
        "manifest_path_outside",
        "manifest_path_outside",
        "component_type_unknown",
        "presented_only",
        "other_owner",
        "manifest_cell_missing",
        "",
    ]
    assert len(list(archive.store.keys())) == 1


def test_a_dry_run_says_the_same_and_writes_nothing(
    archive: Archive, folder: Path, take_in: TakeIn
) -> None:
    a_pdf(folder / "a.pdf")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 broken")

    found = take_in(row("a.pdf"), row("broken.pdf"), row("gone.pdf"), dry_run=True)

    outcomes = Counter(answer.outcome for answer in found)
    assert outcomes == {Outcome.WOULD_BE_TAKEN: 1, Outcome.REFUSED: 2}
    assert (kept(archive, Batch), kept(archive, Dossier)) == (0, 0)
    assert not list(archive.store.keys())


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("in_manifest", ["NFC", "NFD"])
def test_a_name_is_found_however_its_letters_are_composed(
    folder: Path, take_in: TakeIn, on_disk: str, in_manifest: str
) -> None:
    name = "Giấy khai sinh Nguyễn Thị Lữ.pdf"
    a_pdf(folder / unicodedata.normalize(on_disk, name))  # type: ignore[arg-type]

    (answer,) = take_in(row(unicodedata.normalize(in_manifest, name)))  # type: ignore[arg-type]

    assert answer.outcome is Outcome.TAKEN


def test_a_type_may_be_given_by_its_title(folder: Path, take_in: TakeIn, archive: Archive) -> None:
    a_pdf(folder / "a.pdf")

    (answer,) = take_in(row("a.pdf", type_="GIẤY KHAI SINH"))

    with archive.database.read() as session:
        assert batches.by_id(session, answer.batch).component_type == "birth_certificate"
