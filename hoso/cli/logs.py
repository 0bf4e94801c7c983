"""What a running service logs: one line an event, its facts after it, never personal data."""

import logging

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class _Line(logging.Formatter):
    """Time, severity, what happened, and the facts given with it as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        facts = [f"{name}={value}" for name, value in vars(record).items() if name not in _OWN]
        return " ".join([super().format(record), *facts])


def set_up(level: str) -> None:
    """Log to standard error from `level` on; the web server speaks only of trouble."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("uvicorn", "watchfiles", "dbos", "alembic", "PIL", "pikepdf"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
