"""Where backups lie: a folder or another store, holding objects, rows and one manifest each.

`objects` is an ordinary object store: it can serve as HOSO_REPLICA_URL, too.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Final

from hoso.errors import BackupNone, BackupUnknown
from hoso.preservation import manifest as manifests
from hoso.preservation.manifest import Manifest
from hoso.storage.opening import open_documents, open_store, within
from hoso.storage.store import ObjectStore

_ENDING: Final = ".json"
_IS_URL = re.compile(r"[a-z][a-z0-9+]+:").match


class BackupPlace:
    """The backups in one folder or at one address such as `s3://bucket/backups?…`."""

    def __init__(self, address: str) -> None:
        self._url = address if _IS_URL(address) else f"file:{Path(address).resolve()}"
        self.name = address.partition("?")[0]
        self.documents = open_documents(within(self._url, "snapshots"))

    @cached_property
    def objects(self) -> ObjectStore:
        """The archive's objects, each once for all backups."""
        return open_store(within(self._url, "objects"))

    @cached_property
    def rows(self) -> ObjectStore:
        """Pieces of tables, each once for all backups."""
        return open_store(within(self._url, "rows"))

    def make(self) -> None:
        """Make a folder of it that no other account of this machine may look into."""
        if self._url.startswith("file:"):
            folder = Path(self._url.removeprefix("file:"))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def ids(self) -> list[str]:
        """Every backup that was finished, oldest first."""
        names = self.documents.names()
        return [name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)]

    def manifest(self, id_: str | None = None) -> Manifest:
        """A backup by its id, or the newest. Raises BackupNone, -Unknown and -Damaged."""
        ids = self.ids()
        if not ids:
            raise BackupNone(place=self.name)
        chosen = id_ or ids[-1]
        if chosen not in ids:
            raise BackupUnknown(backup=chosen, place=self.name)
        return manifests.from_bytes(chosen, self.documents.read(chosen + _ENDING))

    def keep(self, manifest: Manifest) -> None:
        """From here on the backup exists."""
        self.documents.write(manifest.id + _ENDING, manifests.as_bytes(manifest))

    def drop(self, id_: str) -> None:
        """From here on it does not; what only it needed is still there."""
        self.documents.remove(id_ + _ENDING)
