"""Kept objects as responses, streamed."""

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from hoso.wiring import Archive

_CHUNK_BYTES = 256 * 1024


def whole_object(archive: Archive, sha256: str, media_type: str, name: str) -> StreamingResponse:
    """An object's bytes. A stranger's file is never rendered as a page of ours."""
    source = archive.store.open(sha256)
    headers = {
        "Content-Length": str(archive.store.size(sha256)),
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "private, max-age=86400",
        "ETag": f'"{sha256}"',
    }
    return StreamingResponse(_chunks(source), media_type=media_type, headers=headers)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    with source:
        while chunk := source.read(_CHUNK_BYTES):
            yield chunk
