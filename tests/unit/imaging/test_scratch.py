import os
import subprocess
import sys
from pathlib import Path

import pytest

from hoso.imaging.scratch import swept_folder, written_whole
from tests.waiting import until

HANGS_IN_A_FOLDER = """
import sys, threading
from pathlib import Path
from hoso.imaging.scratch import swept_folder
with swept_folder(Path(sys.argv[1]), also=(sys.argv[2],)) as folder:
    (folder / "page.pgm").touch()
    threading.Event().wait()
"""


def a_left_folder(within: Path, *, age_seconds: float) -> Path:
    """What a power cut leaves."""
    with swept_folder(within) as folder:
        pass
    folder.mkdir()
    (folder / "page.pgm").touch()
    made = folder.stat().st_mtime - age_seconds
    os.utime(folder, (made, made))
    return folder


def test_the_folder_and_what_is_in_it_go_with_the_block(tmp_path: Path) -> None:
    with swept_folder(tmp_path / "scratch") as folder:
        (folder / "page.pgm").touch()
        assert folder.stat().st_mode & 0o077 == 0

    assert not list((tmp_path / "scratch").iterdir())


def test_an_error_in_the_block_is_raised_and_the_folder_goes(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), swept_folder(tmp_path):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_what_goes_only_when_we_are_killed_stays_when_we_are_not(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with swept_folder(tmp_path, also=(str(kept),)):
        pass
    assert list(tmp_path.iterdir()) == [kept]


def test_a_killed_process_leaves_nothing(tmp_path: Path) -> None:
    within, also = tmp_path / "scratch", tmp_path / "also"
    also.mkdir()
    arguments = [sys.executable, "-c", HANGS_IN_A_FOLDER, str(within), str(also)]
    with subprocess.Popen(arguments) as hanging:
        until(lambda: list(within.rglob("*.pgm")), 30)
        hanging.kill()

    until(lambda: not list(within.iterdir()) and not also.exists())


def test_what_a_power_cut_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    left = a_left_folder(tmp_path, age_seconds=120)
    with swept_folder(tmp_path):
        assert not left.exists()


def test_a_folder_in_use_is_left_alone_however_old(tmp_path: Path) -> None:
    with swept_folder(tmp_path) as used:
        os.utime(used, (0, 0))
        with swept_folder(tmp_path):
            assert used.exists()


def test_a_folder_just_made_is_left_alone(tmp_path: Path) -> None:
    left = a_left_folder(tmp_path, age_seconds=0)
    with swept_folder(tmp_path):
        assert left.exists()


def test_what_is_written_appears_whole_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "read.txt"
    target.write_text("before")
    with written_whole(target) as draft:
        draft.write_text("after")
        assert target.read_text() == "before"

    assert target.read_text() == "after"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_not_finished_does_not_appear(tmp_path: Path) -> None:
    target = tmp_path / "read.txt"
    with pytest.raises(ZeroDivisionError), written_whole(target) as draft:
        draft.write_text(f"half of it {1 // 0}")
    assert not list(tmp_path.iterdir())


def test_a_link_to_the_target_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "read.txt", tmp_path / "link"
    link.symlink_to(target)
    with written_whole(link) as draft:
        draft.write_text("whole")
    assert link.is_symlink()
    assert target.read_text() == "whole"
