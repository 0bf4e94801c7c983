"""Folders that are gone at the end, however sudden: what lies in them are citizens' papers."""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Final

_PREFIX: Final = ".hoso-"
# A folder is locked as soon as it is made; one that is older and not locked has lost its owner.
_UNLOCKED_SECONDS: Final = 60.0
# A line says that the block was left. Else it is our end that ends the pipe, and all has to go.
# What was killed with us may still be writing its last file: hence a second time.
_SWEEPER: Final = 'read -r _ && set -- "$1"; rm -rf -- "$@" || { sleep 1; rm -rf -- "$@"; }'


@contextmanager
def swept_folder(within: Path | None = None, *, also: tuple[str, ...] = ()) -> Iterator[Path]:
    """An empty folder for this block; default `within` is the folder for temporary files.

    It is removed by a shell that outlives this process where it is killed, and then removes the
    paths `also`, too. What a pulled plug left goes when the next one is made in the same place.
    """
    within = within or Path(gettempdir())
    within.mkdir(parents=True, exist_ok=True)
    _remove_orphans(within)
    folder = Path(mkdtemp(prefix=_PREFIX, dir=within))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _sweeper(str(folder), *also):
            yield folder
    finally:
        os.close(lock)


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Where to write what shall become `target`: it does so whole, at the block's end, or not."""
    target = target.resolve()
    with swept_folder(target.parent) as folder:
        draft = folder / target.name
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)


@contextmanager
def _sweeper(*paths: str) -> Iterator[None]:
    """A shell that removes the first path when the block is left, all paths if it never is."""
    shell = subprocess.Popen(
        ["/bin/sh", "-c", _SWEEPER, "sweeper", *paths],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what a terminal sends to us does not reach it
    )
    try:
        yield
    finally:
        with suppress(BrokenPipeError):  # somebody ended the shell
            shell.communicate(b"\n")
        shell.wait()


def _remove_orphans(within: Path) -> None:
    before = time.time() - _UNLOCKED_SECONDS
    for folder in within.glob(f"{_PREFIX}*/"):
        with suppress(OSError):  # it is another user's, or gone, or locked by who needs it
            if folder.stat().st_mtime < before:
                _remove_unless_locked(folder)


def _remove_unless_locked(folder: Path) -> None:
    """Raises BlockingIOError when somebody still needs it."""
    lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(lock)
