"""`hoso ingest --bulk` as an office runs it: killed in the middle, begun again, reported on."""

import csv
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hoso.dossier.tables import Dossier
from hoso.scanner_ingest.tables import Batch
from hoso.settings import Settings
from hoso.wiring import Archive
from tests.builders import LAN, a_pdf
from tests.e2e.service import Office, free_port, kill
from tests.waiting import until

FILES = 30
HEADING = "Đường dẫn;Loại giấy tờ;Số định danh;Họ tên;Ngày cấp"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "data", free_port())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "kho"
    made.mkdir()
    for number in range(FILES):
        a_pdf(made / f"{number}.pdf", words=f"paper {number}")
    return made


def a_manifest(path: Path, *names: str, encoding: str = "utf-8-sig") -> Path:
    rows = [f"{name};GIẤY KHAI SINH;{LAN.digits};Nguyễn Thị Lan;05/03/2012" for name in names]
    path.write_text("\r\n".join((HEADING, *rows)), encoding=encoding)
    return path


def report_of(manifest: Path) -> list[dict[str, Any]]:
    with manifest.with_name(f"{manifest.stem}.report.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_an_old_archive_is_in_once_however_often_the_command_is_killed(
    office: Office, folder: Path
) -> None:
    manifest = a_manifest(folder.parent / "ke.csv", *(f"{n}.pdf" for n in range(FILES)))
    words = ["ingest", "--bulk", str(folder), "--manifest", str(manifest)]
    office.hoso("migrate")
    with Archive(Settings(data_dir=office.data_dir)) as archive:

        def taken() -> int:
            with archive.database.read() as session:
                return session.scalar(select(func.count()).select_from(Batch)) or 0

        for most in (1, FILES // 3, FILES // 2):
            command = office.start(*words)
            until(lambda most=most: taken() >= most, 60)
            kill(command)
        done = office.hoso_json(*words)

        assert done["taken"] + done["already"] == FILES
        assert done["refused"] == 0
        assert taken() == FILES
        with archive.database.read() as session:
            assert len(set(session.scalars(select(Batch.sha256)))) == FILES
            assert session.scalar(select(func.count()).select_from(Dossier)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_refusals_are_reported_line_by_line_and_the_end_is_1(
    office: Office, folder: Path, encoding: str
) -> None:
    manifest = a_manifest(folder.parent / "ke.csv", "0.pdf", "gone.pdf", encoding=encoding)

    said = office.hoso("ingest", "--bulk", str(folder), "--manifest", str(manifest), status=1)

    assert "1 tệp đã nhận, 0 có từ trước, 1 bị từ chối." in said
    (line,) = report_of(manifest)
    assert (line["line"], line["path"], line["code"]) == ("3", "gone.pdf", "manifest_file_missing")
    assert line["why"].startswith("Không có tệp gone.pdf")


def test_a_manifest_in_another_alphabet_is_refused_before_anything(
    office: Office, folder: Path
) -> None:
    manifest = folder.parent / "ke.csv"
    manifest.write_bytes("path;type\r\nGi\xe2y.pdf;x\r\n".encode("latin-1"))

    office.hoso("ingest", "--bulk", str(folder), "--manifest", str(manifest), status=1)

    with Archive(Settings(data_dir=office.data_dir)) as archive:
        assert not list(archive.store.keys())


def test_the_list_of_jobs_is_read_and_worked_off_from_the_command_line(
    office: Office, folder: Path
) -> None:
    manifest = a_manifest(folder.parent / "ke.csv", "0.pdf", "1.pdf")
    office.hoso("ingest", "--bulk", str(folder), "--manifest", str(manifest))

    listed = office.hoso_json("jobs", "list")
    states = Counter(job["standing"] for job in listed["jobs"])
    assert (listed["counts"]["waiting"], states["waiting"]) == (2, 2)
    first = listed["jobs"][0]["id"]
    office.hoso("jobs", "cancel", first.partition(":")[2])
    assert office.hoso_json("jobs", "list")["counts"]["waiting"] == 1
    office.hoso("jobs", "retry", first, status=1)
    office.hoso("jobs", "drop", "page.read:1", status=1)
    assert "1 việc đang chờ" in office.hoso("jobs", "list")

    worker = office.start("work", "--processes", "1")
    try:
        until(lambda: office.hoso_json("jobs", "list")["counts"]["waiting"] == 0, 120)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
