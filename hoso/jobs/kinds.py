"""What a job is, where it waits and what goes before it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

# Raised when a job's arguments or meaning change. A worker does jobs of its own version and of the
# older ones it still understands; a newer release's jobs wait for a newer worker.
JOBS_VERSION: Final = "2"
UNDERSTOOD: Final = ("1",)  # without a priority among its arguments

APPLICATION: Final = "hoso"
WORKFLOW: Final = "hoso_job"


class Queue(StrEnum):
    """What waits for what: a stack is sorted while other stacks are still being read."""

    COUNTER = "counter"  # seconds, a citizen waits
    PAGES = "pages"  # one job per core
    PAPERS = "papers"  # building archived files
    BULK = "bulk"  # all work on old archives, one job per core that nothing else needs


class Priority(IntEnum):
    """Smaller goes first."""

    WAITING_CITIZEN = 10
    ORDINARY = 100
    BULK = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work: its stable name and where it waits."""

    name: str
    queue: Queue

    def id_for(self, subject: str, round_: str = "") -> str:
        """What this job for this subject is called; a later round has a name of its own."""
        return f"{self.name}:{subject}" + (f"~{round_}" if round_ else "")

    def queue_at(self, priority: int) -> Queue:
        """Where it waits: bulk work never takes a place that somebody's papers could have."""
        return Queue.BULK if is_bulk(priority) else self.queue


def is_bulk(priority: int) -> bool:
    """Whether nobody waits for it: bulk work, and whatever follows from it."""
    return priority > Priority.ORDINARY


def following(priority: int) -> int:
    """The priority of a job that another job puts: nobody waits at the counter for what follows.

    Bulk work that was begun goes before what was not. Without this a hundred thousand files
    would all be sorted before the first page is read.
    """
    return priority - 1 if is_bulk(priority) else Priority.ORDINARY
