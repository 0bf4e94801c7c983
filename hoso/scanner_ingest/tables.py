"""The batch: one raw file as it came in, kept untouched."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from hoso.db import Moment, Table


class Batch(Table):
    """One file taken in. `source` is the PDF that its pages are read from."""

    __tablename__ = "batch"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(10))  # pdf | tiff | jpeg | png | webp
    pages: Mapped[int] = mapped_column(Integer)
    signed: Mapped[bool]
    notices: Mapped[list[Any]] = mapped_column(JSON)
    way_in: Mapped[str] = mapped_column(String(20))  # upload | command | folder
    taken_in_by: Mapped[str] = mapped_column(String(80))
    taken_in_at: Mapped[datetime] = mapped_column(Moment, index=True)
    dossier_code: Mapped[str | None] = mapped_column(String(40), index=True)
    component_type: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20), index=True)  # taken_in|sorted|finished|set_aside
    source: Mapped[str | None] = mapped_column(String(64), index=True)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    failure: Mapped[str | None] = mapped_column(String(500))
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
