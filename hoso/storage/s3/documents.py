"""Named documents in a bucket: what must be found by a name, beside objects by their hash."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from minio.error import S3Error

from hoso.errors import BackupPlaceBusy
from hoso.storage.s3.bucket import Bucket
from hoso.storage.s3.faults import is_missing

_LOCK = ".lock"
# Who has it makes its lock new again and again; who was killed does not.
_RENEWED_SECONDS = 120.0
_LEASE = timedelta(minutes=15)
_PRECONDITION_FAILED = "PreconditionFailed"


class BucketDocuments:
    """Documents as `prefix` + name in one bucket."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def names(self) -> list[str]:
        """Every name that is not hidden."""
        bucket = self._bucket
        with bucket.translated():
            found = bucket.client.list_objects(bucket.name, prefix=bucket.prefix)
            names = [str(each.object_name).removeprefix(bucket.prefix) for each in found]
        return sorted(name for name in names if not name.startswith("."))

    def read(self, name: str) -> bytes:
        """A document by a name of `names`."""
        bucket = self._bucket
        with bucket.translated():
            answer = bucket.client.get_object(bucket.name, bucket.prefix + name)
            try:
                return answer.read()
            finally:
                answer.close()
                answer.release_conn()

    def write(self, name: str, content: bytes) -> None:
        """One request: the server keeps the whole or nothing."""
        bucket = self._bucket
        with bucket.translated():
            bucket.client.put_object(
                bucket.name, bucket.prefix + name, io.BytesIO(content), len(content)
            )

    def remove(self, name: str) -> None:
        """Delete a document."""
        bucket = self._bucket
        with bucket.translated():
            bucket.client.remove_object(bucket.name, bucket.prefix + name)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """By a lease: after a kill others must wait a quarter of an hour."""
        self._take_lock()
        done = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(done,), name="lease", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            done.set()
            renewing.join()
            self.remove(_LOCK)

    def _take_lock(self) -> None:
        if self._lock_is_old():
            self.remove(_LOCK)
        bucket = self._bucket
        with bucket.translated():
            try:
                # The SDK's public call cannot say "only where nothing is"; servers obey it for
                # what is written in one request.
                bucket.client._put_object(  # noqa: SLF001
                    bucket.name, bucket.prefix + _LOCK, b"", {"If-None-Match": "*"}
                )
            except S3Error as fault:
                if fault.code != _PRECONDITION_FAILED:
                    raise
                raise BackupPlaceBusy(place=f"{bucket.name}/{bucket.prefix}") from fault

    def _lock_is_old(self) -> bool:
        bucket = self._bucket
        with bucket.translated():
            try:
                found = bucket.client.stat_object(bucket.name, bucket.prefix + _LOCK)
            except S3Error as fault:
                if is_missing(fault):
                    return False
                raise
        return found.last_modified is not None and found.last_modified < datetime.now(UTC) - _LEASE

    def _renew(self, done: threading.Event) -> None:
        while not done.wait(_RENEWED_SECONDS):
            self.write(_LOCK, b"")
