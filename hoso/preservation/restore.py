"""Restoring a backup into an empty archive, of the same kind or another.

Objects first, as when a file is taken in; then every row in one transaction. Killed before its
commit, the archive is as empty as it was, and the next try finds the objects that came already.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from sqlalchemy import Table, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import is_sqlite, take_time
from hoso.dossier import attachments, owner_names, page_index
from hoso.dossier.tables import Attachment, Dossier, OwnerName, Page
from hoso.dossier.work import Workbench
from hoso.errors import ArchiveNotEmpty, BackupDamaged, BackupOfOtherRelease
from hoso.preservation import protecting
from hoso.preservation.backup import damaged_piece, schema_of, tables, wanted
from hoso.preservation.checking import Step
from hoso.preservation.manifest import Manifest
from hoso.preservation.place import BackupPlace
from hoso.preservation.replicating import LACKING, copy_missing
from hoso.preservation.rows import Piece, read_rows, values_of
from hoso.storage import kept
from hoso.storage.fixity import Finding

_AT_ONCE = 500
# A bundle that was waiting to be written again when the backup was made: its job is not restored.
_BUNDLED_ANEW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; `first_broken` is the first entry of the log that does not fit."""

    rows: int
    objects: int
    lacking: tuple[str, ...]
    first_broken: int | None


def restore(
    bench: Workbench,
    place: BackupPlace,
    manifest: Manifest,
    *,
    by: str,
    step: Step = lambda: None,
) -> Restored:
    """Restore a backup; refuses a damaged one, and an archive that has rows."""
    with bench.database.read() as session:
        _refuse_other_release(session, manifest)
        _refuse_unless_empty(session)
    damaged = damaged_piece(place, manifest)
    if damaged:
        raise BackupDamaged(backup=manifest.id, what=damaged)
    _copy_objects(bench, place, manifest, step)
    with bench.database.write() as session:
        take_time(session)
        _refuse_unless_empty(session)
        for table in tables():
            _insert(session, table, manifest.tables.get(table.name, ()), place)
            _continue_counting(session, table)
        _index_pages(session)
        _index_names(session)
        _put_bundles(bench, session, manifest)
        protecting.protect_everything(bench, session)
        for sha256 in manifest.lacking:
            kept.found(session, sha256, Finding.MISSING, at=bench.clock())
        first_broken = audit.verify(session)
        audit.record(
            session, "archive.restored", manifest.id, actor=by, at=bench.clock(),
            made_at=manifest.made_at.isoformat(), log_ended_at=manifest.audit_number,
        )  # fmt: skip
    return Restored(manifest.rows, manifest.object_count, manifest.lacking, first_broken)


def _refuse_other_release(session: Session, manifest: Manifest) -> None:
    here = schema_of(session)
    if manifest.schema != here:
        raise BackupOfOtherRelease(theirs=manifest.hoso, their_schema=manifest.schema, schema=here)


def _refuse_unless_empty(session: Session) -> None:
    for table in tables():
        if session.scalar(select(literal(1)).select_from(table).limit(1)):
            raise ArchiveNotEmpty(table=table.name)


def _copy_objects(bench: Workbench, place: BackupPlace, manifest: Manifest, step: Step) -> None:
    known = set(manifest.lacking)
    for sha256, outcome in copy_missing(
        place.objects, bench.store, wanted(manifest.objects, place)
    ):
        if outcome == LACKING and sha256 not in known:
            raise BackupDamaged(backup=manifest.id, what=sha256)
        step()


def _insert(session: Session, table: Table, pieces: Iterable[Piece], place: BackupPlace) -> None:
    values = map(values_of(table), read_rows(pieces, place.rows))
    while some := list(islice(values, _AT_ONCE)):
        session.execute(insert(table), some)


def _continue_counting(session: Session, table: Table) -> None:
    """Have PostgreSQL number new rows after the restored ones; SQLite looks by itself."""
    if is_sqlite(session):
        return
    for column in table.primary_key.columns:
        if column.autoincrement is True:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            session.execute(select(func.setval(sequence, func.max(column))))


def _index_pages(session: Session) -> None:
    for pages in _pages_with_words(session):
        for page in pages:
            page_index.index(session, page)
        session.expire_all()


def _index_names(session: Session) -> None:
    for name in session.scalars(select(OwnerName).execution_options(yield_per=_AT_ONCE)):
        owner_names.index(session, name)


def _pages_with_words(session: Session) -> Iterator[list[Page]]:
    last = 0
    while True:
        query = select(Page).where(Page.id > last, Page.text != "").order_by(Page.id)
        some = list(session.scalars(query.limit(_AT_ONCE)))
        if not some:
            return
        last = some[-1].id
        yield some


def _put_bundles(bench: Workbench, session: Session, manifest: Manifest) -> None:
    """Have those bundles written that the reconciler does not know to be missing."""
    lately = Attachment.attached_at > manifest.made_at - _BUNDLED_ANEW
    query = select(Dossier.code).join(Attachment, Attachment.dossier_code == Dossier.code)
    waiting = query.where(or_(Dossier.bundle_sha256.is_(None), lately)).distinct()
    for code in list(session.scalars(waiting)):
        attachments.papers_changed(session, bench.jobs, code)
