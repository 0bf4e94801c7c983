"""Backup and restore on real archives: nothing lost, nothing half, from one kind to another."""

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select

from hoso.archive_api.accounts import Role
from hoso.archive_api.tables import AccessToken, Account, SignedIn
from hoso.audit import log as audit
from hoso.audit.log import AuditEntry
from hoso.dossier import owner_names, page_index, pages
from hoso.dossier.tables import Component, Dossier, Page
from hoso.dossier.work import SORT_BATCH
from hoso.errors import (
    ArchiveNotEmpty,
    BackupDamaged,
    BackupNone,
    BackupOfOtherRelease,
    BackupPlaceBusy,
)
from hoso.ocr import search
from hoso.preservation import backup, restore
from hoso.preservation.manifest import Manifest
from hoso.preservation.place import BackupPlace
from hoso.preservation.rows import read_rows
from hoso.scanner_ingest.reconcile import reconcile
from hoso.scanner_ingest.tables import Batch
from hoso.settings import Settings
from hoso.storage import kept
from hoso.wiring import Archive
from tests.builders import (
    SetClock,
    a_batch,
    a_component,
    a_dossier,
    a_pdf,
    a_session,
    a_token,
    an_archive,
)
from tests.databases import MigratedDatabase
from tests.waiting import until

BY = "test"


@pytest.fixture
def place(tmp_path: Path) -> BackupPlace:
    return BackupPlace(str(tmp_path / "backups"))


@pytest.fixture
def emptied(
    tmp_path: Path, migrated_database: MigratedDatabase, clock: SetClock
) -> Iterator[Archive]:
    """Another archive, with nothing in it. A new kind of database or store joins here."""
    folder = tmp_path / "emptied"
    folder.mkdir()
    with an_archive(folder, migrated_database, clock) as made:
        yield made


def filled(archive: Archive, folder: Path) -> None:
    """Something in every corner: dossiers, papers, words, accounts, files."""
    dossier = a_dossier(archive)
    component = a_component(archive, dossier, "divorce_decision")
    original = archive.store.put_file(a_pdf(folder / "original.pdf", words="original")).sha256
    a_dossier(archive, owner_name="Đặng Văn Hùng")
    a_token(archive, Role.CLERK, name="lan")
    a_session(archive, Role.OFFICER)
    a_batch(archive, folder, "scan")
    with archive.database.write() as session:
        session.get_one(Component, component.id).original = original
        page = pages.see(session, "a" * 64, 1, blank=False, codes=[])
        session.flush()
        page.state, page.text, page.confidence = "read", "Quyết định ly hôn số 12/HĐ-LĐ", 93.25
        page_index.index(session, page)


def back_up(archive: Archive, place: BackupPlace) -> Manifest:
    return backup.make_backup(archive.caretaking, place, by=BY).manifest


def restored(archive: Archive, place: BackupPlace) -> restore.Restored:
    return restore.restore(archive.caretaking, place, place.manifest(), by=BY)


def rows_of(place: BackupPlace, manifest: Manifest, table: str) -> list[dict[str, object]]:
    return list(read_rows(manifest.tables[table], place.rows))


