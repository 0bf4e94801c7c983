"""A real `hoso serve` process on a data folder, and clients that ask it as fast as it answers."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.report import middle, percentile

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0

HEADINGS = ("clients", "per second", "p50 ms", "p95 ms", "p99 ms", "worst ms", "server CPU ms each")


class UnexpectedAnswer(RuntimeError):  # noqa: N818  # named after what is wrong, as in hoso.errors
    """The server said something else than the benchmark needs; a figure would mean nothing."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and its process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time that the server process has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Client:
    """One program on one kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(self, path: str, body: Mapping[str, object], *, token: str) -> Any:
        """The JSON answer to a POST below /api/v1; anything but 200 raises UnexpectedAnswer."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise UnexpectedAnswer(f"{path}: {answer.status} {text[:300]!r}")
        return json.loads(text)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Load:
    """So many clients for so long: how long each request took, and the server's CPU time."""

    clients: int
    seconds: float
    latencies: Sequence[float]
    server_cpu_seconds: float

    def row(self, *, requests_each: int = 1) -> list[str]:
        """A row under `HEADINGS`; what is counted per second may take several requests."""
        done = len(self.latencies) / requests_each
        milliseconds = [1000 * latency for latency in self.latencies]
        return [
            str(self.clients),
            f"{done / self.seconds:.0f}",
            f"{middle(milliseconds):.1f}",
            f"{percentile(milliseconds, 95):.1f}",
            f"{percentile(milliseconds, 99):.1f}",
            f"{max(milliseconds):.0f}",
            f"{1000 * self.server_cpu_seconds / done:.1f}",
        ]


@contextmanager
def served(data_dir: Path, database_url: str = "") -> Iterator[Server]:
    """`hoso serve --no-worker` on that data folder, for as long as the block lasts."""
    port = _free_port()
    command = [sys.executable, "-m", "hoso", "serve", "--no-worker", "--port", str(port)]
    # An operator's own settings must not lead the benchmark to a real archive.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HOSO_")}
    environment = {
        **inherited,
        "HOSO_DATA_DIR": str(data_dir),
        "HOSO_DATABASE_URL": database_url,
        "HOSO_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(_STOP_SECONDS)


def drive(
    server: Server, clients: int, seconds: float, make: Callable[[Client, int], Iterator[object]]
) -> Load:
    """Let clients ask without pause, each on its own thread and connection.

    `make(client, number)` gives an iterator without end; every step of it is one request.
    """
    end = time.monotonic() + seconds

    def ask(number: int) -> list[float]:
        client, latencies = Client(server.port), []
        steps = make(client, number)
        while (begun := time.monotonic()) < end:
            next(steps)
            latencies.append(time.monotonic() - begun)
        client.close()
        return latencies

    used, begun = server.cpu_seconds(), time.monotonic()
    with ThreadPoolExecutor(clients) as threads:
        all_latencies = list(threads.map(ask, range(clients)))
    return Load(
        clients,
        time.monotonic() - begun,
        [latency for latencies in all_latencies for latency in latencies],
        server.cpu_seconds() - used,
    )


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise UnexpectedAnswer(f"hoso serve did not start (exit code {process.poll()})")
