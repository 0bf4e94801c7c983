"""So many dossiers of six scanned pages taken in, read and archived, as a worker does it.

`python -m bench.dossier_work FOLDER DOSSIERS`; prints as JSON the bytes that came to lie in the
object store and in the database. What it costs in CPU is for the caller to measure.
"""

import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from sqlalchemy import text

from bench.filled import an_archive, receive_dossiers
from bench.stack import a_stack
from hoso.dossier import dossiers
from hoso.scanner_ingest.intake import Claim, WayIn
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from hoso.wiring.works import Works
from tests.paper.stack import ScanPage, write_pdf

PAGES_A_DOSSIER = 6
_PAPERS = ("birth_attestation", "marriage_certificate")  # three pages each
_PROCEDURE = "1.001193"
_MOST_SECONDS = 1800.0


def main() -> None:
    """Do the work and print what it left."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    with an_archive(folder) as archive:
        pages = cycle(page.scan for page in a_stack(quick=True))
        codes = [dossier.code for dossier in receive_dossiers(archive, [_PROCEDURE] * count)]
        for code in codes:
            _take_in(archive, code, pages, folder)
        works = Works(archive)
        works.start()
        _wait(archive, codes)
        works.stop()
        print(json.dumps({"objects": _bytes_of_objects(archive), "rows": _bytes_of_rows(archive)}))


def _take_in(archive: Archive, code: str, pages: Iterator[ScanPage], folder: Path) -> None:
    for kind in _PAPERS:
        path = folder / f"{code}-{kind}.pdf"
        write_pdf([next(pages) for _ in range(PAGES_A_DOSSIER // len(_PAPERS))], path)
        take_in_file(
            archive, path, path.name, way_in=WayIn.COMMAND, by="bench", claim=Claim(code, kind)
        )
        path.unlink()


def _wait(archive: Archive, codes: list[str]) -> None:
    """Until every dossier's papers lie in one file."""
    give_up = time.monotonic() + _MOST_SECONDS
    waiting = list(codes)
    while waiting and time.monotonic() < give_up:
        time.sleep(0.5)
        with archive.database.read() as session:
            waiting = [
                code for code in waiting if not dossiers.by_code(session, code).bundle_sha256
            ]
    if waiting:
        sys.exit(f"{len(waiting)} dossiers were not finished in {_MOST_SECONDS:.0f} s")


def _bytes_of_objects(archive: Archive) -> int:
    return sum(map(archive.store.size, archive.store.keys()))


def _bytes_of_rows(archive: Archive) -> int:
    with archive.database.read() as session:
        facts = ("page_count", "freelist_count", "page_size")
        pages, free, size = (session.scalar(text(f"PRAGMA {fact}")) or 0 for fact in facts)
    return int((pages - free) * size)


if __name__ == "__main__":
    main()
