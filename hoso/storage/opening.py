"""Choosing an object store by its address."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from hoso.errors import SettingWrong, StorageUrlUnknown
from hoso.settings import Settings, load_settings
from hoso.storage.disk import DiskStore
from hoso.storage.documents import Documents, FolderDocuments
from hoso.storage.store import ObjectStore

if TYPE_CHECKING:
    from hoso.storage.s3.client import S3Access


def open_store(
    url: str, settings: Settings | None = None, *, spooling: bool = False
) -> ObjectStore:
    """The store at `file:/some/folder` or `s3://bucket?endpoint=…`; asks no server yet.

    An S3 store takes its keys and the room for copies from the settings (default: those of the
    environment). `spooling`: what is put there is safe in the data folder while the server is away.
    """
    kind, _, place = url.partition(":")
    if kind == "file" and place:
        return DiskStore(Path(place.removeprefix("//")))
    if kind == "s3":
        return _open_s3(url, settings or load_settings(), spooling=spooling)
    raise StorageUrlUnknown(kind=kind)


def _open_s3(url: str, settings: Settings, *, spooling: bool) -> ObjectStore:
    # Only an archive that keeps objects on a server need load what speaks to one.
    from hoso.storage.copies import Copies  # noqa: PLC0415
    from hoso.storage.s3.address import parse_address  # noqa: PLC0415
    from hoso.storage.s3.store import S3Store  # noqa: PLC0415
    from hoso.storage.spooling import SpoolingStore  # noqa: PLC0415

    copies = Copies(settings.data_dir / "copies", most_bytes=settings.s3_cache_bytes)
    far = S3Store(parse_address(url), _access(settings), copies=copies)
    return SpoolingStore(far, settings.data_dir / "spool") if spooling else far


def open_documents(url: str) -> Documents:
    """The named documents at `file:/some/folder` or `s3://bucket/prefix?endpoint=…`."""
    kind, _, place = url.partition(":")
    if kind == "file" and place:
        return FolderDocuments(Path(place.removeprefix("//")))
    if kind == "s3":
        from hoso.storage.s3.address import parse_address  # noqa: PLC0415  # as above
        from hoso.storage.s3.bucket import Bucket  # noqa: PLC0415
        from hoso.storage.s3.documents import BucketDocuments  # noqa: PLC0415

        return BucketDocuments(Bucket.at(parse_address(url), _access(load_settings())))
    raise StorageUrlUnknown(kind=kind)


def within(url: str, name: str) -> str:
    """The address of a place inside another: `s3://bucket/a?region=x` → `s3://bucket/a/name?…`."""
    place, mark, query = url.partition("?")
    return f"{place.rstrip('/')}/{name}{mark}{query}"


def _access(settings: Settings) -> "S3Access":
    from hoso.storage.s3.client import S3Access  # noqa: PLC0415  # as above

    return S3Access(
        access_key=_secret("HOSO_S3_ACCESS_KEY", settings.s3_access_key),
        secret_key=_secret("HOSO_S3_SECRET_KEY", settings.s3_secret_key),
        ca_file=settings.s3_ca_certificate,
    )


def _secret(setting: str, value: SecretStr | None) -> str:
    if value is None or not value.get_secret_value():
        raise SettingWrong(setting=setting, reason="missing")
    return value.get_secret_value()