def test_a_restored_archive_has_every_row_and_every_object(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    filled(archive, tmp_path)
    manifest = back_up(archive, place)

    done = restored(emptied, place)

    assert (done.rows, done.first_broken) == (manifest.rows, None)
    assert set(emptied.store.keys()) == set(archive.store.keys())
    again = back_up(emptied, place)
    logs = {"audit_entry", "audit_head"}
    assert {name: again.tables[name] for name in again.tables.keys() - logs} == {
        name: manifest.tables[name] for name in manifest.tables.keys() - logs
    }
    assert again.objects == manifest.objects
    before = rows_of(place, manifest, "audit_entry")
    assert rows_of(place, again, "audit_entry")[: len(before)] == before


@examples(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    texts=st.lists(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")), max_size=5
    ),
    confidence=st.floats(0, 100) | st.none(),
)
def test_any_text_comes_back_as_the_very_same_rows(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_database: MigratedDatabase,
    texts: list[str],
    confidence: float | None,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    place = BackupPlace(str(folder / "backups"))
    made = []
    for number, words in ((1, texts), (2, [])):
        (folder / str(number)).mkdir()
        with an_archive(folder / str(number), migrated_database, SetClock()) as one:
            with one.database.write() as session:
                for at, text in enumerate(words, start=1):
                    page = pages.see(session, "b" * 64, at, blank=False, codes=[{"text": text}])
                    page.text, page.confidence = text, confidence
            if number == 2:
                restored(one, place)
            made.append(back_up(one, place))
    assert made[0].tables["page"] == made[1].tables["page"]


def test_a_second_backup_copies_only_what_is_new_and_is_complete(
    archive: Archive, emptied: Archive, place: BackupPlace, clock: SetClock, tmp_path: Path
) -> None:
    a_batch(archive, tmp_path, "one")
    assert backup.make_backup(archive.caretaking, place, by=BY).copied == 1
    clock.advance(days=1)
    a_batch(archive, tmp_path, "two")

    second = backup.make_backup(archive.caretaking, place, by=BY)

    assert (second.copied, second.manifest.object_count) == (1, 2)
    assert place.ids()[-1] == second.manifest.id
    assert restored(emptied, place).objects == 2


def test_the_rows_are_of_one_moment_and_what_comes_later_is_not_in_it(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    a_batch(archive, tmp_path, "before")
    moved = iter(["during"])

    def meanwhile() -> None:
        for word in moved:
            a_batch(archive, tmp_path, word)

    manifest = backup.make_backup(archive.caretaking, place, by=BY, step=meanwhile).manifest

    assert manifest.object_count == 1
    restored(emptied, place)
    with emptied.database.read() as session:
        assert session.scalars(select(Batch.name)).all() == ["before.pdf"]


def test_a_batch_that_was_unread_is_put_again_after_the_restore(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    batch = a_batch(archive, tmp_path, "unread")
    back_up(archive, place)
    restored(emptied, place)

    assert reconcile(emptied.workbench) == 1
    assert emptied.jobs.is_waiting(SORT_BATCH, batch.id)


def test_words_are_found_after_the_restore(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    filled(archive, tmp_path)
    back_up(archive, place)

    restored(emptied, place)

    with emptied.database.read() as session:
        hits = search.find(session, "quyet dinh ly hon", limit=5)
        people = owner_names.people(session, "nguyen thi lna", limit=5)
    assert [person.owner.name for person in people] == ["Nguyễn Thị Lan"]
    assert [hit.page.text for hit in hits] == ["Quyết định ly hôn số 12/HĐ-LĐ"]


def test_new_rows_are_numbered_after_the_restored_ones(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    filled(archive, tmp_path)
    back_up(archive, place)
    restored(emptied, place)

    newer = a_dossier(emptied, owner_name="Trần Văn Nam")

    with emptied.database.read() as session:
        assert newer.number == session.scalar(select(func.max(Dossier.number)))
        assert session.scalar(select(func.count()).select_from(Page)) == 2


def test_tokens_come_back_and_open_sessions_do_not(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    filled(archive, tmp_path)
    back_up(archive, place)
    restored(emptied, place)

    with emptied.database.read() as session:
        assert session.scalars(select(AccessToken.account_name)).all() == ["lan"]
        assert session.get(Account, "lan") is not None
        assert session.scalars(select(SignedIn)).all() == []


def test_the_log_says_who_took_a_copy_and_who_restored_it(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    filled(archive, tmp_path)
    manifest = back_up(archive, place)
    restored(emptied, place)

    with emptied.database.read() as session:
        query = select(AuditEntry).where(AuditEntry.action.startswith("archive."))
        entries = list(session.scalars(query.order_by(AuditEntry.number)))
        assert audit.verify(session) is None
    assert [entry.action for entry in entries] == ["archive.backed_up", "archive.restored"]
    assert {entry.subject for entry in entries} == {manifest.id}
    assert entries[0].number == manifest.audit_number


def test_a_log_that_was_changed_before_is_restored_and_said(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    filled(archive, tmp_path)
    with archive.database.write() as session:
        entry = session.get(AuditEntry, 2)
        assert entry is not None
        entry.actor = "somebody else"
    back_up(archive, place)

    assert restored(emptied, place).first_broken == 2


def test_nothing_is_restored_over_rows(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    filled(archive, tmp_path)
    back_up(archive, place)
    a_dossier(emptied)

    with pytest.raises(ArchiveNotEmpty):
        restored(emptied, place)


def every_file(place: BackupPlace, kind: str) -> list[Path]:
    root = Path(place.name) / kind
    return sorted(path for path in root.rglob("*") if path.is_file() and path.name[0] != ".")


def damage(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    path.chmod(0o640)
    match how:
        case "flipped":
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
        case "cut":
            path.write_bytes(content[:-1])
        case "gone":
            path.unlink()


@pytest.mark.parametrize(
    "harm", list(product(["objects", "rows"], ["flipped", "cut", "gone"])), ids="-".join
)
def test_damage_to_a_backup_is_found_and_nothing_of_it_restored(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path, harm: tuple[str, str]
) -> None:
    kind, how = harm
    filled(archive, tmp_path)
    manifest = back_up(archive, place)
    assert backup.verify(place, manifest) == {}
    path = every_file(place, kind)[0]
    damage(path, how)

    # Of an object that was there before sizes were noted, only the bytes can tell.
    said = {"flipped": {"changed"}, "cut": {"wrong_size", "changed"}, "gone": {"missing"}}[how]
    found = backup.verify(place, manifest)
    assert found.keys() == {path.name}
    assert found[path.name] in said
    with pytest.raises(BackupDamaged, match=path.name):
        restored(emptied, place)
    with emptied.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize("how", ["flipped", "cut"])
def test_a_manifest_that_was_changed_is_refused(
    archive: Archive, place: BackupPlace, tmp_path: Path, how: str
) -> None:
    back_up(archive, place)
    (path,) = every_file(place, "snapshots")
    damage(path, how)

    with pytest.raises(BackupDamaged):
        place.manifest()


def test_a_place_without_backups_says_so_and_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(BackupNone):
        BackupPlace(str(tmp_path / "nothing")).manifest()
    assert not (tmp_path / "nothing").exists()


def test_a_backup_of_another_schema_names_the_release_to_use(
    archive: Archive, emptied: Archive, place: BackupPlace
) -> None:
    manifest = replace(back_up(archive, place), schema="0000", hoso="0.0.1")

    with pytest.raises(BackupOfOtherRelease, match=r"hoso 0\.0\.1"):
        restore.restore(emptied.caretaking, place, manifest, by=BY)


def test_an_object_lost_before_the_backup_stops_neither_backup_nor_restore(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    lost, good = a_batch(archive, tmp_path, "lost").sha256, a_batch(archive, tmp_path, "good")
    path = archive.settings.data_dir / "objects" / lost[:2] / lost[2:4] / lost
    path.unlink()

    manifest = back_up(archive, place)

    assert manifest.lacking == (lost,)
    assert backup.verify(place, manifest) == {}
    assert restored(emptied, place).lacking == (lost,)
    assert list(emptied.store.keys()) == [good.sha256]
    with emptied.database.read() as session:
        assert [row.sha256 for row in kept.with_findings(session)] == [lost]


def test_pruning_keeps_the_newest_and_all_they_need(
    archive: Archive, emptied: Archive, place: BackupPlace, clock: SetClock, tmp_path: Path
) -> None:
    a_batch(archive, tmp_path, "kept")
    for _ in range(3):
        a_dossier(archive)
        back_up(archive, place)
        clock.advance(days=1)
    ids = place.ids()
    with (tmp_path / "stray").open("wb+") as stray:
        stray.write(b"nobody's")
        stray.seek(0)
        nobodys = place.objects.put(stray).sha256
    for path in [*every_file(place, "rows"), *every_file(place, "objects")]:
        os.utime(path, (0, 0))

    dropped, removed = backup.prune(archive.caretaking, place, keep=1)

    assert dropped == ids[:2]
    assert place.ids() == ids[2:]
    assert removed > 1
    assert nobodys not in set(place.objects.keys())
    needed = {piece.sha256 for piece in place.manifest().pieces}
    assert set(place.rows.keys()) == needed
    assert backup.verify(place, place.manifest()) == {}
    assert restored(emptied, place).objects == 1


def test_pruning_removes_nothing_while_a_manifest_cannot_be_read(
    archive: Archive, place: BackupPlace, clock: SetClock
) -> None:
    for _ in range(2):
        back_up(archive, place)
        clock.advance(days=1)
    damage(every_file(place, "snapshots")[-1], "flipped")
    before = every_file(place, "rows")

    with pytest.raises(BackupDamaged):
        backup.prune(archive.caretaking, place, keep=1)

    assert len(place.ids()) == 2
    assert every_file(place, "rows") == before


def test_two_backups_do_not_write_to_one_place_at_once(
    archive: Archive, place: BackupPlace
) -> None:
    with place.documents.alone(), pytest.raises(BackupPlaceBusy):
        back_up(archive, place)


def test_nobody_else_on_the_machine_may_look_into_a_backup(
    archive: Archive, place: BackupPlace
) -> None:
    back_up(archive, place)

    assert Path(place.name).stat().st_mode & 0o077 == 0
    (manifest,) = every_file(place, "snapshots")
    assert manifest.stat().st_mode & 0o077 == 0


def test_every_table_is_backed_up_but_those_of_passing_things() -> None:
    from hoso.db import Table

    left_out = {
        name
        for name in Table.metadata.tables
        if name not in {each.name for each in backup.tables()}
    }
    assert left_out == {"worker_beat", "signed_in", "file_proof"}


# Killed in the middle -------------------------------------------------------------------------


@contextmanager
def stopped_in_the_middle(
    command: str, chosen: Settings, target: Path, marker: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process of its own that halts when it has copied one object."""
    arguments = [sys.executable, "-c", _HALTS, command, str(target), str(marker)]
    environment = {
        **os.environ,
        "HOSO_DATA_DIR": str(chosen.data_dir),
        "HOSO_DATABASE_URL": chosen.database_url,
    }
    with subprocess.Popen(arguments, env=environment) as process:
        until(marker.exists, 60)
        yield process
        process.send_signal(signal.SIGKILL)


_HALTS = """
import sys, threading
from pathlib import Path
import hoso.archive_api.tables
from hoso.preservation import backup, restore
from hoso.preservation.place import BackupPlace
from hoso.settings import Settings
from hoso.wiring import Archive

command, target, marker = sys.argv[1:]
def halt():
    Path(marker).touch()
    threading.Event().wait()

place = BackupPlace(target)
with Archive(Settings()) as archive:
    bench = archive.caretaking
    if command == "backup":
        backup.make_backup(bench, place, by="test", step=halt)
    elif command == "rows":
        restore.page_index.index = lambda *_: halt()
        restore.restore(bench, place, place.manifest(), by="test")
    else:
        restore.restore(bench, place, place.manifest(), by="test", step=halt)
"""


def test_a_backup_killed_in_the_middle_is_none_and_the_next_one_is_whole(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path
) -> None:
    for word in "abc":
        a_batch(archive, tmp_path, word)
    target = Path(place.name)
    with stopped_in_the_middle("backup", archive.settings, target, tmp_path / "halted"):
        assert place.ids() == []
        with pytest.raises(BackupPlaceBusy):
            back_up(archive, place)

    assert place.ids() == []
    manifest = back_up(archive, place)
    assert backup.verify(place, manifest) == {}
    assert restored(emptied, place).objects == 3


@pytest.mark.parametrize("moment", ["objects", "rows"])
def test_a_restore_killed_in_the_middle_leaves_an_empty_archive_and_can_be_done_again(
    archive: Archive, emptied: Archive, place: BackupPlace, tmp_path: Path, moment: str
) -> None:
    filled(archive, tmp_path)
    a_batch(archive, tmp_path, "another")
    back_up(archive, place)
    with stopped_in_the_middle(moment, emptied.settings, Path(place.name), tmp_path / "halted"):
        pass

    with emptied.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    assert restored(emptied, place).first_broken is None


def test_pieces_are_plain_json_lines_that_anybody_can_read(
    archive: Archive, place: BackupPlace
) -> None:
    """In twenty years no hoso may be at hand."""
    a_dossier(archive, owner_name="Nguyễn Thị Lan")
    manifest = back_up(archive, place)

    (piece,) = manifest.tables["owner"]
    with place.rows.open(piece.sha256) as source:
        (line,) = gzip.decompress(source.read()).splitlines()
    assert json.loads(line)["name"] == "Nguyễn Thị Lan"
