"""Stored papers opened one by one, so that a report's figures rest on files and not on rows alone.

Each file is read whole and compared with its hash, and its pages are counted in a child process.
What is found is kept in `file_proof`, some files at a time: ended early, it can go on from there.
"""

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from hoso.db import insert_once
from hoso.dossier import savings_report, savings_rows
from hoso.dossier.period import Period
from hoso.dossier.savings_report import Doubt, Report
from hoso.dossier.tables import FileProof
from hoso.dossier.work import Workbench
from hoso.errors import FileRefused, ObjectMissing, WorkFailed
from hoso.imaging.pages import count_pages
from hoso.storage.hashing import copy_hashing

_COUNT_SECONDS = 60.0
_KEPT_AT_ONCE = 50
# What an interrupted proof has read within that time, a resumed one does not read again.
_RESUMED_WITHIN = timedelta(days=1)
# Papers may be attached while the others are opened: the next round opens those.
_ROUNDS = 3

Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Found:
    """What a file was found to be."""

    sha256: str
    doubt: Doubt | None
    pages: int | None = None


def files_to_prove(bench: Workbench, period: Period) -> int:
    """How many files the report on a period rests on."""
    with bench.database.snapshot() as session:
        return savings_rows.count_files(session, period)


def proved_report(
    bench: Workbench, period: Period, *, resume: bool = False, step: Step = lambda: None
) -> Report:
    """The report on a period after every file it rests on was opened.

    `resume`: but for those that an interrupted proof opened within a day.
    """
    begun = bench.clock()
    since = begun - _RESUMED_WITHIN if resume else begun
    for _ in range(_ROUNDS):
        prove(bench, period, since=since, step=step)
        report = take_report(bench, period)
        if not report.proof.unread:
            break
    return report


def take_report(bench: Workbench, period: Period) -> Report:
    """The report as the archive stands now, with what earlier proofs found."""
    with bench.database.snapshot() as session:
        return savings_report.make_report(session, period, at=bench.clock())


def prove(bench: Workbench, period: Period, *, since: datetime, step: Step = lambda: None) -> None:
    """Open every file of the period that was not opened since that moment."""
    with bench.scratch() as folder:
        for files in _waiting(bench, period, since):
            found = []
            for sha256 in files:
                found.append(examine_paper(bench, sha256, folder))
                step()
            with bench.database.write() as session:
                for each in found:
                    _keep(session, each, at=bench.clock())


def examine_paper(bench: Workbench, sha256: str, folder: Path) -> Found:
    """Read one stored paper: are its bytes its own, and how many pages has it?

    A store that does not answer keeps its own error: that says nothing about the file.
    """
    path = folder / f"{sha256}.pdf"
    try:
        with bench.store.open(sha256) as source, path.open("wb") as target:
            copied = copy_hashing(source, target)
        if copied.sha256 != sha256:
            return Found(sha256, Doubt.CHANGED)
        return Found(sha256, None, bench.try_isolated(count_pages, path, seconds=_COUNT_SECONDS))
    except ObjectMissing:
        return Found(sha256, Doubt.MISSING)
    except (FileRefused, WorkFailed):
        return Found(sha256, Doubt.NOT_A_PDF)
    except OSError as fault:
        if fault.errno != errno.EIO:
            raise
        return Found(sha256, Doubt.UNREADABLE)
    finally:
        path.unlink(missing_ok=True)


def _waiting(bench: Workbench, period: Period, since: datetime) -> Iterator[list[str]]:
    """Files to open, some at a time, each lot asked for in a transaction of its own."""
    last = None
    while True:
        with bench.database.read() as session:
            some = savings_rows.next_dossiers(session, period, after=last)
            if not some:
                return
            codes = [dossier.code for dossier in some]
            files = savings_rows.unproved_files(session, codes, since)
        for start in range(0, len(files), _KEPT_AT_ONCE):
            yield files[start : start + _KEPT_AT_ONCE]
        last = some[-1]


def _keep(session: Session, found: Found, *, at: datetime) -> None:
    facts = {"finding": found.doubt, "pages": found.pages, "proved_at": at}
    if not insert_once(session, FileProof, sha256=found.sha256, **facts):
        session.execute(update(FileProof).where(FileProof.sha256 == found.sha256).values(**facts))
