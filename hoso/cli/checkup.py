"""The checks behind `hoso doctor`."""

import shutil
from collections.abc import Callable
from typing import Any

from hoso.dossier import catalogue_store
from hoso.errors import HosoError
from hoso.migrations import is_current
from hoso.ocr.engines import EngineChoice
from hoso.wiring import Archive

_LEAST_FREE_BYTES = 2 * 1024**3


def checkup(archive: Archive) -> list[dict[str, Any]]:
    """Every check with its result; `ok` is false where something must be done."""
    checks: tuple[tuple[str, Callable[[Archive], str]], ...] = (
        ("Tesseract", _tesseract),
        ("Poppler (pdftoppm)", _poppler),
        ("ZBar", _zbar),
        ("Cơ sở dữ liệu", _database),
        ("Chỗ trống", _disk),
        ("Danh mục", _catalogue),
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


def _catalogue(archive: Archive) -> str:
    with archive.database.read() as session:
        read = catalogue_store.in_force(session)
    return f"{len(read.procedures)} thủ tục, {len(read.desks)} bộ phận"
