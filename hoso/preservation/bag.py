"""Bags (RFC 8493): a folder that any archive can check without us, for as long as SHA-256 lasts.

Written here in version 1.0, each file hashed on its way; bagit, the reference by the Library of
Congress (which writes version 0.97), reads every bag back before it is handed over.
"""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import bagit

from hoso.errors import ExportUnreadable
from hoso.storage.room import refusing_when_full

_CHUNK_BYTES = 1024 * 1024


class Bag:
    """A bag being written into an empty folder; nobody but its owner may read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._payload: dict[str, str] = {}
        self._bytes = 0

    def add(self, path: str, source: BinaryIO) -> None:
        """Add a file of the payload, all that `source` has; `path` is below `data/`."""
        self._payload[f"data/{path}"], size = self._write(f"data/{path}", source)
        self._bytes += size

    def close(self, info: Mapping[str, str]) -> None:
        """Write what describes the bag, and read the whole back. Raises ExportUnreadable."""
        said = {**info, "Payload-Oxum": f"{self._bytes}.{len(self._payload)}"}
        tags = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(
                f"{name}: {' '.join(value.split())}\n" for name, value in said.items()
            ),
            "manifest-sha256.txt": _lines(self._payload),
        }
        written = {name: self._write_text(name, text) for name, text in tags.items()}
        self._write_text("tagmanifest-sha256.txt", _lines(written))
        try:
            bagit.Bag(str(self._folder)).validate()
        except bagit.BagError as fault:
            raise ExportUnreadable(reason=str(fault)) from fault

    def _write_text(self, path: str, text: str) -> str:
        return self._write(path, io.BytesIO(text.encode()))[0]

    def _write(self, path: str, source: BinaryIO) -> tuple[str, int]:
        """The SHA-256 and the size of what was written."""
        target = self._folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        target.touch(mode=0o600, exist_ok=False)
        with refusing_when_full(), target.open("wb") as file:
            while piece := source.read(_CHUNK_BYTES):
                digest.update(piece)
                file.write(piece)
                size += len(piece)
        return digest.hexdigest(), size


def _lines(hashes: Mapping[str, str]) -> str:
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(hashes.items()))
