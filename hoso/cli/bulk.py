"""Taking an old archive in from the command line: the manifest opened, the report written."""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from hoso.cli.opening import opened_archive, read_settings
from hoso.cli.output import actor, progress
from hoso.clock import local_date
from hoso.errors import ManifestUnreadable
from hoso.scanner_ingest.manifest import count_lines, read_manifest
from hoso.wiring.bulk import Answer, OldArchive, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HEADING = ("line", "path", "outcome", "code", "why", "batch", "dossier")
# A counter may work on the same machine: everything of its is more urgent.
_NICENESS = 10


def take_in_archive(
    folder: Path, manifest: Path, report: Path, *, dry_run: bool
) -> dict[Outcome, int]:
    """Take in every file of the manifest; gives how many had which outcome.

    The report names each line that was refused, with its reason, or was here already.
    """
    os.nice(_NICENESS)
    settings = read_settings()
    processes = max(settings.page_processes // 2, 1)
    counted: Counter[Outcome] = Counter(dict.fromkeys(Outcome, 0))
    with (
        _opened(manifest) as text,
        _written(report) as write,
        opened_archive(settings=settings, processes=processes) as archive,
        progress("ingest --bulk", _count(manifest)) as step,
    ):
        lines = read_manifest(text, today=local_date(archive.clock()))
        old = OldArchive(archive, folder, by=actor(), dry_run=dry_run)
        for answer in old.take_in(lines, processes=processes):
            counted[answer.outcome] += 1
            if answer.outcome in {Outcome.REFUSED, Outcome.ALREADY}:
                write(answer)
            step()
    return dict(counted)


def _count(manifest: Path) -> int:
    with _opened(manifest) as text:
        return count_lines(text)


@contextmanager
def _opened(manifest: Path) -> Iterator[IO[str]]:
    """The manifest as text; raises ManifestUnreadable when it is in no Unicode.

    Excel writes UTF-8 with a mark, or UTF-16 when asked for “Unicode text”.
    """
    with manifest.open("rb") as raw:
        encoding = "utf-16" if raw.read(2) in _UTF16_MARKS else "utf-8-sig"
    try:
        with manifest.open(encoding=encoding, newline="") as text:
            yield text
    except (UnicodeError, csv.Error) as fault:
        raise ManifestUnreadable(name=manifest.name) from fault


@contextmanager
def _written(report: Path) -> "Iterator[Callable[[Answer], None]]":
    """The report, each line on the disk as soon as it is said; Excel opens it by its mark."""
    with report.open("w", encoding="utf-8-sig", newline="", buffering=1) as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(_HEADING)

        def write(answer: Answer) -> None:
            refusal = answer.refusal
            said = (refusal.code, refusal.sentence("vi")) if refusal else ("", "")
            row = (answer.line, answer.path, answer.outcome, *said, answer.batch, answer.dossier)
            out.writerow(row)

        yield write
