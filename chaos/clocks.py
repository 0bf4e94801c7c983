"""A wall clock that can be set wrong while the process that looks at it runs."""

import shutil
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock of one machine, right until it is set."""

    library: Path
    file: Path

    def set_wrong_by(self, seconds: int) -> None:
        """The clock jumps, at once and for every process that looks at it."""
        with self.file.open("r+b") as kept:  # the same file: processes have it in their memory
            kept.write(struct.pack("q", seconds))

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes a process look at this clock."""
        return {"LD_PRELOAD": str(self.library), "CHAOS_CLOCK": str(self.file)}


def can_be_made() -> bool:
    """Whether there is a C compiler."""
    return shutil.which("cc") is not None


def make_clock(folder: Path) -> Clock:
    """A clock that is right."""
    clock = Clock(folder / "clock.so", folder / "clock")
    clock.file.write_bytes(struct.pack("q", 0))
    compiled = ["cc", "-shared", "-fPIC", "-O1", "-o", str(clock.library), str(_SOURCE), "-ldl"]
    subprocess.run(compiled, check=True)
    return clock
