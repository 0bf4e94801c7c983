"""The main job once, on the bundled sample stack, with every step shown."""

import time
from importlib.resources import as_file, files
from pathlib import Path

from rich.markup import escape

from hoso.archive_api import show
from hoso.cli.output import actor, say, table
from hoso.clock import local
from hoso.dossier import attachments, catalogue_store, dossiers, handoffs, slips
from hoso.dossier.handoffs import NewScan
from hoso.dossier.lookup import Lookup, look_up
from hoso.dossier.numbers import CitizenId
from hoso.dossier.receive import NewDossier, Submitter, receive
from hoso.dossier.status import Status
from hoso.errors import WorkTimedOut
from hoso.ocr import search
from hoso.ocr.engines import EngineChoice
from hoso.scanner_ingest import batches
from hoso.scanner_ingest.intake import Claim, WayIn
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from hoso.wiring.works import Works

_MOST_SECONDS = 300.0

# The family of the sample papers does not exist; they were drawn for this archive.
_PROCEDURE = "1.001193"  # đăng ký khai sinh
_OWNER = CitizenId("092192498929")
_OWNER_NAME = "Trịnh Thị Oanh"
_ADDRESS = "số 15 đường Phan Đình Phùng, phường Ninh Kiều, thành phố Cần Thơ"
_RECEIVER = "Cán bộ tiếp nhận"
_ON_PAPER = "giay chung nhan ket hon"  # typed without accents, as people do


def do_main_job(archive: Archive) -> None:
    """Receive, scan, read, find again, reuse, hand over, return: each step printed.

    Raises OcrUnavailable before the first step if nothing could be read.
    """
    EngineChoice.of(archive.settings).engine().check()
    folder = archive.settings.data_dir / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    say(
        "[bold]Làm thử việc chính một lần với tập giấy mẫu[/bold] (người và giấy tờ hư cấu)",
        markup=True,
    )
    first = _receive(archive, {})
    _step(1, f"Tiếp nhận hồ sơ [bold]{first}[/bold], thủ tục {_PROCEDURE}")
    slip = escape(str(_write_slip(archive, first, folder)))
    _step(2, f"Giấy hẹn, đã đọc lại được mã: [bold]{slip}[/bold]")
    batch_id = _take_in_sample(archive, first)
    _step(3, f"Nhận tập quét mẫu, lô {batch_id}")
    _finish_batch(archive, batch_id)
    _show_batch(archive, batch_id)
    _show_search(archive)
    second = _reuse(archive)
    _step(7, f"Hồ sơ thứ hai [bold]{second}[/bold] dùng lại giấy đã nộp, không phải nộp nữa")
    _move(archive, first)
    _step(8, "Bàn giao qua các bộ phận rồi trả kết quả:")
    _show_trail(archive, first)


def _receive(archive: Archive, reused: dict[str, str]) -> str:
    new = NewDossier(
        procedure=_PROCEDURE,
        owner_number=_OWNER,
        owner_name=_OWNER_NAME,
        submitter=Submitter(name=_OWNER_NAME, address=_ADDRESS, phone="0900 000 000"),
        reused=reused,
    )
    with archive.database.write() as session:
        row = receive(
            session, new, desk="counter-1", by=actor(), receiver=_RECEIVER, at=archive.clock()
        )
        if reused:
            attachments.papers_changed(session, archive.jobs, row.code)
        return row.code


def _write_slip(archive: Archive, code: str, folder: Path) -> Path:
    with archive.database.read() as session:
        row = dossiers.by_code(session, code)
        pdf = slips.slip_of(session, row, public_url=archive.settings.public_url)
    target = folder / f"{code}_BM-VP01.02.pdf"
    target.write_bytes(pdf)
    return target


def _take_in_sample(archive: Archive, code: str) -> str:
    sample = files("hoso.scanner_ingest") / "sample" / "stack.pdf"
    with as_file(sample) as path:
        claim = Claim(dossier_code=code)
        receipt = take_in_file(
            archive, path, path.name, way_in=WayIn.COMMAND, by=actor(), claim=claim
        )
    return receipt.batch_id


