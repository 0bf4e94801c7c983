"""Copying bytes while hashing them, a piece at a time."""

import hashlib
from typing import BinaryIO

from hoso.storage.store import StoredObject

CHUNK_BYTES = 1024 * 1024


def copy_hashing(source: BinaryIO, target: BinaryIO) -> StoredObject:
    """Copy what `source` still has to give; the copy's hash and size."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        target.write(chunk)
        size += len(chunk)
    return StoredObject(sha256=digest.hexdigest(), size=size)
