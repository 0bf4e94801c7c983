"""Rows as JSON lines in compressed pieces, kept under their hash: the same in every database.

A table is cut in the order of its key, so that what is only ever added leaves the earlier pieces as
they were: the next backup finds them kept already.
"""

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Date, Table, select
from sqlalchemy.orm import Session

from hoso.db import Moment
from hoso.storage.fixity import checked
from hoso.storage.store import ObjectStore

_MOST_ROWS = 5_000
_MOST_BYTES = 4 * 1024 * 1024
_FETCHED_AT_ONCE = 500

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows, compressed: its hash and size, and how many rows."""

    sha256: str
    size: int
    rows: int


def write_rows(rows: Iterable[Row], store: ObjectStore) -> tuple[Piece, ...]:
    """Keep rows in pieces; the same rows make the same pieces."""
    return tuple(
        Piece((stored := store.put(io.BytesIO(_packed(lines)))).sha256, stored.size, len(lines))
        for lines in _in_pieces(rows)
    )


def read_rows(pieces: Iterable[Piece], store: ObjectStore) -> Iterator[dict[str, Any]]:
    """The rows again, a piece at a time. Raises ObjectDamaged and ObjectMissing."""
    for piece in pieces:
        with store.open(piece.sha256) as source, checked(source, piece.sha256) as sound:
            packed = sound.read()
        for line in gzip.decompress(packed).splitlines():
            yield json.loads(line)


def rows_of(session: Session, table: Table) -> Iterator[Row]:
    """Every row of a table in the order of its key, values as JSON knows them."""
    query = select(table).order_by(*table.primary_key.columns)
    found = session.execute(query, execution_options={"yield_per": _FETCHED_AT_ONCE})
    names = [column.name for column in table.columns]
    for row in found:
        yield dict(zip(names, map(_as_json, row), strict=True))


def values_of(table: Table) -> Callable[[Row], dict[str, Any]]:
    """Makes a table's values of a row as it was written."""
    readers = {column.name: _reader(column) for column in table.columns}

    def values(row: Row) -> dict[str, Any]:
        return {
            name: None if (value := row[name]) is None else read(value)
            for name, read in readers.items()
        }

    return values


def _in_pieces(rows: Iterable[Row]) -> Iterator[Sequence[bytes]]:
    lines: list[bytes] = []
    size = 0
    for row in rows:
        lines.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        size += len(lines[-1])
        if len(lines) == _MOST_ROWS or size >= _MOST_BYTES:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _packed(lines: Sequence[bytes]) -> bytes:
    # Without the time of day, or the same rows would make other bytes each night.
    return gzip.compress(b"\n".join(lines) + b"\n", compresslevel=6, mtime=0)


def _as_json(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
    return value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, Moment):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    return lambda value: value
