"""Files streamed from a request straight to the disk, never gathered in memory."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import Request
from python_multipart import FormParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool

from hoso.errors import FileTooLarge, RequestMalformed

_FORM_OVERHEAD_BYTES = 64 * 1024
_MOST_FIELD_BYTES = 4096


@dataclass(slots=True)
class Upload:
    """The one file of a form, on the disk, and the form's other fields."""

    path: Path | None = None
    name: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def received_upload(
    request: Request, folder: Path, *, max_bytes: int
) -> AsyncIterator[Upload]:
    """Stream a multipart body into `folder`; what was written is gone when the block ends.

    Refuses with RequestMalformed (no form, no file) and FileTooLarge (as soon as it is).
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder))
    try:
        upload = await _receive(request, work, max_bytes=max_bytes)
        if upload.path is None:
            raise RequestMalformed(what="file")
        yield upload
    finally:
        await run_in_threadpool(shutil.rmtree, work, ignore_errors=True)


async def _receive(request: Request, work: Path, *, max_bytes: int) -> Upload:
    upload = Upload()
    parser = _parser(request, work, upload)
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > max_bytes + _FORM_OVERHEAD_BYTES:
                raise FileTooLarge(name=upload.name or "?", limit_mb=max_bytes // 2**20)
            await run_in_threadpool(parser.write, chunk)
        await run_in_threadpool(parser.finalize)
    except FormParserError as exc:
        raise RequestMalformed(what="multipart/form-data") from exc
    finally:
        await run_in_threadpool(parser.close)
    return upload


def _parser(request: Request, work: Path, upload: Upload) -> FormParser:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise RequestMalformed(what="multipart/form-data")

    def keep_field(part: Any) -> None:
        name = (part.field_name or b"").decode("utf-8", "replace")
        upload.fields[name] = (part.value or b"").decode("utf-8", "replace")

    def keep_file(part: Any) -> None:
        if part.in_memory:
            part.flush_to_disk()
        part.file_object.flush()
        upload.path = Path(part.actual_file_name.decode())
        upload.name = (part.file_name or b"").decode("utf-8", "replace")

    return FormParser(
        "multipart/form-data",
        keep_field,
        keep_file,
        boundary=boundary,
        config={
            "UPLOAD_DIR": str(work),
            "UPLOAD_DELETE_TMP": False,  # the folder is removed as a whole
            "MAX_MEMORY_FILE_SIZE": 256 * 1024,
            "MAX_FIELD_SIZE": _MOST_FIELD_BYTES,
        },
    )
