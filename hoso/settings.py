"""Every setting, from the environment with the prefix HOSO_ (and _FILE for secrets)."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LogFormat = Literal["text", "json"]
"""A line for people, or one JSON document a line for programs."""

EngineKind = Literal["pytesseract", "tesserocr"]
"""The two ways to Tesseract: a program for each page, or a library in the page's process."""

MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """What an office may choose. Each field's description is its documentation."""

    model_config = SettingsConfigDict(env_prefix="HOSO_", extra="ignore")

    data_dir: Path = Field(
        Path("hoso-data"), description="Folder for the database, the objects and the work in hand."
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy URL, e.g. postgresql://hoso@db/hoso. Empty: SQLite in the data "
        "folder (hoso.db).",
    )
    database_connections: int = Field(
        10,
        description="Most connections a process keeps to PostgreSQL for writing, and as many again "
        "for reading.",
        ge=2,
        le=500,
    )
    storage_url: str = Field(
        "",
        description="Where objects are kept: file:/srv/hoso, or "
        "s3://bucket/prefix?endpoint=https://server&region=name. Empty: in the data folder.",
    )
    s3_access_key: SecretStr | None = Field(
        None, description="Access key of the S3 server. Better: HOSO_S3_ACCESS_KEY_FILE."
    )
    s3_secret_key: SecretStr | None = Field(
        None, description="Secret key of the S3 server. Better: HOSO_S3_SECRET_KEY_FILE."
    )
    s3_ca_certificate: Path | None = Field(
        None,
        description="PEM file of the S3 server's certificate authority. Empty: the system's.",
    )
    s3_cache_bytes: int = Field(
        2048 * MEBIBYTE,
        description="Most room for copies of S3 objects in the data folder, in bytes.",
        ge=0,
    )
    s3_direct_downloads: bool = Field(
        False,
        description="Send readers of files to the S3 server itself, by links of five minutes. "
        "Their browsers must reach it.",
    )
    replica_url: str = Field(
        "",
        description="A second store, e.g. file:/mnt/nas/objects: `hoso replicate` fills it, and "
        "damaged objects are put right from it. Empty: none.",
    )
    fixity_days: int = Field(
        90,
        description="Days within which the worker reads every kept object again.",
        ge=1,
        le=3650,
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8480, description="Port the web server listens on.", ge=0, le=65535)
    public_url: str = Field(
        "http://127.0.0.1:8480",
        description="Address citizens reach; it stands in the tracking QR of every slip.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of the proxies before hoso, with commas. What they say "
        "in X-Forwarded-For is believed when wrong passwords are counted by address.",
    )
    secure_cookies: bool = Field(
        False, description="Send session cookies over HTTPS only. Switch on behind TLS."
    )
    session_hours: int = Field(
        12, description="Hours after which a signed-in page must sign in again.", ge=1, le=168
    )
    max_upload_bytes: int = Field(
        512 * MEBIBYTE, description="Largest file taken in, in bytes.", ge=1
    )
    max_pages: int = Field(5000, description="Most pages one file may have.", ge=1)
    max_page_pixels: int = Field(
        150_000_000,
        description="Most pixels one page image may have (A3 at 600 dpi colour is 70 million).",
        ge=1,
    )
    processes: int = Field(
        0, description="Pages recognised at once. 0: one per core.", ge=0, le=256
    )
    worker_niceness: int = Field(
        10,
        description="How far `hoso work` steps back for others on its machine: 0 not at all, 19 "
        "most. The counter stays quick while pages are read.",
        ge=0,
        le=19,
    )
    page_timeout_seconds: float = Field(
        60.0, description="Longest a page may take to be recognised; it is kept without text.", gt=0
    )
    page_memory_bytes: int = Field(
        2048 * MEBIBYTE, description="Most memory the work on one page may claim, in bytes.", ge=1
    )
    attempts: int = Field(
        3, description="Times a page or file is tried before it is set aside.", ge=1, le=100
    )
    ocr_engine: EngineKind = Field(
        "pytesseract",
        description="Who reads: `pytesseract` starts Tesseract for each page; `tesserocr` keeps it "
        "in memory, needs a quarter less work and `pip install hoso[fast]`.",
    )
    ocr_language: str = Field("vie", description="Tesseract language data to read with.")
    tessdata_dir: Path | None = Field(
        None, description="Folder of Tesseract language data. Empty: Tesseract's own."
    )
    watch_dir: Path | None = Field(
        None, description="Folder that `hoso watch` and `hoso serve` take scans in from."
    )
    watch_polling: bool = Field(
        False, description="Look into the watched folder by polling (network shares)."
    )
    log_level: str = Field(
        "INFO",
        description="Least severity that is logged: DEBUG, INFO, WARNING or ERROR.",
        pattern="^(?i:debug|info|warning|error)$",
    )
    log_format: LogFormat = Field(
        "text", description="How it is logged: `text` for people, `json` for programs."
    )
    metrics_token: SecretStr | None = Field(
        None,
        description="Token that lets a program on another machine read `/metrics`. Empty: this "
        "machine only. Better: HOSO_METRICS_TOKEN_FILE.",
    )

    @model_validator(mode="after")
    def _fill_from_data_dir(self) -> Self:
        self.data_dir = self.data_dir.expanduser().resolve()
        self.database_url = self.database_url or f"sqlite:///{self.data_dir / 'hoso.db'}"
        self.storage_url = self.storage_url or f"file:{self.data_dir / 'objects'}"
        return self

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        _networks(value)
        return value

    @property
    def proxies(self) -> list[IPv4Network | IPv6Network]:
        """The networks of the trusted proxies."""
        return _networks(self.trusted_proxies)

    @property
    def page_processes(self) -> int:
        """How many pages are worked on at once."""
        if self.processes:
            return self.processes
        # macOS cannot say which cores this process may use.
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(each.strip()) for each in text.split(",") if each.strip()]


def load_settings() -> Settings:
    """Settings from the environment; `HOSO_DATABASE_URL_FILE` and its like name files to read."""
    from_files: dict[str, Any] = {
        name.removeprefix("HOSO_").removesuffix("_FILE").lower(): Path(path).read_text().strip()
        for name, path in os.environ.items()
        if name.startswith("HOSO_") and name.endswith("_FILE")
    }
    return Settings(**from_files)
