"""The one door for scans, whichever way they come: checked, inspected, kept, committed."""

from pathlib import Path

from hoso.scanner_ingest import intake
from hoso.scanner_ingest.intake import Claim, Receipt, WayIn
from hoso.wiring.archive import Archive


def take_in_file(
    archive: Archive, path: Path, name: str, *, way_in: WayIn, by: str, claim: Claim | None = None
) -> Receipt:
    """Take in the file `path`, called `name` by whoever sent it, and acknowledge it.

    When this returns, the bytes are in the store and the batch's row is committed; when it
    refuses, nothing is left of the file.
    """
    claim = claim or Claim()
    with archive.database.read() as session:
        intake.check(session, claim)
    incoming = intake.receive(path, name, inspect=archive.inspect, store=archive.store)
    with archive.database.write() as session:
        return intake.take_in(
            session,
            incoming,
            jobs=archive.jobs,
            way_in=way_in,
            by=by,
            at=archive.clock(),
            claim=claim,
        )
