"""systemd is told how a service stands, where it listens."""

import getpass
import os
import socket
from pathlib import Path

import pytest

from hoso.cli.notify import READY, tell_systemd
from hoso.cli.output import actor


def test_systemd_hears_that_a_service_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("notify")
        monkeypatch.setenv("NOTIFY_SOCKET", "notify")

        tell_systemd(READY)

        assert systemd.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "nobody-listens-here"])
def test_a_service_goes_on_where_nobody_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NOTIFY_SOCKET", address)

    tell_systemd(READY)


def test_a_user_without_a_name_acts_under_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def unnamed() -> str:
        raise KeyError("getpwuid(): uid not found: 64001")

    monkeypatch.setattr(getpass, "getuser", unnamed)

    assert actor() == f"cli:{os.getuid()}"
