"""An old archive taken in: each file of a manifest once, however often the command is ended.

What was taken is known by the file's own hash, so nothing is remembered but the rows themselves:
started again, the command passes over what is there and goes on. Files are looked at a few at a
time; rows are written one file after the other, with a rest after each.
"""

import hashlib
import os
import stat
import time
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from hoso.dossier import catalogue_store, dossiers, old_dossiers, owners
from hoso.dossier.tables import Dossier, Owner
from hoso.errors import (
    Conflict,
    DossierUnknown,
    FileUnreadable,
    HosoError,
    ManifestCellMissing,
    ManifestFileMissing,
    ManifestPathOutside,
    NotFound,
    OtherOwner,
    Refused,
)
from hoso.scanner_ingest import batches, intake
from hoso.scanner_ingest.intake import Claim, Incoming, WayIn
from hoso.scanner_ingest.manifest import Entry, Line
from hoso.scanner_ingest.tables import Batch
from hoso.wiring.archive import Archive

_CHUNK_BYTES: Final = 1024 * 1024
_AHEAD_PER_PROCESS: Final = 4
# The counter writes to the same database, and is to have it at least half of the time.
_LONGEST_REST_SECONDS: Final = 1.0


class Outcome(StrEnum):
    """What became of a line."""

    TAKEN = "taken"
    ALREADY = "already"
    REFUSED = "refused"
    WOULD_BE_TAKEN = "would_be_taken"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one line of the manifest; `batch` where the file is now."""

    line: int
    path: str
    outcome: Outcome
    batch: str = ""
    dossier: str = ""
    refusal: HosoError | None = None


@dataclass(frozen=True, slots=True)
class _Looked:
    """A line whose file was looked at; `incoming` is None when it is only tried."""

    line: Line
    entry: Entry
    component_type: str
    incoming: Incoming | None


class OldArchive:
    """A folder of files and what takes them in."""

    def __init__(self, archive: Archive, folder: Path, *, by: str, dry_run: bool = False) -> None:
        self._archive = archive
        self._folder = folder.resolve(strict=True)
        self._by = by
        self._dry_run = dry_run

    def take_in(self, lines: Iterable[Line], *, processes: int) -> Iterator[Answer]:
        """Every line's answer, in order, as soon as it is settled.

        Raises Unavailable when the store or the database is: what was answered before is kept.
        """
        ahead: deque[Future[Answer | _Looked]] = deque()
        with ThreadPoolExecutor(processes) as threads:
            for line in lines:
                ahead.append(threads.submit(self._look, line))
                if len(ahead) > processes * _AHEAD_PER_PROCESS:
                    yield self._settled(ahead.popleft().result())
            while ahead:
                yield self._settled(ahead.popleft().result())

    # One file -------------------------------------------------------------------------------

    def _look(self, line: Line) -> Answer | _Looked:
        """Find, hash and inspect a file, and keep its bytes; runs several at a time."""
        if isinstance(line.entry, HosoError):
            return _refused(line, line.entry)
        try:
            return self._looked(line, line.entry)
        except (Refused, NotFound, Conflict) as refusal:
            return _refused(line, refusal)

    def _looked(self, line: Line, entry: Entry) -> Answer | _Looked:
        path = located(self._folder, entry.path)
        with self._archive.database.read() as session:
            known = batches.of_sha256(session, _sha256(path))
            if known:
                return _already(line, known)
            kind = catalogue_store.type_called(session, entry.type)
            intake.check(session, Claim(component_type=kind.key))
            self._check_dossier(session, entry)
        if self._dry_run:
            self._archive.inspect(path, path.name)
            return _Looked(line, entry, kind.key, None)
        incoming = intake.receive(
            path, path.name, inspect=self._archive.inspect, store=self._archive.store
        )
        return _Looked(line, entry, kind.key, incoming)

    def _settled(self, found: Answer | _Looked) -> Answer:
        if isinstance(found, Answer):
            return found
        if found.incoming is None:
            return Answer(found.line.line, found.line.path, Outcome.WOULD_BE_TAKEN)
        begun = time.monotonic()
        try:
            return self._keep(found, found.incoming)
        except (Refused, NotFound, Conflict) as refusal:
            return _refused(found.line, refusal)
        finally:
            time.sleep(min(time.monotonic() - begun, _LONGEST_REST_SECONDS))

    def _keep(self, found: _Looked, incoming: Incoming) -> Answer:
        """Dossier, batch and job in one transaction."""
        entry, at = found.entry, self._archive.clock()
        with self._archive.database.write() as session:
            known = batches.of_sha256(session, incoming.stored.sha256)
            if known:  # the same bytes stand in the manifest twice
                return _already(found.line, known)
            dossier = self._dossier_for(session, entry)
            receipt = intake.take_in(
                session,
                incoming,
                jobs=self._archive.jobs,
                way_in=WayIn.BULK,
                by=self._by,
                at=at,
                claim=Claim(dossier.code, found.component_type, entry.number, entry.issued_on),
            )
        line = found.line
        return Answer(line.line, line.path, Outcome.TAKEN, receipt.batch_id, dossier.code)

    def _dossier_for(self, session: Session, entry: Entry) -> Dossier:
        known = self._check_dossier(session, entry)
        if known:
            return known
        assert entry.owner is not None  # noqa: S101  # checked by `_check_dossier`
        at = self._archive.clock()
        owner = owners.ensure(session, entry.owner.number, entry.owner.name, at=at)
        if entry.dossier:
            return old_dossiers.with_code(session, entry.dossier, owner, by=self._by, at=at)
        return old_dossiers.of_owner(session, owner, by=self._by, at=at)

    def _check_dossier(self, session: Session, entry: Entry) -> Dossier | None:
        """The dossier that the line names, if it is here; refuses one of somebody else's."""
        named = _named(session, entry)
        if entry.dossier is None:
            return None
        try:
            known = dossiers.by_code(session, str(entry.dossier))
        except DossierUnknown:
            if entry.owner is None:
                raise ManifestCellMissing(cell="owner_id") from None
            return None
        if entry.owner and not (named and owners.are_one(session, named.id, known.owner_id)):
            raise OtherOwner(dossier=known.code)
        return known


def _named(session: Session, entry: Entry) -> Owner | None:
    """The owner whom the line names, if anything of theirs is here."""
    if entry.owner is None:
        return None
    found = owners.find(session, entry.owner.number)
    owners.refuse_unknown_old(entry.owner.number, found)
    return found


def located(folder: Path, relative: str) -> Path:
    """The file of that name in a resolved folder, whichever way its letters are composed.

    Refuses links and whatever leads out of the folder: its bytes would be somebody else's.
    """
    for form in (relative, unicodedata.normalize("NFC", relative), _decomposed(relative)):
        path = folder / form
        try:
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as fault:  # a name too long, a folder that may not be entered
            raise ManifestFileMissing(path=relative) from fault
        if not stat.S_ISREG(found.st_mode) or path.resolve() != path:
            raise ManifestPathOutside(path=relative)
        return path
    raise ManifestFileMissing(path=relative)


def _decomposed(text: str) -> str:
    """As macOS writes names."""
    return unicodedata.normalize("NFD", text)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as source:
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as fault:
        raise FileUnreadable(name=path.name) from fault
    return digest.hexdigest()


def _already(line: Line, known: Batch) -> Answer:
    return Answer(line.line, line.path, Outcome.ALREADY, known.id, known.dossier_code or "")


def _refused(line: Line, refusal: HosoError) -> Answer:
    return Answer(line.line, line.path, Outcome.REFUSED, refusal=refusal)
