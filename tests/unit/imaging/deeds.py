"""What children are told to do in the tests of isolation; a module because children import it."""

import ctypes
import os
import signal
import subprocess
import time
from pathlib import Path

import cv2
import numpy as np

from hoso.errors import FileDamaged


def double(number: int) -> int:
    return 2 * number


def leave() -> None:
    os._exit(3)


def crash() -> None:
    ctypes.string_at(0)


def loop() -> None:
    while True:
        pass


def eat_memory() -> int:
    eaten = []
    while True:
        eaten.append(bytearray(64 * 1024 * 1024))


def eat_memory_in_opencv() -> None:
    # np.empty claims address space only; OpenCV's copies are what runs out.
    picture = np.empty((20_000, 20_000), np.uint8)
    kept = []
    while True:
        kept.append(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))


def refuse(name: str) -> None:
    raise FileDamaged(name=name)


def stumble() -> None:
    raise ZeroDivisionError("no pages to divide")


class Unpackable(Exception):  # noqa: N818
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} {two}")


def stumble_badly() -> None:
    raise Unpackable(1, 2)


def give_something_unpackable() -> object:
    return lambda: None


def picture_of(side: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.ones((side, side), np.uint8)


def pid() -> int:
    return os.getpid()


def threads_and_limit() -> tuple[int, str]:
    return cv2.getNumThreads(), os.environ["OMP_THREAD_LIMIT"]


def run_a_program(note: Path) -> None:
    program = subprocess.Popen(["sleep", "60"])
    note.with_suffix(".tmp").write_text(f"{os.getpid()} {program.pid}")
    note.with_suffix(".tmp").rename(note)
    program.wait()


def run_a_program_with_deaf_ears(note: Path) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    run_a_program(note)


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds
