"""Exports: bags that the archives' own tool accepts, with nobody's papers but the owner's."""

import io
import json
import unicodedata
import zipfile
from pathlib import Path

import bagit
import pytest
from sqlalchemy import select

from hoso.audit.log import AuditEntry
from hoso.cli.main import app
from hoso.dossier import attachments, components, pages
from hoso.dossier.components import Filing
from hoso.dossier.tables import Component, Dossier
from hoso.errors import (
    DossierUnknown,
    NothingToExport,
    ObjectDamaged,
    PurposeMissing,
    TargetExists,
)
from hoso.preservation import export
from hoso.preservation.export import Asked
from hoso.scanner_ingest.intake import WayIn
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.builders import HUNG, LAN, a_dossier, a_pdf

PURPOSE = "chuyển lưu trữ lịch sử"


def a_paper(
    archive: Archive, dossier: Dossier, folder: Path, *, name: str = "bản quét.pdf"
) -> Component:
    """A paper whose files are really in the store."""
    path = a_pdf(folder / "scan.pdf", words=dossier.code + name)
    batch_id = take_in_file(archive, path, name, way_in=WayIn.COMMAND, by="clerk").batch_id
    archived = archive.store.put_file(a_pdf(folder / "archived.pdf", words=f"archived {batch_id}"))
    with archive.database.write() as session:
        batch = session.get_one(Batch, batch_id)
        batch.source = batch.sha256
        page = pages.see(session, batch.sha256, 1, blank=False, codes=[])
        page.state, page.text = "read", "Quyết định ly hôn"
        session.flush()
        filing = Filing(batch_id, "divorce_decision", batch_id, batch.sha256, [page])
        component = components.file(session, dossier, filing, by="clerk", at=archive.clock())
        attachments.submit(session, dossier, component, by="clerk")
        component.archived = archived.sha256
    return component


def asked(archive: Archive, purpose: str = PURPOSE) -> Asked:
    return Asked(by="test", at=archive.clock(), purpose=purpose)


def dossier_bag(archive: Archive, code: str, folder: Path) -> Path:
    folder.mkdir()
    with archive.database.write() as session:
        parcel = export.gather_dossier(session, code, asked(archive))
    export.write_bag(archive.caretaking, parcel, folder, asked(archive))
    return folder


def person_bag(archive: Archive, folder: Path) -> Path:
    folder.mkdir()
    with archive.database.write() as session:
        parcel = export.gather_person(session, LAN, asked(archive))
    export.write_bag(archive.caretaking, parcel, folder, asked(archive))
    return folder


def files_of(bag: Path) -> list[str]:
    data = bag / "data"
    return sorted(str(path.relative_to(data)) for path in data.rglob("*") if path.is_file())


def entries(archive: Archive) -> list[tuple[str, str, str | None]]:
    with archive.database.read() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action.endswith(".exported")))
        return [(entry.action, entry.subject, entry.purpose) for entry in found]


