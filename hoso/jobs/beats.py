"""Heartbeats: which workers are alive, told without comparing any two clocks."""

import os
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hoso.db import Moment, Table

BEAT_SECONDS: Final = 2.0
# Ten seconds. A worker that is only held up for longer loses nothing but its work in hand.
_SILENT_LOOKS: Final = 5


class WorkerBeat(Table):
    """When each worker was last heard of, by its own clock. Others only ask whether it changes."""

    __tablename__ = "worker_beat"

    executor_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(slots=True)
class RollCall:
    """One worker's memory of the others' beats.

    Who has not beaten for some looks in a row is silent. Counted in looks, not in seconds: clocks
    that are set back, differ or stood still with the machine make nobody seem dead.
    """

    _unchanged: dict[str, tuple[object, int]] = field(default_factory=dict)

    def silent(self, beats: Mapping[str, object]) -> set[str]:
        """Look once: who has stopped beating."""
        before = self._unchanged
        self._unchanged = {
            worker: (beat, before[worker][1] + 1 if before.get(worker, (None, 0))[0] == beat else 0)
            for worker, beat in beats.items()
        }
        return {worker for worker, (_, looks) in self._unchanged.items() if looks >= _SILENT_LOOKS}


def rest_of_beat(begun: float, now: float) -> float:
    """Seconds from now to the next beat; both moments are of the monotonic clock.

    Counted from the beginning of the last one: with a pause after it, each slow look at a busy
    database would make the next one late, and the dead are found by looks.
    """
    return max(0.0, begun + BEAT_SECONDS - now)


def name_of_this_worker() -> str:
    """Unique for each start: machine, process and chance."""
    return f"{_here()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"


def has_ended(executor_id: str) -> bool:
    """Whether the worker was one of this machine and its process is gone.

    A worker restarted after a crash need not wait for the dead one to be found silent.
    """
    machine, pid, _ = executor_id.rsplit("-", 2)
    if machine != _here():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _here() -> str:
    """This machine, or this container on it: where a process number means one process."""
    namespace = Path("/proc/self/ns/pid")
    inner = f".{namespace.stat().st_ino}" if namespace.exists() else ""
    return socket.gethostname() + inner
