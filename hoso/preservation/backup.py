"""Backups: the rows of one moment, then every object they name, then the manifest.

In this order, because an object is in the store before any row names it, and stays there: whatever
the rows of that moment name can still be copied a while later. The manifest comes last; a backup
that was killed is none, and what it has copied is found by the next one.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.audit.log import AuditHead
from hoso.db import Table as OurTable
from hoso.dossier.work import Workbench
from hoso.preservation import checking
from hoso.preservation.checking import Step
from hoso.preservation.manifest import Manifest
from hoso.preservation.place import BackupPlace
from hoso.preservation.replicating import COPIED, LACKING, Wanted, copy_missing
from hoso.preservation.rows import Piece, Row, read_rows, rows_of, write_rows
from hoso.storage.fixity import Finding, examine
from hoso.storage.kept import KeptObject
from hoso.storage.store import ObjectStore

_LEFT_OUT = {
    "worker_beat",  # of processes that are gone
    "signed_in",  # who signed out since would be signed in again
    "file_proof",  # says something about this store alone
}
# What is younger may belong to something else that fills the same store: a replica.
_YOUNG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup, and how many objects it had to copy."""

    manifest: Manifest
    copied: int


def tables() -> list[Table]:
    """What is backed up: every table of ours, those pointed at before those that point.

    The job library's tables are not: the reconciler puts again what is missing. Whoever calls has
    imported every module that declares tables.
    """
    return [table for table in OurTable.metadata.sorted_tables if table.name not in _LEFT_OUT]


def make_backup(
    bench: Workbench, place: BackupPlace, *, by: str, step: Step = lambda: None
) -> Made:
    """Make one. Objects of which the archive itself has no good copy are named in it as lacking.

    That somebody took a copy is in the log before anything is read, and so in the copy as well.
    """
    place.make()
    with place.documents.alone():
        at = bench.clock()
        id_ = f"{at.astimezone(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
        checking.note_every_object(bench)
        with bench.database.write() as session:
            audit.record(session, "archive.backed_up", id_, actor=by, at=at)
        with bench.database.snapshot() as session:
            picture = _picture(session, place, id_, at)
        objects = wanted(picture.objects, place)
        copied, lacking = _copy(bench.store, place.objects, objects, step)
        made = replace(picture, lacking=tuple(lacking))
        place.keep(made)
    return Made(made, copied)


def verify(place: BackupPlace, manifest: Manifest, *, step: Step = lambda: None) -> dict[str, str]:
    """Read a whole backup again; gives what is wrong with which key, nothing when all is well."""
    wrong = {key: finding.value for key, finding in _damaged_pieces(place, manifest)}
    if any(piece.sha256 in wrong for piece in manifest.objects):
        return wrong  # which objects there should be cannot be known
    lacking = set(manifest.lacking)
    for sha256, size in wanted(manifest.objects, place):
        finding = None if sha256 in lacking else examine(place.objects, sha256, size)
        if finding:
            wrong[sha256] = finding.value
        step()
    return wrong


def prune(bench: Workbench, place: BackupPlace, *, keep: int) -> tuple[list[str], int]:
    """Drop all but the newest `keep` backups, then what none of these needs.

    Gives the dropped ids and how many objects and pieces were removed. A manifest that cannot be
    read ends it before anything is removed. Killed in the middle, the next one goes on.
    """
    with place.documents.alone():
        ids = place.ids()
        dropped, kept = ids[:-keep], [place.manifest(id_) for id_ in ids[-keep:]]
        pieces = {bytes.fromhex(piece.sha256) for each in kept for piece in each.pieces}
        objects = {
            bytes.fromhex(sha256) for each in kept for sha256, _ in wanted(each.objects, place)
        }
        for id_ in dropped:
            place.drop(id_)
        before = bench.clock() - _YOUNG
        removed = sum(
            store.remove(key, unless_put_since=before)
            for store, needed in ((place.objects, objects), (place.rows, pieces))
            for key in _keys(store)
            if bytes.fromhex(key) not in needed
        )
    return dropped, removed


def wanted(objects: Sequence[Piece], place: BackupPlace) -> Iterator[Wanted]:
    """The objects of a backup by key, a piece at a time."""
    return ((row["sha256"], row["size"]) for row in read_rows(objects, place.rows))


def damaged_piece(place: BackupPlace, manifest: Manifest) -> str | None:
    """The first piece of rows that is not right, if any."""
    return next((sha256 for sha256, _ in _damaged_pieces(place, manifest)), None)


def schema_of(session: Session) -> str:
    """The step the database is at."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def _picture(session: Session, place: BackupPlace, id_: str, at: datetime) -> Manifest:
    """Keep every row of this moment; what they name is not copied yet."""
    count, size = session.execute(select(func.count(), func.sum(KeptObject.size))).one()
    head = session.execute(select(AuditHead.number, AuditHead.hash)).one()
    return Manifest(
        id=id_,
        made_at=at,
        hoso=version("hoso"),
        schema=schema_of(session),
        tables={table.name: write_rows(rows_of(session, table), place.rows) for table in tables()},
        objects=write_rows(_objects(session), place.rows),
        object_count=count,
        object_bytes=int(size or 0),
        lacking=(),
        audit_number=head.number,
        audit_hash=head.hash,
    )


def _objects(session: Session) -> Iterator[Row]:
    query = select(KeptObject.sha256, KeptObject.size).order_by(KeptObject.sha256)
    for sha256, size in session.execute(query, execution_options={"yield_per": 500}):
        yield {"sha256": sha256, "size": size}


def _copy(
    source: ObjectStore, target: ObjectStore, objects: Iterator[Wanted], step: Step
) -> tuple[int, list[str]]:
    copied, lacking = 0, []
    for sha256, outcome in copy_missing(source, target, objects):
        copied += outcome == COPIED
        lacking += [sha256] if outcome == LACKING else []
        step()
    return copied, lacking


def _damaged_pieces(place: BackupPlace, manifest: Manifest) -> Iterator[tuple[str, Finding]]:
    for piece in manifest.pieces:
        finding = examine(place.rows, piece.sha256, piece.size)
        if finding:
            yield piece.sha256, finding


def _keys(store: ObjectStore) -> list[str]:
    """Keys as they are before anything is removed; a guest's file is none."""
    return list(filter(re.compile(r"[0-9a-f]{64}").fullmatch, store.keys()))
