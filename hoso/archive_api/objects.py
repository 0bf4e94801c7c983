"""Kept objects as responses, streamed."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import RedirectResponse, StreamingResponse

from hoso.storage.store import DownloadLinks
from hoso.wiring import Archive

_CHUNK_BYTES = 256 * 1024
# A link is good for five minutes, and for whoever has it.
_NOT_KEPT = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}


def whole_object(archive: Archive, sha256: str, media_type: str, name: str) -> Response:
    """An object's bytes, or the way to them. A stranger's file is never rendered as a page of ours.

    Whoever may see the object was asked, and the audit entry written, before.
    """
    link = _link(archive, sha256, media_type, name)
    if link:
        return RedirectResponse(link, HTTPStatus.TEMPORARY_REDIRECT, headers=_NOT_KEPT)
    return _streamed(archive, sha256, media_type, name)


def _link(archive: Archive, sha256: str, media_type: str, name: str) -> str | None:
    store = archive.store_itself
    if archive.settings.s3_direct_downloads and isinstance(store, DownloadLinks):
        return store.download_link(sha256, media_type=media_type, name=name)
    return None


def _streamed(archive: Archive, sha256: str, media_type: str, name: str) -> StreamingResponse:
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
