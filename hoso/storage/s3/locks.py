"""Retention and legal holds, where the bucket was made with object lock.

An object's state is read from its headers: Ceph gives the dates of the answers made for that in
a form that the SDK cannot read.
"""

from datetime import UTC, datetime

from minio.commonconfig import COMPLIANCE
from minio.error import S3Error
from minio.retention import Retention

from hoso.errors import RetentionImpossible
from hoso.storage.s3.bucket import Bucket

_UNTIL = "x-amz-object-lock-retain-until-date"
_HELD = "x-amz-object-lock-legal-hold"
_ON = "ON"
_NO_LOCK = {
    "ObjectLockConfigurationNotFoundError",
    "NoSuchObjectLockConfiguration",
    "InvalidRequest",
    "MethodNotAllowed",
    "NotImplemented",
}


def locks_objects(bucket: Bucket) -> bool:
    """Whether the bucket was made with object lock; it cannot be added later."""
    with bucket.translated():
        try:
            bucket.client.get_object_lock_config(bucket.name)
        except S3Error as fault:
            if fault.code in _NO_LOCK:
                return False
            raise
    return True


def retain(bucket: Bucket, sha256: str, until: datetime) -> None:
    """Promise the object until then, to the second; a longer promise stays.

    In compliance mode the server refuses to shorten what it has promised, to anybody: of two who
    promise at once, neither can undo the other.
    """
    promised = retained_until(bucket, sha256)
    if promised and promised >= until.replace(microsecond=0):
        return
    _needs_lock(bucket)
    with bucket.translated(sha256):
        bucket.client.set_object_retention(
            bucket.name, bucket.name_of(sha256), Retention(COMPLIANCE, until.astimezone(UTC))
        )


def retained_until(bucket: Bucket, sha256: str) -> datetime | None:
    """How long the object is promised to stay; None: no promise."""
    said = (bucket.head(sha256).metadata or {}).get(_UNTIL)
    return datetime.fromisoformat(said) if said else None


def hold(bucket: Bucket, sha256: str, *, on: bool) -> None:
    """Put a legal hold on the object, or lift it."""
    if is_held(bucket, sha256) == on:
        return
    _needs_lock(bucket)
    change = (
        bucket.client.enable_object_legal_hold if on else bucket.client.disable_object_legal_hold
    )
    with bucket.translated(sha256):
        change(bucket.name, bucket.name_of(sha256))


def is_held(bucket: Bucket, sha256: str) -> bool:
    """Whether a legal hold is on."""
    return (bucket.head(sha256).metadata or {}).get(_HELD) == _ON


def _needs_lock(bucket: Bucket) -> None:
    if not locks_objects(bucket):
        raise RetentionImpossible
