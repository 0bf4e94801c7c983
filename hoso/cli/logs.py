"""What a running service logs: one line an event, its facts as fields, never personal data.

An exception's own words may quote what it choked on (a number that did not parse, a row that was
there already), so they are not logged: its kind and where it was raised are. A refusal of ours has
a code, a system or database fault a reason that speaks of no value.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from hoso.errors import HosoError
from hoso.telemetry.context import facts as facts_of_what_goes_on

if TYPE_CHECKING:
    from hoso.settings import LogFormat

_OWN: Final = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message", "asctime", "taskName", "color_message",
}  # fmt: skip
_HERE: Final = str(Path(__file__).parents[1])
_MOST_FRAMES: Final = 8


class _Line(logging.Formatter):
    """For people: time, severity, what happened, and the facts as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}"
        return " ".join([head, *(f"{name}={value}" for name, value in _facts(record).items())])


class _Document(logging.Formatter):
    """For programs: one JSON document."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_facts(record),
        }
        return json.dumps(said, ensure_ascii=False, default=str)


def set_up(level: str, form: "LogFormat" = "text") -> None:
    """Log to standard error: hoso's own events from `level` on, of all libraries only trouble.

    What libraries say below that holds paths, statements, pieces of what was sent.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_Document() if form == "json" else _Line())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("hoso").setLevel(level.upper())


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What is going on, what was said with the event, and what was raised."""
    own = {name: value for name, value in vars(record).items() if name not in _OWN}
    raised = record.exc_info[1] if record.exc_info else None
    return {**facts_of_what_goes_on(), **own, **(_raised(raised) if raised else {})}


def _raised(fault: BaseException) -> dict[str, Any]:
    return {
        "fault": type(fault).__name__,
        **({"reason": reason} if (reason := _reason(fault)) else {}),
        "raised_at": " < ".join(_frames(fault.__traceback__)),
    }


def _reason(fault: BaseException) -> str | None:
    from sqlalchemy.exc import OperationalError

    if isinstance(fault, HosoError):
        return fault.code
    if isinstance(fault, OSError):
        return fault.strerror  # without the file's name
    if isinstance(fault, OperationalError):
        return " ".join(str(fault.orig).split())  # of the server, the disk or a lock: no values
    return None


def _frames(trace: TracebackType | None) -> list[str]:
    """Where it was raised, innermost first: our own files from their part on, others by name."""
    frames = reversed(traceback.extract_tb(trace))
    return [f"{_short(frame.filename)}:{frame.lineno}" for frame in frames][:_MOST_FRAMES]


def _short(filename: str) -> str:
    path = Path(filename)
    return filename[len(_HERE) + 1 :] if filename.startswith(_HERE) else path.name
