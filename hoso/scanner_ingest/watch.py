"""The watched folder: files a scanner drops are taken in once they stand still.

    folder/             a scanner writes here
    folder/processing/  being taken in; what a crash leaves here is taken up again
    folder/failed/      refused, each with a `.reason.txt` that says why

A file is removed only after its bytes are in the store and its row is committed. Links, pipes and
hidden files are left where they are.
"""

import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from watchfiles import watch as changes

from hoso.db import PASSING
from hoso.errors import HosoError, Refused, Unavailable

log = logging.getLogger(__name__)

PROCESSING, FAILED = "processing", "failed"
# The scanner writes the name first and the bytes later: a size that stands still is our only
# sign that it is done.
STILL_SECONDS = 2.0
RESCAN_SECONDS = 20.0
_MOST_NAME_BYTES = 255
_REASON = ".reason.txt"
_UNFINISHED_ENDINGS = (".part", ".tmp", ".crdownload", ".filepart")

# Takes one file in under its name; raises a HosoError to refuse it.
TakeIn = Callable[[Path, str], None]


@dataclass(slots=True)
class Stillness:
    """Since when each file has had the same size and time of change."""

    seen: dict[Path, tuple[tuple[int, int], float]] = field(default_factory=dict)

    def still(self, path: Path, size: int, changed_ns: int, *, now: float) -> bool:
        """Whether the file has stood still for `STILL_SECONDS`; `now` is monotonic."""
        mark = (size, changed_ns)
        before = self.seen.get(path)
        if before is None or before[0] != mark:
            self.seen[path] = (mark, now)
            return False
        return now - before[1] >= STILL_SECONDS

    def forget_all_but(self, paths: set[Path]) -> None:
        """Files that left the folder are not remembered."""
        self.seen = {path: mark for path, mark in self.seen.items() if path in paths}


class WatchedFolder:
    """One folder and what becomes of the files in it."""

    def __init__(self, folder: Path, take_in: TakeIn) -> None:
        self.folder = folder
        self._take_in = take_in
        self._stillness = Stillness()
        for name in (PROCESSING, FAILED):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def run(self, stop: threading.Event, *, polling: bool) -> None:
        """Watch until `stop` is set: by the system's events, by polling, and by rescans."""
        self.take_up_leftovers()
        waited = changes(
            self.folder,
            recursive=False,
            force_polling=polling,
            stop_event=stop,
            rust_timeout=int(STILL_SECONDS * 500),
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        due = 0.0
        for changed in waited:
            now = time.monotonic()
            if changed or self._stillness.seen or now >= due:
                self.look(now=now)
                due = now + RESCAN_SECONDS

    def look(self, *, now: float) -> None:
        """Take in every file that stands still; `now` is monotonic."""
        present = dict(_regular_files(self.folder))
        for path, facts in present.items():
            if self._stillness.still(path, facts.st_size, facts.st_mtime_ns, now=now):
                with _going_on():
                    self._take(path)
        self._stillness.forget_all_but(set(present))

    def take_up_leftovers(self) -> None:
        """Finish what a crash interrupted; a file taken in already answers so and is removed."""
        for path, _ in _regular_files(self.folder / PROCESSING):
            with _going_on():
                self._finish(path)

    def _take(self, path: Path) -> None:
        ours = _free_name(self.folder / PROCESSING, path.name)
        path.rename(ours)
        if not stat.S_ISREG(ours.lstat().st_mode):  # exchanged for a link between look and move
            ours.rename(_free_name(self.folder / FAILED, path.name))
            return
        self._finish(ours)

    def _finish(self, path: Path) -> None:
        try:
            self._take_in(path, path.name)
        except Refused as refusal:
            self._set_aside(path, refusal)
        except (Unavailable, *PASSING, OSError) as fault:
            log.warning("scan waits in the folder", extra={"fault": type(fault).__name__})
            path.rename(_free_name(self.folder, path.name))
        else:
            path.unlink()

    def _set_aside(self, path: Path, refusal: HosoError) -> None:
        place = _free_name(self.folder / FAILED, path.name)
        path.rename(place)
        reason = f"{refusal.sentence('vi')}\n{refusal.sentence('en')}\n[{refusal.code}]\n"
        _reason_beside(place).write_text(reason, encoding="utf-8")
        # Not the file's name: scanners and people name files after citizens. It lies in failed/.
        log.warning("scan refused", extra={"code": refusal.code})


def _regular_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Files that are files themselves: no links, pipes, folders or half-written names."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED_ENDINGS):
                continue
            facts = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(facts.st_mode):
                yield Path(entry.path), facts


@contextmanager
def _going_on() -> Iterator[None]:
    """One file that cannot be moved (gone, not ours, its name too long) stops no other."""
    try:
        yield
    except OSError as fault:
        log.warning("scan left where it is", extra={"fault": type(fault).__name__})


def _reason_beside(place: Path) -> Path:
    """Where the reason stands; a name as long as names may be is cut for it."""
    start = os.fsdecode(os.fsencode(place.name)[: _MOST_NAME_BYTES - len(_REASON)])
    return place.with_name(start + _REASON)


def _free_name(folder: Path, name: str) -> Path:
    """A path in `folder` that nothing has yet."""
    place, number = folder / name, 1
    while place.exists() or place.is_symlink():
        number += 1
        place = folder / f"{number}-{name}"
    return place