def _finish_batch(archive: Archive, batch_id: str) -> None:
    """Work until the batch is finished, in this process."""
    works = Works(archive)
    works.start()
    began = time.monotonic()
    try:
        while not _is_finished(archive, batch_id):
            if time.monotonic() - began > _MOST_SECONDS:
                raise WorkTimedOut(seconds=_MOST_SECONDS)
            time.sleep(0.1)
    finally:
        works.stop()
    _step(4, f"Tách, đọc chữ, tạo PDF/A có đóng mã trong {time.monotonic() - began:.1f} giây:")


def _is_finished(archive: Archive, batch_id: str) -> bool:
    """Whether the batch is done with, and the dossier it went to is bundled."""
    with archive.database.read() as session:
        batch = batches.by_id(session, batch_id)
        bundled = dossiers.by_code(session, str(batch.dossier_code)).bundle_sha256
    return batch.state == "set_aside" or (batch.state == "finished" and bundled is not None)


def _show_batch(archive: Archive, batch_id: str) -> None:
    with archive.database.read() as session:
        shown = show.batch(session, batches.by_id(session, batch_id), "vi")
    table(
        ["  Giấy tờ", "Số trang", "Bản lưu trữ PDF/A"],
        [
            (f"  {item.title}", item.pages, (item.archived_sha256 or "–")[:16] + "…")
            for item in shown.components
        ],
    )


def _show_search(archive: Archive) -> None:
    with archive.database.read() as session:
        hits = search.find(session, _ON_PAPER, limit=1)
        lines = [line for hit in hits for line in hit.page.text.splitlines()]
    found = next((line for line in lines if "KẾT HÔN" in line), "–")
    _step(5, f"Tìm “{_ON_PAPER}”: thấy “{escape(found)}”")


def _reuse(archive: Archive) -> str:
    """Look the owner up for another dossier and attach by reference what serves again."""
    asked = Lookup(number=_OWNER, purpose="hồ sơ mẫu thứ hai", procedure=_PROCEDURE)
    with archive.database.write() as session:
        found = look_up(session, asked, by=actor(), at=archive.clock())
    _step(6, f"Tra cứu {_OWNER.masked}:")
    for decision in found.checklist:
        mark = "✔" if decision.is_reusable else "•"
        say(f"     {mark} {decision.requirement.name}: {decision.sentence()}")
    reused = {
        decision.requirement.key: decision.paper.component_id
        for decision in found.checklist
        if decision.is_reusable and decision.paper
    }
    return _receive(archive, reused)


def _move(archive: Archive, code: str) -> None:
    with archive.database.write() as session:
        for status in (Status.IN_PROCESS, Status.FINISHED, Status.RETURNED):
            dossiers.change(session, code, status, by=actor(), at=archive.clock())
    for giver, receiver in (("counter-1", "justice-office"), ("justice-office", "return")):
        for desk, to in ((giver, receiver), (receiver, None)):
            _scan(archive, code, desk, to)


def _scan(archive: Archive, code: str, desk: str, to: str | None) -> None:
    at = archive.clock()
    event_id = f"demo-{code}-{desk}-{to or 'nhan'}"
    with archive.database.write() as session:
        scan = NewScan(event_id=event_id, code=code, desk=desk, to=to)
        handoffs.record(session, scan, by=actor(), at=at)


def _show_trail(archive: Archive, code: str) -> None:
    with archive.database.read() as session:
        catalogue = catalogue_store.in_force(session)
        ledger = handoffs.ledger_of(session, dossiers.by_code(session, code))
    table(
        ["  Bộ phận", "Nhận lúc"],
        [
            (f"  {show.desk_name(catalogue, visit.desk)}", f"{local(visit.since):%H:%M:%S}")
            for visit in ledger.visits
        ],
    )


def _step(number: int, text: str) -> None:
    say(f"[bold]{number}.[/bold] {text}", markup=True)
