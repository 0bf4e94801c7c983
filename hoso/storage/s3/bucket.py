"""One bucket: the SDK's client, the names of objects in it, and faults said in our words."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from minio import Minio
from minio.datatypes import Object
from minio.error import S3Error

from hoso.errors import ObjectMissing, StorePlaceMissing
from hoso.storage.s3.address import S3Address
from hoso.storage.s3.client import S3Access, open_client
from hoso.storage.s3.faults import is_missing, translated
from hoso.storage.store import is_key


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where objects are, and how to speak to it."""

    client: Minio
    name: str
    prefix: str

    @classmethod
    def at(cls, address: S3Address, access: S3Access) -> "Bucket":
        """The bucket of an address. Nobody is asked yet whether it is there."""
        return cls(open_client(address, access), address.bucket, address.prefix)

    def name_of(self, sha256: str) -> str:
        """An object's name; raises ObjectMissing for what cannot be a key."""
        if not is_key(sha256):
            raise ObjectMissing(sha256=sha256)
        return self.prefix + sha256

    def translated(self, sha256: str = "") -> AbstractContextManager[None]:
        """Faults inside the block become errors of ours."""
        return translated(bucket=self.name, sha256=sha256)

    def head_if_there(self, sha256: str) -> Object | None:
        """An object's headers; None where there is no such object, or no such bucket."""
        name = self.name_of(sha256)
        with self.translated(sha256):
            try:
                return self.client.stat_object(self.name, name)
            except S3Error as fault:
                if is_missing(fault):
                    return None
                raise

    def head(self, sha256: str) -> Object:
        """An object's headers; raises ObjectMissing where the bucket is there and it is not."""
        found = self.head_if_there(sha256)
        if found is not None:
            return found
        # A HEAD has no body in which the server could say that it is the bucket that is missing.
        with self.translated():
            if not self.client.bucket_exists(self.name):
                raise StorePlaceMissing(bucket=self.name)
        raise ObjectMissing(sha256=sha256)
