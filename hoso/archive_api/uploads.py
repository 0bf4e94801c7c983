"""Files streamed from a request straight to the disk, never gathered in memory."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool

from hoso.errors import FileTooLarge, RequestMalformed
from hoso.storage.room import refusing_when_full

_FORM_OVERHEAD_BYTES = 64 * 1024
_MOST_FIELD_BYTES = 4096


@dataclass(slots=True)
class Upload:
    """The one file of a form, on the disk, and the form's other fields."""

    path: Path
    name: str = ""
    complete: bool = False
    fields: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def received_upload(
    request: Request, folder: Path, *, max_bytes: int
) -> AsyncIterator[Upload]:
    """Stream a multipart body into `folder`; what was written is gone when the block ends.

    Refuses with RequestMalformed (no form, not exactly one file), FileTooLarge (as soon as it
    is) and StoreFull.
    """
    with refusing_when_full():
        work = await run_in_threadpool(_fresh_folder_in, folder)
    try:
        upload = Upload(work / "upload")
        with refusing_when_full():
            await _receive(request, upload, max_bytes=max_bytes)
        if not upload.complete:
            raise RequestMalformed(what="file")
        yield upload
    finally:
        await run_in_threadpool(shutil.rmtree, work, ignore_errors=True)


def _fresh_folder_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=folder))


async def _receive(request: Request, upload: Upload, *, max_bytes: int) -> None:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise RequestMalformed(what="multipart/form-data")
    received = 0
    with await run_in_threadpool(upload.path.open, "wb") as target:
        try:
            form = _Form(boundary, upload, target)
            async for chunk in request.stream():
                received += len(chunk)
                if received > max_bytes + _FORM_OVERHEAD_BYTES:
                    raise FileTooLarge(name=upload.name or "?", limit_mb=max_bytes // 2**20)
                await run_in_threadpool(form.write, chunk)
        except FormParserError as exc:
            raise RequestMalformed(what="multipart/form-data") from exc


class _Form:
    """Takes a form apart as its bytes come: the file to the disk, the fields to memory.

    Not the library's own FormParser: it leaves its files open, and takes a second file for the
    first.
    """

    def __init__(self, boundary: bytes, upload: Upload, target: BinaryIO) -> None:
        self._upload = upload
        self._target = target
        self._header = (bytearray(), bytearray())  # name and value of the one under way
        self._disposition: dict[bytes, bytes] = {}
        self._value = bytearray()
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._take_header_name,
                "on_header_value": self._take_header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._begin_content,
                "on_part_data": self._take_content,
                "on_part_end": self._end_part,
            },
        )

    def write(self, chunk: bytes) -> None:
        """Take the next piece of the body."""
        self._parser.write(chunk)

    @property
    def _is_file(self) -> bool:
        return b"filename" in self._disposition

    def _begin_part(self) -> None:
        self._disposition = {}
        self._value.clear()

    def _take_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _take_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _end_header(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            _, self._disposition = parse_options_header(bytes(value))
        name.clear()
        value.clear()

    def _begin_content(self) -> None:
        if not self._is_file:
            return
        if self._upload.complete:
            raise RequestMalformed(what="file × 2")
        self._upload.name = self._disposition[b"filename"].decode("utf-8", "replace")

    def _take_content(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._target.write(data[start:end])
        elif len(self._value) + end - start > _MOST_FIELD_BYTES:
            raise FormParserError(f"A field is longer than {_MOST_FIELD_BYTES} bytes.")
        else:
            self._value.extend(data[start:end])

    def _end_part(self) -> None:
        if self._is_file:
            self._upload.complete = True
        else:
            name = self._disposition.get(b"name", b"").decode("utf-8", "replace")
            self._upload.fields[name] = self._value.decode("utf-8", "replace")
