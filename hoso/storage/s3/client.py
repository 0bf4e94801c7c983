"""The SDK's client: time-outs, few retries, and one pool of connections that threads share."""

import logging
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from minio import Minio
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Retry, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection

from hoso.errors import SettingWrong
from hoso.storage.s3.address import S3Address

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
_CONNECTIONS = 32
# It would write a line for every retry; the courier says once that the server is away.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class S3Access:
    """Who we are to the server, and whom we trust to be it (default: the system's authorities)."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    ca_file: Path | None = None


def open_client(address: S3Address, access: S3Access) -> Minio:
    """A client for one process. Speaks to nobody yet."""
    return Minio(
        address.endpoint,
        access_key=access.access_key,
        secret_key=access.secret_key,
        secure=address.secure,
        region=address.region,
        http_client=_pool(access.ca_file),
    )


def _pool(ca_file: Path | None) -> PoolManager:
    pool = PoolManager(
        maxsize=_CONNECTIONS,
        timeout=Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        # One more try for each kind of fault: who asked decides what comes after that. A server
        # that says how long to wait is not obeyed, or it could hold a counter for hours.
        retries=Retry(
            total=2,
            connect=1,
            read=1,
            status=2,
            backoff_factor=0.2,
            status_forcelist=[500, 502, 503, 504],
            raise_on_status=False,
            respect_retry_after_header=False,
        ),
        ssl_context=_trust(ca_file),
    )
    pool.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return pool


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as fault:  # ssl.SSLError is one, too: the file is there and holds no certificate
        reason = fault.strerror or type(fault).__name__
        raise SettingWrong(setting="HOSO_S3_CA_CERTIFICATE", reason=reason) from fault


class _InPieces:
    """Sends a body in pieces, each within the connect time-out.

    CPython's `sendall` counts its time-out over the whole body: 8 MiB would have to be through in
    five seconds, which an office's uplink does not manage.
    """

    def send(self, data: Any) -> None:
        deliver = cast("Any", super()).send
        if not isinstance(data, bytes):
            deliver(data)
            return
        whole = memoryview(data)
        for start in range(0, len(whole), _PIECE_BYTES):
            deliver(whole[start : start + _PIECE_BYTES])


class _Connection(_InPieces, HTTPConnection):
    pass


class _TlsConnection(_InPieces, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
