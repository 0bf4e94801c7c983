"""How an office moves up, and back: SQLite and a disk → PostgreSQL and S3, by way of a backup."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hoso.preservation import backup, checking, restore
from hoso.preservation.manifest import Manifest
from hoso.preservation.place import BackupPlace
from hoso.wiring import Archive
from tests.builders import SetClock, a_dossier, an_archive
from tests.databases import Kind, MigratedDatabase
from tests.integration.test_backups import back_up, filled, restored
from tests.servers.buckets import an_empty_place, keys_of, s3_server

LOGS = {"audit_entry", "audit_head"}

MakeArchive = Callable[[str, Kind, str], Archive]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """An address with nothing at it, on the disk or on a server."""
    for name, value in keys_of(s3_server()).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOSO_DATA_DIR", str(tmp_path / "commands"))

    def place(kind: str) -> str:
        return an_empty_place() if kind == "s3" else f"file:{tmp_path / kind}"

    return place


@pytest.fixture
def make(tmp_path: Path, clock: SetClock) -> Iterator[MakeArchive]:
    """Makes empty archives: a name, a kind of database, the address of a store."""
    with ExitStack() as stack:

        def make(name: str, kind: Kind, storage: str) -> Archive:
            (tmp_path / name).mkdir()
            migrated = MigratedDatabase(kind, tmp_path / name)
            return stack.enter_context(
                an_archive(tmp_path / name / "data", migrated, clock, storage_url=storage)
            )

        yield make


def tables_but_the_log(manifest: Manifest) -> dict[str, object]:
    return {name: manifest.tables[name] for name in manifest.tables.keys() - LOGS}


@pytest.mark.parametrize("target", ["disk", "s3"])
def test_an_office_moves_up_to_postgresql_and_s3_and_back(
    make: MakeArchive, places: Callable[[str], str], tmp_path: Path, target: str
) -> None:
    small = make("small", "sqlite", places("small-objects"))
    large = make("large", "postgresql", places("s3"))
    small_again = make("again", "sqlite", places("again-objects"))
    (tmp_path / "small" / "data").mkdir(exist_ok=True)
    filled(small, tmp_path)
    there, back = (
        BackupPlace(places(target) if target == "s3" else str(tmp_path / "there")),
        (BackupPlace(str(tmp_path / "back"))),
    )

    up = back_up(small, there)
    assert backup.verify(there, up) == {}
    assert restored(large, there).first_broken is None
    assert checking.check_all(large.caretaking).checked == up.object_count
    newer = a_dossier(large, owner_name="Trần Văn Nam")
    down = back_up(large, back)
    assert restored(small_again, back).first_broken is None

    again = back_up(small_again, back)
    assert newer.number == 3
    assert tables_but_the_log(again) == tables_but_the_log(down)
    assert set(small_again.store.keys()) == set(small.store.keys())


def test_what_is_restored_elsewhere_makes_the_very_same_pieces(
    make: MakeArchive, places: Callable[[str], str], tmp_path: Path
) -> None:
    small = make("small", "sqlite", places("small-objects"))
    filled(small, tmp_path)
    place = BackupPlace(places("s3"))
    up = back_up(small, place)
    large = make("large", "postgresql", places("s3"))
    restore.restore(large.caretaking, place, up, by="test")

    again = back_up(large, place)
    assert tables_but_the_log(again) == tables_but_the_log(up)
    assert again.objects == up.objects
