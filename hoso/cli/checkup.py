"""The checks behind `hoso doctor`."""

import shutil
from collections.abc import Callable
from typing import Any

from hoso.dossier import catalogue_store
from hoso.errors import HosoError
from hoso.migrations import is_current
from hoso.ocr.engines import EngineChoice
from hoso.storage import kept
from hoso.storage.spooling import SpoolingStore
from hoso.wiring import Archive

_LEAST_FREE_BYTES = 2 * 1024**3
_LONGEST_WAIT_SECONDS = 300.0


def checkup(archive: Archive) -> list[dict[str, Any]]:
    """Every check with its result; `ok` is false where something must be done."""
    checks: tuple[tuple[str, Callable[[Archive], str]], ...] = (
        ("Tesseract", _tesseract),
        ("Poppler (pdftoppm)", _poppler),
        ("ZBar", _zbar),
        ("Cơ sở dữ liệu", _database),
        ("Chỗ trống", _disk),
        ("Kho lưu trữ", _store),
        ("Danh mục", _catalogue),
        ("Tệp trong kho", _fixity),
    )
    return [_result(name, check, archive) for name, check in checks]


def _result(name: str, check: Callable[[Archive], str], archive: Archive) -> dict[str, Any]:
    try:
        return {"check": name, "ok": True, "found": check(archive)}
    except (HosoError, ImportError, OSError) as fault:
        return {"check": name, "ok": False, "found": str(fault)}


def _tesseract(archive: Archive) -> str:
    return EngineChoice.of(archive.settings).engine().check()


def _poppler(_: Archive) -> str:
    found = shutil.which("pdftoppm")
    if found is None:
        raise OSError("Hãy cài poppler-utils. Install poppler-utils.")
    return found


def _zbar(_: Archive) -> str:
    from pyzbar import pyzbar  # importing it is the check: it loads libzbar0

    return str(pyzbar.__name__)


def _database(archive: Archive) -> str:
    if not is_current(archive.database):
        raise OSError("Hãy chạy `hoso migrate`. Run `hoso migrate`.")
    return archive.database.server()


def _disk(archive: Archive) -> str:
    free = shutil.disk_usage(archive.settings.data_dir).free
    if free < _LEAST_FREE_BYTES:
        raise OSError(f"Chỉ còn {free // 2**20} MB. Only {free // 2**20} MB are left.")
    return f"{free // 2**30} GB"


def _store(archive: Archive) -> str:
    """Asks the store, so a server that is away or denies us is found here."""
    can = archive.store.capabilities()
    features = {
        "phiên bản (versioning)": can.versioning,
        "khóa tệp (object lock)": can.object_lock,
        "liên kết tải (presigned)": can.download_links,
    }
    has = ", ".join(name for name, there in features.items() if there)
    lacks = ", ".join(name for name, there in features.items() if not there)
    kind = archive.settings.storage_url.partition(":")[0]
    said = [kind, f"có {has}" if has else "", f"không có {lacks}" if lacks else ""]
    return "; ".join(part for part in (*said, _spooled(archive)) if part)


def _spooled(archive: Archive) -> str:
    if not isinstance(archive.store_itself, SpoolingStore):
        return ""
    count, seconds = archive.store_itself.waiting()
    if count and seconds > _LONGEST_WAIT_SECONDS:
        raise OSError(
            f"{count} tệp chờ chuyển lên kho đã {seconds / 60:.0f} phút. "
            f"{count} objects have waited {seconds / 60:.0f} minutes to be brought to the store."
        )
    return f"{count} tệp chờ chuyển"


def _catalogue(archive: Archive) -> str:
    with archive.database.read() as session:
        read = catalogue_store.in_force(session)
    return f"{len(read.procedures)} thủ tục, {len(read.desks)} bộ phận"


def _fixity(archive: Archive) -> str:
    with archive.database.read() as session:
        figures = kept.figures(session)
    damaged = sum(figures.findings.values())
    if damaged:
        raise OSError(f"{damaged} tệp bị hỏng: `hoso fsck --repair`. {damaged} damaged objects.")
    return f"{figures.objects} tệp, {figures.bytes // 2**20} MB, chưa thấy tệp nào hỏng"
