"""Turns what the SDK and its HTTP library raise into errors of ours, each with its own cause."""

from collections.abc import Iterator
from contextlib import contextmanager

from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3 import exceptions as http

from hoso.errors import (
    HosoError,
    ObjectMissing,
    StoreBusy,
    StoreCertificateRefused,
    StoreDenied,
    StoreFull,
    StorePlaceMissing,
    StoreUnexpected,
    StoreUnreachable,
)

_DENIED = {
    "AccessDenied",
    "AllAccessDisabled",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
}
_FULL = {"EntityTooLarge", "InsufficientCapacity", "QuotaExceeded", "XMinioStorageFull"}
_BUSY = {"InternalError", "RequestTimeout", "ServiceUnavailable", "SlowDown", "OperationAborted"}
_FIRST_SERVER_FAULT = 500


@contextmanager
def translated(*, bucket: str, sha256: str = "") -> Iterator[None]:
    """Only a server that answers "no such object" makes ObjectMissing."""
    try:
        yield
    except S3Error as fault:
        raise _said_by_server(fault, bucket, sha256) from fault
    except (MinioException, http.HTTPError) as fault:
        raise _broken(fault) from fault


def is_missing(fault: S3Error) -> bool:
    """The server answers, and has no object of that name (or, to a HEAD, no such bucket)."""
    return fault.code in {"NoSuchKey", "NoSuchVersion"}


def _said_by_server(fault: S3Error, bucket: str, sha256: str) -> HosoError:
    code = fault.code or ""
    if is_missing(fault):
        return ObjectMissing(sha256=sha256)
    if code == "NoSuchBucket":
        return StorePlaceMissing(bucket=bucket)
    if code in _DENIED:
        return StoreDenied(bucket=bucket, reason=code)
    if code in _FULL:
        return StoreFull()
    if code in _BUSY or fault.response.status >= _FIRST_SERVER_FAULT:
        return StoreBusy(reason=code)
    return StoreUnexpected(reason=code or fault.response.status)


def _broken(fault: MinioException | http.HTTPError) -> HosoError:
    """What no S3 server says in its own words. Never a URL: only the kind of fault is repeated."""
    if isinstance(fault, http.MaxRetryError) and isinstance(fault.reason, http.HTTPError):
        fault = fault.reason
    if isinstance(fault, ServerError | InvalidResponseError):
        status = fault.status_code if isinstance(fault, ServerError) else _status(fault)
        kind = StoreBusy if status >= _FIRST_SERVER_FAULT else StoreUnexpected
        return kind(reason=f"HTTP {status}")
    if isinstance(fault, http.SSLError):
        return StoreCertificateRefused(reason=_certificate_fault(fault))
    return StoreUnreachable(reason=_WORDS.get(type(fault), type(fault).__name__))


_WORDS: dict[type[BaseException], str] = {
    http.NameResolutionError: "unknown host",
    http.NewConnectionError: "connection refused",
    http.ConnectTimeoutError: "no connection in time",
    http.ReadTimeoutError: "no answer in time",
    http.ProtocolError: "connection lost",
    http.IncompleteRead: "connection lost",
}


def _status(fault: InvalidResponseError) -> int:
    return int(fault._code)  # noqa: SLF001  # the SDK keeps the status nowhere else


def _certificate_fault(fault: http.SSLError) -> str:
    inner = fault.args[0] if fault.args else None
    return getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or "TLS"
