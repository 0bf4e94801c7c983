"""One event a line, its facts as fields, and nothing of what somebody sent."""

import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError

from hoso.cli import logs
from hoso.errors import DossierUnknown
from hoso.settings import LogFormat
from hoso.telemetry.context import going_on

log = logging.getLogger("hoso.test")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """What `set_up` changes is the whole process's."""
    root, own = logging.getLogger(), logging.getLogger("hoso")
    before = list(root.handlers), root.level, own.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    own.setLevel(before[2])


def lines(capsys: pytest.CaptureFixture[str], form: LogFormat, fault: Exception) -> list[str]:
    logs.set_up("INFO", form)
    try:
        raise fault
    except type(fault):
        with going_on(request="r1"):
            log.exception("request failed", extra={"route": "/api/v1/lookups"})
    return capsys.readouterr().err.splitlines()


def test_an_event_is_one_line_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = lines(capsys, "json", DossierUnknown(dossier="H57"))

    said = json.loads(line)
    assert said["event"] == "request failed"
    assert (said["request"], said["route"]) == ("r1", "/api/v1/lookups")
    assert (said["fault"], said["reason"]) == ("DossierUnknown", "dossier_unknown")
    assert "test_logs.py:" in said["raised_at"]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "fault",
    [
        ValueError("invalid literal for int() with base 10: '001185012345'"),
        KeyError("Nguyễn Thị Lan"),
        FileNotFoundError(2, "No such file", "Nguyen Thi Lan 001185012345.pdf"),
        IntegrityError("INSERT", {"number": "001185012345"}, Exception("Key (001185012345)")),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_what_an_exception_quotes_is_not_logged(
    capsys: pytest.CaptureFixture[str], form: LogFormat, fault: Exception
) -> None:
    (line,) = lines(capsys, form, fault)

    assert type(fault).__name__ in line
    assert "001185012345" not in line
    assert "Lan" not in line


def test_libraries_are_heard_only_in_trouble(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG", "text")
    logging.getLogger("some.library").info("parsed 001185012345")
    log.debug("request")

    assert [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()] == ["request"]
