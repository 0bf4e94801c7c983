"""Files that some read while others want to remove them, in different processes."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path


def hold(path: Path) -> int | None:
    """A descriptor that keeps the file from `remove_unless_held` until it is closed.

    None where there is no such file, or there is none any more.
    """
    with suppress(FileNotFoundError):
        held = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_SH)
            if os.path.samestat(os.fstat(held), path.stat()):
                return held
        except FileNotFoundError:  # removed between the opening and the lock
            os.close(held)
            raise
        os.close(held)
    return None


def remove_unless_held(path: Path) -> bool:
    """Remove a file unless somebody holds it; whether it is gone."""
    try:
        lock = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
