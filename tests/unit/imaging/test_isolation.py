import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hoso.errors import FileDamaged, TemporaryFolderTooLong, WorkCrashed, WorkTimedOut
from hoso.imaging import isolation
from hoso.imaging.isolation import PageProcesses
from tests.unit.imaging import deeds

MEMORY = 1200 * 1024**2
SECONDS = 30.0


@pytest.fixture(scope="module")
def two() -> Iterator[PageProcesses]:
    with PageProcesses(2, memory_bytes=MEMORY) as processes:
        yield processes


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def is_gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def all_are_gone(note: Path) -> bool:
    return all(is_gone(int(pid)) for pid in note.read_text().split())


def test_work_is_done_in_another_process(two: PageProcesses) -> None:
    assert two.run(deeds.double, 21, timeout_seconds=SECONDS) == 42
    assert two.run(deeds.pid, timeout_seconds=SECONDS) != os.getpid()


def test_a_child_uses_one_thread(two: PageProcesses) -> None:
    assert two.run(deeds.threads_and_limit, timeout_seconds=SECONDS) == (1, "1")


def test_a_large_result_comes_through(two: PageProcesses) -> None:
    assert two.run(deeds.picture_of, 3000, timeout_seconds=SECONDS).sum() == 9_000_000


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (deeds.leave, "exit code 3"),
        (deeds.crash, "SIGSEGV"),
        (deeds.eat_memory, "out of memory"),
        (deeds.eat_memory_in_opencv, "out of memory"),
    ],
)
def test_what_ends_a_child_is_refused_alone(
    two: PageProcesses, deed: Callable[[], None], reason: str
) -> None:
    with ThreadPoolExecutor(6) as threads:
        neighbours = [
            threads.submit(two.run, deeds.double, n, timeout_seconds=SECONDS) for n in range(2)
        ]
        bad = threads.submit(two.run, deed, timeout_seconds=SECONDS)
        neighbours += [
            threads.submit(two.run, deeds.double, n, timeout_seconds=SECONDS) for n in range(2, 5)
        ]
        with pytest.raises(WorkCrashed) as refused:
            bad.result()
        assert [neighbour.result() for neighbour in neighbours] == [0, 2, 4, 6, 8]
    assert refused.value.facts["reason"] == reason


def test_a_loop_is_stopped_and_its_neighbour_finishes(two: PageProcesses) -> None:
    with ThreadPoolExecutor(2) as threads:
        bad = threads.submit(two.run, deeds.loop, timeout_seconds=0.2)
        assert two.run(deeds.sleep, 0.3, timeout_seconds=SECONDS) == 0.3
        with pytest.raises(WorkTimedOut):
            bad.result()
    assert two.run(deeds.double, 1, timeout_seconds=SECONDS) == 2


def test_a_time_limit_ends_the_programs_a_child_started(two: PageProcesses, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    with pytest.raises(WorkTimedOut):
        two.run(deeds.run_a_program_with_deaf_ears, note, timeout_seconds=1)
    assert eventually(lambda: all_are_gone(note))


def test_temporary_files_lie_in_the_folder_and_go_with_their_process(tmp_path: Path) -> None:
    with PageProcesses(1, memory_bytes=MEMORY, folder=tmp_path) as one:
        made = Path(one.run(tempfile.mkdtemp, timeout_seconds=SECONDS))
        assert tmp_path in made.parents
        assert one.run(os.getenv, "TMPDIR", timeout_seconds=SECONDS) == str(made.parent)
        with pytest.raises(WorkCrashed):
            one.run(deeds.leave, timeout_seconds=SECONDS)
        assert not made.exists()
        made = Path(one.run(tempfile.mkdtemp, timeout_seconds=SECONDS))
        assert made.exists()
    assert not list(tmp_path.iterdir())


def test_an_idle_child_that_is_killed_is_replaced() -> None:
    with PageProcesses(1, memory_bytes=MEMORY) as one:
        first = one.run(deeds.pid, timeout_seconds=SECONDS)
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: is_gone(first))
        assert one.run(deeds.pid, timeout_seconds=SECONDS) != first


def test_our_own_refusals_come_through_intact(two: PageProcesses) -> None:
    with pytest.raises(FileDamaged) as refused:
        two.run(deeds.refuse, "quét.pdf", timeout_seconds=SECONDS)
    assert "quét.pdf" in refused.value.sentence("vi")


def test_an_error_tells_where_in_the_child_it_happened(two: PageProcesses) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        two.run(deeds.stumble, timeout_seconds=SECONDS)
    assert "deeds.py" in raised.value.__notes__[0]


def test_an_error_that_cannot_be_packed_comes_in_words(two: PageProcesses) -> None:
    with pytest.raises(RuntimeError, match="Unpackable: 1 2"):
        two.run(deeds.stumble_badly, timeout_seconds=SECONDS)


def test_a_result_that_cannot_be_packed_is_an_error(two: PageProcesses) -> None:
    with pytest.raises((AttributeError, TypeError, RuntimeError), match=r"lambda"):
        two.run(deeds.give_something_unpackable, timeout_seconds=SECONDS)


def test_after_closing_nothing_is_taken() -> None:
    with PageProcesses(1, memory_bytes=MEMORY) as closed:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        closed.run(deeds.double, 1, timeout_seconds=SECONDS)


def test_leaving_by_an_exception_ends_the_work_at_once(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    with ThreadPoolExecutor(1) as threads:
        with contextlib.suppress(KeyboardInterrupt), PageProcesses(1, memory_bytes=MEMORY) as one:
            working = threads.submit(one.run, deeds.run_a_program, note, timeout_seconds=SECONDS)
            assert eventually(note.exists)
            raise KeyboardInterrupt
        with pytest.raises(WorkCrashed):
            working.result()
    assert eventually(lambda: all_are_gone(note))


A_PARENT = """
import sys
from pathlib import Path
from hoso.imaging.isolation import PageProcesses
from tests.unit.imaging import deeds

if __name__ == "__main__":
    with PageProcesses(1, memory_bytes=2 << 30) as one:
        one.run(deeds.run_a_program, Path(sys.argv[1]), timeout_seconds=60)
"""


def test_children_and_their_programs_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    script, note = tmp_path / "parent.py", tmp_path / "pids"
    script.write_text(A_PARENT)
    root = Path(__file__).parents[3]
    parent = subprocess.Popen(
        [sys.executable, script, note], env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert eventually(note.exists)
    parent.kill()
    parent.wait()
    assert eventually(lambda: all_are_gone(note))


def test_a_temporary_folder_too_long_for_a_socket_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "get_temp_dir", lambda: str(tmp_path / ("x" * 100)))
    with (
        pytest.raises(TemporaryFolderTooLong, match="TMPDIR"),
        PageProcesses(1, memory_bytes=2**30),
    ):
        pass
