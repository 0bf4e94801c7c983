"""`hoso ocr` ended in the middle of a file: nothing goes on, and nothing of the paper is left."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hoso.imaging.pages import count_pages
from tests.unit.ocr.scans import a_picture_pdf, a_scan, lined
from tests.waiting import until

PAGES = 30
START_SECONDS = 60.0

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Run:
    """A started `hoso ocr`, its folder for temporary files and the one for what it makes."""

    process: subprocess.Popen[bytes]
    temporary: Path
    made: Path

    def is_reading(self) -> bool:
        """Whether pictures of lines wait for Tesseract."""
        return any(self.temporary.rglob("*.pgm"))

    def is_writing(self) -> bool:
        """Whether something of the output is on the disk."""
        return any(self.made.rglob("*.pdf"))

    def is_gone(self) -> bool:
        """Whether no process is left; all of them were given the folder's name on their way."""
        return not any(
            _was_told(path, str(self.temporary)) for path in Path("/proc").glob("[0-9]*")
        )


def _was_told(process: Path, word: str) -> bool:
    with suppress(OSError):
        return word.encode() in (process / "environ").read_bytes()
    return False


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_scan(tmp_path_factory.mktemp("thirty") / "scan.pdf", pages=PAGES)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files whose path is short enough for a socket's name."""
    with TemporaryDirectory(prefix="hoso-test-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def reading(scan: Path, temporary: Path, tmp_path: Path) -> Iterator[Run]:
    run = _started(scan, temporary, tmp_path / "made")
    yield run
    run.process.kill()
    run.process.wait()


def _started(scan: Path, temporary: Path, made: Path) -> Run:
    made.mkdir()
    words = ["ocr", str(scan), "-o", str(made / "read.pdf")]
    process = subprocess.Popen(
        [sys.executable, "-m", "hoso", *words, "--jobs", "2"],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return Run(process, temporary, made)


def _ctrl_c(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells everyone


@pytest.mark.parametrize(
    "end", [_ctrl_c, subprocess.Popen.terminate, subprocess.Popen.kill], ids=["int", "term", "kill"]
)
def test_reading_that_is_cancelled_leaves_nothing(
    reading: Run, end: Callable[[subprocess.Popen[bytes]], None]
) -> None:
    until(reading.is_reading, START_SECONDS)

    end(reading.process)

    assert reading.process.wait(10) != 0
    until(reading.is_gone)
    assert not list(reading.temporary.iterdir())
    assert not list(reading.made.iterdir())


def test_writing_that_is_killed_leaves_no_half_of_a_file(temporary: Path, tmp_path: Path) -> None:
    run = _started(a_picture_pdf(tmp_path / "scan.pdf", lined(60)), temporary, tmp_path / "made")
    try:
        until(run.is_writing, START_SECONDS)
    finally:
        run.process.kill()
        run.process.wait()

    until(run.is_gone)
    assert not list(run.temporary.iterdir())
    # The kill may come a moment after the end, when the file is there, whole.
    left = list(run.made.rglob("*"))
    assert left in ([], [run.made / "read.pdf"])
    assert [count_pages(path) for path in left] == [1] * len(left)
