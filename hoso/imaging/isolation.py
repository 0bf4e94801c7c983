"""Child processes for work on files of strangers: what kills one page kills nothing else.

A decoder may crash, loop or ask for all memory. Work runs in processes of their own, each with
a memory limit; a time limit ends one together with the programs it started (Tesseract,
Poppler), and so does the end of our own process, however sudden. What they put into the folder
for temporary files goes with them.

Not pebble's pool: when one of its idle processes dies (the kernel short of memory is enough)
it refuses all work from then on.
"""

import contextlib
import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.util import get_temp_dir
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Final, Self, TypeVar

from hoso.errors import TemporaryFolderTooLong, WorkCrashed, WorkTimedOut
from hoso.imaging.confined import Outcome, Work, serve
from hoso.imaging.scratch import swept_folder

T = TypeVar("T")

# A socket's whole name takes 107 bytes at the most; that of the fork server is 18 longer.
_LONGEST_FOLDER: Final = 85
# Loaded once by the server that forks the children: one starts in some 15 ms instead of 450,
# and they share the libraries' memory.
_PRELOADED: Final = ["hoso.imaging.confined", "hoso.imaging.pages", "hoso.imaging.files"]


class PageProcesses:
    """So many pieces of work at once, each in a process of its own; a context manager.

    `run` may be called from many threads. Leaving waits for the work under way, except when
    an exception leaves: then all is ended at once. `preload` names modules that the work needs;
    `folder` is where the processes keep their temporary files, by default where all others are.
    """

    def __init__(
        self,
        processes: int,
        *,
        memory_bytes: int,
        preload: tuple[str, ...] = (),
        folder: Path | None = None,
    ) -> None:
        if len(os.fsencode(get_temp_dir())) > _LONGEST_FOLDER:
            raise TemporaryFolderTooLong(folder=tempfile.gettempdir())
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*_PRELOADED, *preload])
        self._children = [_Child(context, memory_bytes) for _ in range(processes)]
        self._idle: SimpleQueue[_Child] = SimpleQueue()
        self._closed = False
        self._folder, self._swept = folder, ExitStack()

    def __enter__(self) -> Self:
        # The fork server's socket is no paper, yet it should not stay either.
        swept = swept_folder(self._folder, also=(get_temp_dir(),))
        folder = self._swept.enter_context(swept)
        for number, child in enumerate(self._children):
            child.folder = folder / str(number)
            self._idle.put(child)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._closed = True
            for child in self._children:
                child.kill()
        at_rest = [self._idle.get() for _ in self._children]
        self._closed = True
        for child in at_rest:
            child.end()
            self._idle.put(child)  # wakes those who still wait for one
        self._swept.close()

    def run(self, function: Callable[..., T], *args: object, timeout_seconds: float) -> T:
        """What `function(*args)` gives, from a free process; waits for one first.

        Function, arguments and result must be picklable. Refuses with WorkTimedOut (the
        waiting not counted) or WorkCrashed (also when memory ran out); what the function raises
        is raised here.
        """
        child = self._idle.get()
        try:
            if self._closed:
                raise RuntimeError("These processes have been closed.")
            outcome = child.work(Work(function, args), timeout_seconds)
        finally:
            self._idle.put(child)
        if outcome.error:
            raise outcome.error
        result: T = outcome.result
        return result


class _Child:
    """One process and the pipe to it: started when there is work, and again after its end."""

    def __init__(self, context: ForkServerContext, memory_bytes: int) -> None:
        self.context = context
        self.memory_bytes = memory_bytes
        self.process: ForkServerProcess | None = None
        self.pipe: Connection | None = None
        self.folder = Path()

    def work(self, work: Work, timeout_seconds: float) -> Outcome:
        """Have the work done. A child that crashed or ran out of time or memory is ended."""
        pipe = self.sent(pickle.dumps(work))
        try:
            if not pipe.poll(timeout_seconds):
                self.end()
                raise WorkTimedOut(seconds=timeout_seconds)
            outcome: Outcome = pickle.loads(pipe.recv_bytes())  # noqa: S301 - our own child's answer
        except (EOFError, OSError) as error:
            raise WorkCrashed(reason=self.end()) from error
        if isinstance(outcome.error, WorkCrashed):
            self.end()
        return outcome

    def sent(self, message: bytes) -> Connection:
        """The pipe, with the work sent to a living child."""
        # A child at rest says nothing: something to read can only be its end.
        if self.pipe and not self.pipe.poll():
            with contextlib.suppress(OSError):  # it died just now; the next one will do it
                self.pipe.send_bytes(message)
                return self.pipe
        pipe = self.start()
        pipe.send_bytes(message)
        return pipe

    def start(self) -> Connection:
        """Start a fresh child."""
        self.end()
        self.folder.mkdir(exist_ok=True)
        ours, theirs = self.context.Pipe()
        process = self.context.Process(
            target=serve,
            args=(theirs, self.memory_bytes, self.folder),
            name="hoso page work",
            daemon=True,
        )
        process.start()  # what fails here must leave no pipe to wait at
        theirs.close()  # else the pipe would not end when the child does
        self.process, self.pipe = process, ours
        return ours

    def end(self) -> str:
        """Kill the child and clear up after it; says how it ended."""
        if not self.process or not self.pipe:
            return "not started"
        self.kill()
        self.process.join()
        self.pipe.close()
        # A program it started may take another moment to end: the next start finds what it left.
        shutil.rmtree(self.folder, ignore_errors=True)
        code = self.process.exitcode or 0
        self.process = self.pipe = None
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def kill(self) -> None:
        """Kill the child, if it lives, and all it started. Any thread may do so at any time."""
        process = self.process
        if process and process.pid and process.is_alive():
            with contextlib.suppress(ProcessLookupError):  # it has no group of its own yet
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
