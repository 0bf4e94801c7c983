"""Empty places on the run's S3 server, and what a process needs to reach them."""

import uuid
from functools import cache

import pytest
from minio import Minio

from tests.servers.ceph import ceph, is_installed
from tests.servers.shared import Facts, shared_server


def s3_server() -> Facts:
    """The run's server; skips the test where Ceph is not installed (scripts/bootstrap does it)."""
    if not is_installed():
        pytest.skip("Ceph is not installed: scripts/bootstrap --tests")
    return shared_server("ceph", ceph)


def keys_of(server: Facts) -> dict[str, str]:
    """The environment that opens the server's doors."""
    return {
        "HOSO_S3_ACCESS_KEY": server["access_key"],
        "HOSO_S3_SECRET_KEY": server["secret_key"],
    }


def admin_of(server: Facts) -> Minio:
    """A client of the SDK's own, for what hoso itself never does."""
    return Minio(
        server["endpoint"].removeprefix("http://"),
        access_key=server["access_key"],
        secret_key=server["secret_key"],
        secure=False,
        region="us-east-1",
    )


def a_bucket(server: Facts, *, object_lock: bool = False) -> str:
    """The name of a new bucket."""
    name = f"hoso-{uuid.uuid4().hex[:12]}"
    admin_of(server).make_bucket(name, object_lock=object_lock)
    return name


def url_of(bucket: str, endpoint: str, *, prefix: str = "") -> str:
    """The address of a bucket at a server."""
    return f"s3://{bucket}/{prefix}?endpoint={endpoint}&region=us-east-1"


@cache
def bucket_of_this_process() -> str:
    """One bucket for all tests of this process that take a folder each in it."""
    return a_bucket(s3_server())


def an_empty_place() -> str:
    """The address of a place with nothing in it, in a bucket that others use, too."""
    server = s3_server()
    bucket = bucket_of_this_process()
    return url_of(bucket, server["endpoint"], prefix=uuid.uuid4().hex)
