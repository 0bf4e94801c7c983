"""The watched folder: what it takes, what it leaves, what a refusal or a fault leaves behind."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hoso.errors import FileEncrypted, StoreFull
from hoso.scanner_ingest.watch import FAILED, PROCESSING, STILL_SECONDS, WatchedFolder
from tests.waiting import until


class Door:
    """Takes files in, or refuses them as it is told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.refusal: Exception | None = None

    def __call__(self, path: Path, name: str) -> None:
        if self.refusal:
            raise self.refusal
        self.taken.append((name, path.read_bytes()))


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "scans"


@pytest.fixture
def look(folder: Path, door: Door) -> Callable[[float], None]:
    """Looks into the folder at a moment, in seconds."""
    watched = WatchedFolder(folder, door)
    return lambda now: watched.look(now=now)


def test_a_file_is_taken_in_once_it_stands_still(
    folder: Path, door: Door, look: Callable[[float], None]
) -> None:
    (folder / "a.pdf").write_bytes(b"whole")
    look(0.0)
    assert door.taken == []

    look(STILL_SECONDS)

    assert door.taken == [("a.pdf", b"whole")]
    assert not list(folder.glob("*.pdf"))
    assert not list((folder / PROCESSING).iterdir())


def test_a_file_that_still_grows_waits(
    folder: Path, door: Door, look: Callable[[float], None]
) -> None:
    scan = folder / "a.pdf"
    scan.write_bytes(b"half")
    look(0.0)
    scan.write_bytes(b"half and more")
    look(STILL_SECONDS)
    assert door.taken == []

    look(2 * STILL_SECONDS)
    assert door.taken == [("a.pdf", b"half and more")]


def test_a_file_written_over_with_as_many_bytes_waits_too(
    folder: Path, door: Door, look: Callable[[float], None]
) -> None:
    scan = folder / "a.pdf"
    scan.write_bytes(b"1234")
    os.utime(scan, ns=(1, 1))
    look(0.0)
    os.utime(scan, ns=(2, 2))
    look(STILL_SECONDS)

    assert door.taken == []


def test_links_pipes_folders_hidden_and_half_written_names_are_left_alone(
    folder: Path, door: Door, look: Callable[[float], None], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"not ours")
    (folder / "link.pdf").symlink_to(secret)
    os.mkfifo(folder / "pipe.pdf")
    (folder / "folder.pdf").mkdir()
    (folder / ".hidden.pdf").write_bytes(b"x")
    (folder / "scan.pdf.part").write_bytes(b"x")
    look(0.0)
    look(STILL_SECONDS)

    assert door.taken == []
    assert secret.read_bytes() == b"not ours"
    assert (folder / "link.pdf").is_symlink()


def test_a_refused_file_is_kept_with_the_reason_beside_it(
    folder: Path, door: Door, look: Callable[[float], None]
) -> None:
    door.refusal = FileEncrypted(name="a.pdf")
    (folder / "a.pdf").write_bytes(b"locked")
    look(0.0)
    look(STILL_SECONDS)

    assert (folder / FAILED / "a.pdf").read_bytes() == b"locked"
    reason = (folder / FAILED / "a.pdf.reason.txt").read_text(encoding="utf-8")
    assert "mật khẩu" in reason
    assert "[file_encrypted]" in reason


def test_two_refused_files_of_one_name_are_both_kept(
    folder: Path, door: Door, look: Callable[[float], None]
) -> None:
    door.refusal = FileEncrypted(name="a.pdf")
    for number, content in enumerate((b"one", b"two")):
        (folder / "a.pdf").write_bytes(content)
        look(number * 10.0)
        look(number * 10.0 + STILL_SECONDS)

    kept = {path.read_bytes() for path in (folder / FAILED).glob("*.pdf")}
    assert kept == {b"one", b"two"}


def test_a_full_store_puts_the_file_back_to_be_tried_again(
    folder: Path, door: Door, look: Callable[[float], None]
) -> None:
    door.refusal = StoreFull()
    (folder / "a.pdf").write_bytes(b"later")
    look(0.0)
    look(STILL_SECONDS)
    assert (folder / "a.pdf").read_bytes() == b"later"

    door.refusal = None
    look(10.0)
    look(10.0 + STILL_SECONDS)
    assert door.taken == [("a.pdf", b"later")]


def test_a_file_that_cannot_be_opened_waits_and_stops_no_other(
    folder: Path, door: Door, look: Callable[[float], None]
) -> None:
    door.refusal = PermissionError(13, "not ours")
    (folder / "a.pdf").write_bytes(b"locked away")
    look(0.0)
    look(STILL_SECONDS)
    assert (folder / "a.pdf").read_bytes() == b"locked away"

    door.refusal = None
    look(10.0)
    look(10.0 + STILL_SECONDS)
    assert door.taken == [("a.pdf", b"locked away")]


def test_a_refused_file_with_the_longest_name_has_its_reason_too(
    folder: Path, door: Door, look: Callable[[float], None]
) -> None:
    door.refusal = FileEncrypted(name="a.pdf")
    name = "ệ" * 83 + ".pdf"
    (folder / name).write_bytes(b"locked")
    look(0.0)
    look(STILL_SECONDS)

    assert (folder / FAILED / name).exists()
    (reason,) = (folder / FAILED).glob("*.reason.txt")
    assert "[file_encrypted]" in reason.read_text(encoding="utf-8")


def test_what_a_crash_left_in_processing_is_taken_up_again(folder: Path, door: Door) -> None:
    watched = WatchedFolder(folder, door)
    (folder / PROCESSING / "a.pdf").write_bytes(b"interrupted")

    watched.take_up_leftovers()

    assert door.taken == [("a.pdf", b"interrupted")]
    assert not list((folder / PROCESSING).iterdir())


@pytest.mark.parametrize("polling", [False, True])
def test_a_running_watch_takes_files_in_and_stops_when_told(
    folder: Path, door: Door, *, polling: bool
) -> None:
    watched = WatchedFolder(folder, door)
    stop = threading.Event()
    running = threading.Thread(target=watched.run, args=(stop,), kwargs={"polling": polling})
    running.start()
    try:
        (folder / "a.pdf").write_bytes(b"dropped")
        until(lambda: door.taken, 30)
    finally:
        stop.set()
        running.join(10)
    assert not running.is_alive()
    assert door.taken == [("a.pdf", b"dropped")]
