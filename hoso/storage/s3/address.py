"""Where a bucket is, as `s3://bucket/prefix?endpoint=https://host&region=name` says it."""

from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import SplitResult, parse_qsl, urlsplit

from hoso.errors import SettingWrong

_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class S3Address:
    """A bucket on a server. `prefix` is empty or ends with a slash; `endpoint` is host:port."""

    endpoint: str
    secure: bool
    region: str
    bucket: str
    prefix: str


def parse_address(url: str, *, setting: str = "HOSO_STORAGE_URL") -> S3Address:
    """Read an address; raises SettingWrong, which never repeats the URL.

    Encrypted unless the endpoint itself says http://. The region is always known, so that the SDK
    does not ask the server for it first.
    """
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        server = urlsplit(options.pop("endpoint", ""))
        _ = server.port  # raises ValueError when it is no number
    except ValueError:
        _refuse(setting, "URL?")
    region = options.pop("region", _DEFAULT_REGION)
    if parts.username or parts.password or server.username or server.password:
        _refuse(setting, "HOSO_S3_ACCESS_KEY, HOSO_S3_SECRET_KEY")
    if not _is_bucket(parts) or options or parts.fragment:
        _refuse(setting, "s3://bucket?endpoint=https://…&region=…")
    if server.scheme not in {"http", "https"} or not server.hostname or server.path.strip("/"):
        _refuse(setting, "endpoint=https://host:port")
    prefix = parts.path.strip("/")
    return S3Address(
        endpoint=server.netloc,
        secure=server.scheme == "https",
        region=region,
        bucket=parts.netloc,
        prefix=f"{prefix}/" if prefix else "",
    )


def _is_bucket(parts: SplitResult) -> bool:
    return parts.scheme == "s3" and bool(parts.netloc) and ":" not in parts.netloc


def _refuse(setting: str, reason: str) -> NoReturn:
    raise SettingWrong(setting=setting, reason=reason)
