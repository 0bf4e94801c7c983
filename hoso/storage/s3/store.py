"""Objects in a bucket of any server that speaks S3, each named by its hash."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from minio.commonconfig import ENABLED, ComposeSource
from urllib3 import BaseHTTPResponse

from hoso.errors import StoreUnexpected
from hoso.storage.copies import Copies
from hoso.storage.hashing import copy_hashing
from hoso.storage.room import refusing_when_full
from hoso.storage.s3 import locks
from hoso.storage.s3.address import S3Address
from hoso.storage.s3.bucket import Bucket
from hoso.storage.s3.client import S3Access
from hoso.storage.s3.reader import ObjectReader
from hoso.storage.store import StoreCapabilities, StoredObject, is_key

# Larger objects go up in parts of this size, which bounds the memory that an upload takes.
PART_BYTES = 8 * 1024 * 1024
_BUFFER_BYTES = 256 * 1024
_DAMAGED = "damaged"
_LINK_LIFE = timedelta(minutes=5)
# Who puts again what is there makes it new, unless it is: a pruning takes nothing that is.
_NEW_FOR = timedelta(hours=1)
# An upload in parts that is older than this has lost its process.
_STALE_AFTER = timedelta(days=1)


class S3Store:
    """Objects as `prefix` + SHA-256 in one bucket; safe to share between threads.

    An object is there whole or not at all: the server makes it of one request's body, or of parts
    when all have come. Each body goes with its own hash, which the server checks.
    """

    def __init__(self, address: S3Address, access: S3Access, *, copies: Copies) -> None:
        self._bucket = Bucket.at(address, access)
        self._copies = copies

    def put(self, source: BinaryIO) -> StoredObject:
        """Copied to the local disk first: the object's name, its hash, is known at the end only."""
        # Nameless: a kill leaves nothing behind.
        with tempfile.TemporaryFile(dir=self._copies.folder) as copied:
            with refusing_when_full():
                stored = copy_hashing(source, copied)
            copied.seek(0)
            self.upload(copied, stored)
        return stored

    def put_file(self, path: Path) -> StoredObject:
        """Keep a file's bytes; the file itself stays where it is."""
        with path.open("rb") as source:
            return self.put(source)

    def upload(self, source: BinaryIO, stored: StoredObject) -> None:
        """Keep a file that nobody changes any more and whose hash is known."""
        if self._is_there(stored, since=datetime.now(UTC) - _NEW_FOR):
            return
        bucket = self._bucket
        with bucket.translated(stored.sha256):
            bucket.client.put_object(
                bucket.name,
                bucket.name_of(stored.sha256),
                source,
                stored.size,
                part_size=PART_BYTES,
                num_parallel_uploads=1,  # several would hold as many parts in memory
            )
        if not self._is_there(stored):
            raise StoreUnexpected(reason="size after upload")

    def open(self, sha256: str) -> BinaryIO:
        """The object's bytes as they come, from any place; to be closed by the caller."""
        bucket, name = self._bucket, self._bucket.name_of(sha256)

        def read_from(place: int) -> BaseHTTPResponse:
            return bucket.client.get_object(bucket.name, name, offset=place)

        reader = ObjectReader(read_from, partial(bucket.translated, sha256))
        return io.BufferedReader(reader, _BUFFER_BYTES)

    def local_copy(self, sha256: str) -> AbstractContextManager[Path]:
        """A verified copy, kept for the next who asks while there is room."""
        return self._copies.copy_of(sha256, self.open)

    def size(self, sha256: str) -> int:
        """Bytes of a kept object."""
        return int(self._bucket.head(sha256).size or 0)

    def keys(self) -> Iterator[str]:
        """Every key in the bucket, a thousand to a request."""
        bucket = self._bucket
        with bucket.translated():
            for each in bucket.client.list_objects(
                bucket.name, prefix=bucket.prefix, recursive=True
            ):
                key = str(each.object_name).removeprefix(bucket.prefix)
                if is_key(key):
                    yield key

    def capabilities(self) -> StoreCapabilities:
        """What the server says of the bucket."""
        with self._bucket.translated():
            versioning = self._bucket.client.get_bucket_versioning(self._bucket.name)
        return StoreCapabilities(
            versioning=versioning.status == ENABLED,
            object_lock=locks.locks_objects(self._bucket),
            download_links=True,
        )

    def tidy(self) -> None:
        """End uploads in parts whose process is gone: servers keep, and bill, what has come."""
        before = datetime.now(UTC) - _STALE_AFTER
        bucket = self._bucket
        with bucket.translated():
            # The SDK offers neither of the two calls in public.
            unfinished = bucket.client._list_multipart_uploads(bucket.name, prefix=bucket.prefix)  # noqa: SLF001
            for each in unfinished.uploads:
                if each.initiated_time and each.initiated_time < before:
                    bucket.client._abort_multipart_upload(  # noqa: SLF001  # as above
                        bucket.name, each.object_name, str(each.upload_id)
                    )

    def download_link(self, sha256: str, *, media_type: str, name: str) -> str | None:
        """A URL that gives the object to whoever has it, for five minutes."""
        answer: dict[str, str | list[str] | tuple[str]] = {
            "response-content-type": media_type,
            "response-content-disposition": f"inline; filename*=UTF-8''{quote(name)}",
        }
        return self._bucket.client.presigned_get_object(
            self._bucket.name,
            self._bucket.name_of(sha256),
            expires=_LINK_LIFE,
            response_headers=answer,
        )

    def retain(self, sha256: str, until: datetime) -> None:
        """Keep the object at least until then. A promise once given is never shortened."""
        locks.retain(self._bucket, sha256, until)

    def retained_until(self, sha256: str) -> datetime | None:
        """How long the object is promised to stay; None: no promise."""
        return locks.retained_until(self._bucket, sha256)

    def hold(self, sha256: str, *, on: bool) -> None:
        """Keep the object until the hold is lifted, whatever its retention says."""
        locks.hold(self._bucket, sha256, on=on)

    def is_held(self, sha256: str) -> bool:
        """Whether a hold is on."""
        return locks.is_held(self._bucket, sha256)

    def kept_at(self, sha256: str) -> datetime:
        """When it was put for the last time, within an hour."""
        return self._bucket.head(sha256).last_modified or datetime.now(UTC)

    def set_aside(self, sha256: str) -> None:
        """Take a damaged object out of its place; its bytes stay, as `damaged/` in the bucket."""
        bucket, name = self._bucket, self._bucket.name_of(sha256)
        size = self.size(sha256)
        aside = f"{bucket.prefix}{_DAMAGED}/{sha256}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        with bucket.translated(sha256):
            # Copied by the server, in parts where one request cannot copy so much.
            bucket.client.compose_object(bucket.name, aside, [ComposeSource(bucket.name, name)])
            if bucket.client.stat_object(bucket.name, aside).size != size:
                raise StoreUnexpected(reason="size after copying")
            bucket.client.remove_object(bucket.name, name)

    def remove(self, sha256: str, *, unless_put_since: datetime) -> bool:
        """Delete an object for good; False where it was put again since, and stays.

        Only for what no row names. Ask for what was put more than an hour ago: who puts again
        what is younger leaves it as it is.
        """
        if self.kept_at(sha256) >= unless_put_since:
            return False
        bucket = self._bucket
        with bucket.translated(sha256):
            bucket.client.remove_object(bucket.name, bucket.name_of(sha256))
        return True

    def _is_there(self, stored: StoredObject, *, since: datetime | None = None) -> bool:
        found = self._bucket.head_if_there(stored.sha256)
        if found is None or found.size != stored.size:
            return False
        return since is None or found.last_modified is None or found.last_modified >= since
