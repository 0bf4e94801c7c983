"""The child's side of `isolation`: it confines itself, then does one work after another."""

import ctypes
import fcntl
import os
import pickle
import resource
import select
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from hoso.errors import WorkCrashed

_OUT_OF_MEMORY: Final = -4  # cv::Error::StsNoMem
# glibc's M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, in bytes.
_GIVEN_BACK_FROM: Final = {-1: 4 << 20, -3: 4 << 20}


@dataclass(frozen=True, slots=True)
class Work:
    """What a child is to do."""

    function: Callable[..., Any]
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a result, or the error to raise at the caller's."""

    result: Any = None
    error: BaseException | None = None


def serve(pipe: Connection, memory_bytes: int, folder: Path) -> None:
    """Take work from the pipe and answer it, until the pipe ends; `folder` holds its files."""
    _confine(memory_bytes)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    while True:
        try:
            work = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send_bytes(_done(work))


def _confine(memory_bytes: int) -> None:
    os.setpgid(0, 0)  # so that a time limit reaches the programs started here as well
    _end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C ends
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold a citizen's papers
    # One process per core: threads within would only fight for the cores.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    import cv2  # noqa: PLC0415  # the parent, who knows this module, need not load it

    cv2.setNumThreads(1)
    _give_memory_back()


def _give_memory_back() -> None:
    """Have the pictures of a page go back to the system as soon as they are freed.

    glibc by itself keeps what the largest of them took: 30 MiB a process, and no time saved.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        for parameter, size in _GIVEN_BACK_FROM.items():
            libc.mallopt(parameter, size)


def _end_with_parent() -> None:
    """Have the kernel kill this process group when the parent is gone, even by SIGKILL.

    The parent alone holds the other end of the sentinel pipe. PR_SET_PDEATHSIG would watch the
    fork server instead, which lives as long as any child does.
    """
    parent = process.parent_process()
    if parent is None or sys.platform != "linux":
        return
    sentinel = parent.sentinel
    fcntl.fcntl(sentinel, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(sentinel, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    gone, _, _ = select.select([sentinel], [], [], 0)
    if gone:  # it went before the kernel was asked to watch
        os._exit(1)


def _done(message: bytes) -> bytes:
    try:
        work: Work = pickle.loads(message)  # noqa: S301 - our own parent's message
        return pickle.dumps(Outcome(result=work.function(*work.args)))
    except MemoryError:
        return pickle.dumps(Outcome(error=WorkCrashed(reason="out of memory")))
    except Exception as error:  # noqa: BLE001 - carried to the caller and raised there
        return _carried(error)


def _carried(error: Exception) -> bytes:
    """The error packed up with where it happened; in words where it cannot be packed."""
    import cv2  # noqa: PLC0415  # as above

    if isinstance(error, cv2.error) and error.code == _OUT_OF_MEMORY:
        error = WorkCrashed(reason="out of memory")
    where = "".join(traceback.format_exception(error))
    error.add_note(where)
    try:
        packed = pickle.dumps(Outcome(error=error))
        pickle.loads(packed)  # noqa: S301 - what was packed in the line above
    except Exception:  # noqa: BLE001 - an error class may break in any way when it is packed
        return pickle.dumps(Outcome(error=RuntimeError(where)))
    return packed
