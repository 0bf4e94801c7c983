"""The watched folder on an archive, for `hoso watch` and for `hoso serve`."""

from pathlib import Path

from hoso.scanner_ingest.intake import WayIn
from hoso.scanner_ingest.watch import WatchedFolder
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file


def watched_folder(archive: Archive, folder: Path) -> WatchedFolder:
    """A watched folder whose files go into this archive."""

    def take_in(path: Path, name: str) -> None:
        take_in_file(archive, path, name, way_in=WayIn.FOLDER, by="folder")

    return WatchedFolder(folder, take_in)