def test_a_dossier_is_exported_with_its_papers_texts_and_trail(
    archive: Archive, tmp_path: Path
) -> None:
    dossier = a_dossier(archive)
    component = a_paper(archive, dossier, tmp_path)

    bag = dossier_bag(archive, dossier.code, tmp_path / "bag")

    (paper,) = (bag / "data" / "papers").iterdir()
    assert files_of(bag) == sorted(
        [
            "dossier.json",
            "originals/001 bản quét.pdf",
            *(
                f"papers/{paper.name}/{name}"
                for name in ("archived.pdf", "component.json", "text.txt")
            ),
        ]
    )
    assert (paper / "text.txt").read_text() == "Quyết định ly hôn"
    said = json.loads((bag / "data" / "dossier.json").read_text())
    assert said["owner"]["name"] == "Nguyễn Thị Lan"
    assert said["components"][0]["component"] == component.id
    assert said["trail"]["holder"] == "counter-1"
    paper_said = json.loads((paper / "component.json").read_text())
    assert paper_said["files"]["original"] == "originals/001 bản quét.pdf"
    assert (bag / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")
    assert bagit.Bag(str(bag)).info["Internal-Sender-Description"] == PURPOSE


def test_a_person_gets_every_dossier_and_every_paper(archive: Archive, tmp_path: Path) -> None:
    first, second = a_dossier(archive), a_dossier(archive)
    a_paper(archive, first, tmp_path, name="một.pdf")
    a_paper(archive, second, tmp_path, name="hai.pdf")
    other = a_dossier(archive, owner=HUNG, owner_name="Đặng Văn Hùng")
    a_paper(archive, other, tmp_path, name="của người khác.pdf")

    bag = person_bag(archive, tmp_path / "bag")

    files = files_of(bag)
    assert {f"dossiers/{each.code}/dossier.json" for each in (first, second)} <= set(files)
    assert sum(name.startswith("papers/") for name in files) == 6
    assert not any("người khác" in name or other.code in name for name in files)


def test_a_scan_that_holds_somebody_elses_papers_is_left_out(
    archive: Archive, tmp_path: Path
) -> None:
    mine, theirs = a_dossier(archive), a_dossier(archive, owner=HUNG, owner_name="Đặng Văn Hùng")
    component = a_paper(archive, mine, tmp_path)
    with archive.database.write() as session:
        page = pages.see(session, "c" * 64, 2, blank=False, codes=[])
        session.flush()
        filing = Filing("d" * 32, "birth_certificate", component.batch_id, "c" * 64, [page])
        components.file(session, theirs, filing, by="clerk", at=archive.clock())

    bag = dossier_bag(archive, mine.code, tmp_path / "bag")

    assert not (bag / "data" / "originals").exists()


def test_a_scan_with_pages_nobody_claimed_is_left_out(archive: Archive, tmp_path: Path) -> None:
    dossier = a_dossier(archive)
    component = a_paper(archive, dossier, tmp_path)
    with archive.database.write() as session:
        session.get_one(Batch, component.batch_id).report = {"unclaimed": [2]}

    bag = dossier_bag(archive, dossier.code, tmp_path / "bag")

    assert not (bag / "data" / "originals").exists()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_bag_is_valid_however_its_letters_came_and_wherever_it_is_copied_to(
    archive: Archive, tmp_path: Path, form: str
) -> None:
    """macOS decomposes names when it copies them; others keep them as they are."""
    dossier = a_dossier(archive)
    a_paper(archive, dossier, tmp_path, name=unicodedata.normalize(form, "Giấy tờ của Đặng.pdf"))
    bag = dossier_bag(archive, dossier.code, tmp_path / "bag")
    assert "originals/001 Giấy tờ của Đặng.pdf" in files_of(bag)

    for copied_as in ("NFC", "NFD"):
        for path in sorted(bag.rglob("*"), key=lambda path: -len(path.parts)):
            path.rename(path.with_name(unicodedata.normalize(copied_as, path.name)))
        bagit.Bag(str(bag)).validate()


def test_an_export_is_in_the_log_with_its_purpose(archive: Archive, tmp_path: Path) -> None:
    dossier = a_dossier(archive)
    dossier_bag(archive, dossier.code, tmp_path / "one")
    person_bag(archive, tmp_path / "two")

    assert entries(archive) == [
        ("dossier.exported", dossier.code, PURPOSE),
        ("owner.exported", dossier.owner_id, PURPOSE),
    ]


def test_an_export_without_a_purpose_is_refused(archive: Archive) -> None:
    dossier = a_dossier(archive)

    with pytest.raises(PurposeMissing), archive.database.write() as session:
        export.gather_dossier(session, dossier.code, asked(archive, " "))

    assert entries(archive) == []


def test_a_question_for_somebody_unknown_is_in_the_log_too(
    archive: Archive, tmp_path: Path
) -> None:
    with pytest.raises(NothingToExport):
        person_bag(archive, tmp_path / "bag")

    assert entries(archive) == [("owner.exported", "unknown-owner", PURPOSE)]


def test_a_damaged_object_is_not_exported(archive: Archive, tmp_path: Path) -> None:
    dossier = a_dossier(archive)
    key = str(a_paper(archive, dossier, tmp_path).archived)
    path = archive.settings.data_dir / "objects" / key[:2] / key[2:4] / key
    path.chmod(0o640)
    path.write_bytes(b"something else")

    with pytest.raises(ObjectDamaged):
        dossier_bag(archive, dossier.code, tmp_path / "bag")


# As commands ----------------------------------------------------------------------------------


@pytest.fixture
def commands(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """The archive that commands find in their environment."""
    monkeypatch.setenv("HOSO_DATA_DIR", str(archive.settings.data_dir))
    monkeypatch.setenv("HOSO_DATABASE_URL", archive.settings.database_url)
    return archive


def hoso(*words: str) -> None:
    app(words, standalone_mode=False)


@pytest.mark.parametrize("ending", [".zip", ".tar", ""])
def test_a_command_writes_the_export_whole_and_for_its_owner_only(
    commands: Archive, tmp_path: Path, ending: str
) -> None:
    dossier = a_dossier(commands)
    a_paper(commands, dossier, tmp_path)
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / f"Hồ sơ{ending}"

    hoso("export", "dossier", dossier.code, str(target), "--purpose", PURPOSE)

    assert list((tmp_path / "out").iterdir()) == [target]
    assert target.stat().st_mode & 0o077 == 0
    if ending == ".zip":
        with zipfile.ZipFile(target) as packed:
            packed.extractall(tmp_path / "unpacked")
        bagit.Bag(str(tmp_path / "unpacked" / "Hồ sơ")).validate()
    if not ending:
        bagit.Bag(str(target)).validate()


def test_an_export_that_fails_leaves_nothing(commands: Archive, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    with pytest.raises(DossierUnknown):
        hoso("export", "dossier", "H57.22.10-261122-0009", str(tmp_path / "out" / "x"),
             "--purpose", PURPOSE)  # fmt: skip

    assert list((tmp_path / "out").iterdir()) == []


def test_nothing_is_written_over(commands: Archive, tmp_path: Path) -> None:
    with pytest.raises(TargetExists):
        hoso("export", "dossier", "x", str(tmp_path), "--purpose", PURPOSE)


def test_a_persons_number_is_read_from_input(
    commands: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = a_dossier(commands)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{LAN.digits}\n"))

    hoso("export", "person", str(tmp_path / "person"), "--purpose", PURPOSE)

    bag = bagit.Bag(str(tmp_path / "person"))
    bag.validate()
    assert any(dossier.code in name for name in bag.payload_entries())
