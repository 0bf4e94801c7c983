"""The watched folder on an archive, for `hoso watch` and for `hoso serve`."""

from pathlib import Path

from hoso.scanner_ingest import intake
from hoso.scanner_ingest.intake import WayIn
from hoso.scanner_ingest.watch import WatchedFolder
from hoso.wiring import Archive


def watched_folder(archive: Archive, folder: Path) -> WatchedFolder:
    """A watched folder whose files go into this archive."""

    def take_in(path: Path, name: str) -> None:
        incoming = intake.receive(path, name, inspect=archive.inspect, store=archive.store)
        with archive.database.write() as session:
            intake.take_in(
                session,
                incoming,
                jobs=archive.jobs,
                way_in=WayIn.FOLDER,
                by="folder",
                at=archive.clock(),
            )

    return WatchedFolder(folder, take_in)
