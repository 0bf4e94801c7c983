"""Backup, loss and restore as an office lives through them, with real commands and processes."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hoso.dossier.tables import Component, Dossier
from hoso.preservation import checking
from hoso.scanner_ingest.tables import Batch
from hoso.settings import Settings
from hoso.storage.kept import KeptObject
from hoso.wiring import Archive
from tests.builders import a_pdf
from tests.databases import Kind, empty_database
from tests.e2e.service import Office, free_port, kill
from tests.waiting import until

FINISH_SECONDS = 120.0

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def office(tmp_path: Path, database_kind: Kind) -> Iterator[Office]:
    """An office that has received a dossier and one file for it."""
    with empty_database(database_kind, tmp_path) as url:
        yield _an_office(Office(tmp_path / "data", free_port(), url), tmp_path)


@pytest.fixture
def elsewhere(tmp_path: Path, database_kind: Kind) -> Iterator[Office]:
    """Another machine, with nothing on it."""
    with empty_database(database_kind, tmp_path / "elsewhere") as url:
        yield Office(tmp_path / "elsewhere", free_port(), url)


def _an_office(made: Office, tmp_path: Path) -> Office:
    code = made.hoso_json("receive", "1.001193", "092192498929", "Trịnh Thị Oanh")["code"]
    scan = a_pdf(tmp_path / "scan.pdf", pages=2)
    made.hoso("ingest", str(scan), "--dossier", code, "--type", "birth_attestation")
    return made


def _settings(office: Office) -> Settings:
    return Settings(data_dir=office.data_dir, database_url=office.database_url)


def work_until_finished(office: Office) -> None:
    """Run a worker until every batch is finished and every dossier bundled."""

    def finished() -> bool:
        with archive.database.read() as session:
            return set(session.scalars(select(Batch.state))) == {"finished"} and all(
                session.scalars(select(Dossier.bundle_sha256))
            )

    with Archive(_settings(office)) as archive:
        worker = office.start("work")
        try:
            until(finished, FINISH_SECONDS)
        finally:
            kill(worker)


def test_a_file_taken_in_and_not_read_when_the_office_burnt_down_is_finished_elsewhere(
    office: Office, elsewhere: Office, tmp_path: Path
) -> None:
    office.hoso("backup", str(tmp_path / "backup"))
    shutil.rmtree(office.data_dir)

    restored = elsewhere.hoso_json("restore", str(tmp_path / "backup"))

    assert (restored["objects"], restored["log_first_broken"]) == (1, None)
    work_until_finished(elsewhere)
    elsewhere.hoso("verify-log")
    report = elsewhere.hoso_json("fsck")
    assert (report["objects"], report["missing"], report["untracked"]) == (3, [], [])


def test_every_object_that_a_row_names_was_noted_with_its_size(
    office: Office, tmp_path: Path
) -> None:
    work_until_finished(office)

    with Archive(_settings(office)) as archive, archive.database.read() as session:
        sizes = {row.sha256: row.size for row in session.scalars(select(KeptObject))}
        named = {
            key for column in checking.NAMING for key in session.scalars(select(column)) if key
        }
        assert session.scalars(select(Component.archived)).one() in named
    assert sizes == {key: archive.store.size(key) for key in named}


def test_a_backup_killed_at_any_moment_leaves_a_place_that_the_next_one_completes(
    office: Office, elsewhere: Office, tmp_path: Path
) -> None:
    target = str(tmp_path / "backup")
    for number in range(6):
        command = office.start("backup", target)
        try:
            command.wait(0.2 * number)
        except subprocess.TimeoutExpired:
            kill(command)

    made = office.hoso_json("backup", target)

    assert made["lacking"] == []
    for each in office.hoso_json("backup", target, "--list"):
        assert (
            office.hoso_json("backup", target, "--verify", "--snapshot", each["snapshot"])["wrong"]
            == {}
        )
    assert elsewhere.hoso_json("restore", target)["objects"] == made["objects"]
