"""Both databases, for tests: migrated once, copied for each test that wants one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hoso.db import Database
from hoso.migrations import migrate
from tests.servers.postgres import fresh_database, shared_postgres, template

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
_TEMPLATE = "hoso_migrated"


@dataclass(frozen=True)
class MigratedDatabase:
    """A database with every table and no rows, to be copied."""

    kind: Kind
    folder: Path

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """The URL of a copy: a file in `folder`, or a database that goes with the block."""
        if self.kind == "sqlite":
            folder.mkdir(parents=True, exist_ok=True)
            yield sqlite_url(shutil.copy(self._file(), folder / "hoso.db"))
        else:
            port = shared_postgres()
            template(port, _TEMPLATE, _migrate)
            with fresh_database(port, _TEMPLATE) as url:
                yield url

    def _file(self) -> Path:
        path = self.folder / "migrated.db"
        if not path.exists():
            _migrate(sqlite_url(path))
        return path


@contextmanager
def empty_database(kind: Kind, folder: Path) -> Iterator[str]:
    """The URL of a database without a table."""
    if kind == "sqlite":
        yield sqlite_url(folder / "empty.db")
    else:
        with fresh_database(shared_postgres()) as url:
            yield url


def sqlite_url(path: Path | str) -> str:
    return f"sqlite:///{path}"


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()
