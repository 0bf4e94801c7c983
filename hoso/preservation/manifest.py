"""What a backup consists of: one document that names everything by its hash, itself included."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from hoso.errors import BackupDamaged
from hoso.preservation.rows import Piece

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup: a complete picture of the archive at a moment."""

    id: str
    made_at: datetime
    hoso: str  # the release that made it
    schema: str  # the database's step it was read at
    tables: Mapping[str, tuple[Piece, ...]]
    objects: tuple[Piece, ...]  # rows of key and size, by key
    object_count: int
    object_bytes: int
    lacking: tuple[str, ...]  # keys of which the archive had no good copy any more
    audit_number: int  # the log's end at that moment: a restored log must end here as well
    audit_hash: str

    @property
    def rows(self) -> int:
        """How many rows all tables have."""
        return sum(piece.rows for pieces in self.tables.values() for piece in pieces)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece of rows it needs."""
        of_tables = (piece for pieces in self.tables.values() for piece in pieces)
        return (*of_tables, *self.objects)


def as_bytes(manifest: Manifest) -> bytes:
    """The document, sealed with the hash of all it says."""
    said = {
        "format": _FORMAT,
        **asdict(manifest),
        "made_at": manifest.made_at.isoformat(),
    }
    return json.dumps({**said, "sha256": _seal(said)}, ensure_ascii=False, indent=1).encode()


def from_bytes(name: str, content: bytes) -> Manifest:
    """The manifest again; refuses one that is not what was written."""
    try:
        said = json.loads(content)
        seal = said.pop("sha256")
        if seal != _seal(said) or said.pop("format") != _FORMAT:
            raise BackupDamaged(backup=name, what="manifest")
        return Manifest(
            **{
                **said,
                "made_at": datetime.fromisoformat(said["made_at"]),
                "tables": {table: _pieces(pieces) for table, pieces in said["tables"].items()},
                "objects": _pieces(said["objects"]),
                "lacking": tuple(said["lacking"]),
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BackupDamaged(backup=name, what="manifest") from fault


def _pieces(said: list[dict[str, Any]]) -> tuple[Piece, ...]:
    return tuple(Piece(**piece) for piece in said)


def _seal(said: Mapping[str, Any]) -> str:
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
