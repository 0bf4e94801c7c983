"""The real thing as users start it: `hoso` commands and a served archive, as processes."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.waiting import until

START_SECONDS = 60.0


@dataclass(frozen=True)
class Office:
    """A data folder and the commands run on it."""

    data_dir: Path
    port: int
    database_url: str = ""
    more: Mapping[str, str] = field(default_factory=dict)  # settings, as the environment has them

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("HOSO_")},
            "HOSO_DATA_DIR": str(self.data_dir),
            "HOSO_DATABASE_URL": self.database_url,
            "HOSO_PORT": str(self.port),
            "HOSO_PUBLIC_URL": self.address,
            "LANG": "C.UTF-8",
            **self.more,
        }

    def hoso(self, *words: str, status: int = 0, stdin: str = "") -> str:
        """Run a command; gives what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "hoso", *words],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == status, f"hoso {words}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def hoso_json(self, *words: str, stdin: str = "") -> Any:
        """Run a command with `--json`; gives its document."""
        return json.loads(self.hoso(*words, "--json", stdin=stdin))

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command that goes on, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "hoso", *words],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(office: Office) -> Iterator[None]:
    """`hoso serve` with its worker, stopped at the end as an operator would."""
    server = office.start("serve")
    try:
        until(lambda: is_ready(office.address), START_SECONDS)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process with SIGKILL, as a power cut would."""
    process.kill()
    process.wait(30)
