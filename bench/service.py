"""Real `hoso serve` processes on a data folder, and clients that ask them.

They ask as fast as they are answered, or at fixed moments, as people at counters do.
"""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.cost import cpu_seconds_of
from bench.report import middle, percentile

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_BOUNDARY = "hoso-bench-boundary"

HEADINGS = ("clients", "per second", "p50 ms", "p95 ms", "p99 ms", "worst ms", "server CPU ms each")


class UnexpectedAnswer(RuntimeError):  # noqa: N818  # named after what is wrong, as in hoso.errors
    """The server said something else than the benchmark needs; a figure would mean nothing."""


@dataclass(frozen=True, slots=True)
class Server:
    """Its web processes, one or more, and where each listens."""

    ports: tuple[int, ...]
    pids: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """User and system time that the server's processes have used so far."""
        return sum(map(cpu_seconds_of, self.pids))


class Client:
    """One program on kept-alive connections, one to each port; it asks them in turn."""

    def __init__(self, *ports: int) -> None:
        self._connections = [
            http.client.HTTPConnection("127.0.0.1", it, timeout=60) for it in ports
        ]
        self._next = cycle(self._connections)

    def post(self, path: str, body: Mapping[str, object], *, token: str) -> Any:
        """The JSON answer to a POST below /api/v1; anything but 200 raises UnexpectedAnswer."""
        given = json.dumps(body).encode()
        return self._answer(path, given, "application/json", token, expected=http.HTTPStatus.OK)

    def upload(self, file: bytes, name: str, fields: Mapping[str, str], *, token: str) -> Any:
        """The JSON answer to a file taken in, or UnexpectedAnswer."""
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        parts.append(f"--{_BOUNDARY}\r\n{head}\r\n\r\n")
        body = "".join(parts).encode() + file + f"\r\n--{_BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        return self._answer("/scans", body, kind, token, expected=http.HTTPStatus.ACCEPTED)

    def _answer(
        self, path: str, body: bytes, kind: str, token: str, *, expected: http.HTTPStatus
    ) -> Any:
        connection = next(self._next)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        connection.request("POST", f"/api/v1{path}", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != expected:
            raise UnexpectedAnswer(f"{path}: {answer.status} {text[:300]!r}")
        return json.loads(text)

    def close(self) -> None:
        """Hang up."""
        for connection in self._connections:
            connection.close()


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


Asking = Callable[[Client, int], Iterator[object]]
"""What a client with its number does: each step is one request."""


@contextmanager
def served(data_dir: Path, database_url: str = "", *, processes: int = 1) -> Iterator[Server]:
    """So many `hoso serve --no-worker` on that data folder, for as long as the block lasts."""
    with ExitStack() as started:
        each = [started.enter_context(_served(data_dir, database_url)) for _ in range(processes)]
        ports, pids = zip(*each, strict=True)
        yield Server(ports, pids)


def environment(data_dir: Path, database_url: str = "") -> dict[str, str]:
    """What a command of hoso's is told; an operator's own settings lead to a real archive."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HOSO_")}
    return {
        **inherited,
        "HOSO_DATA_DIR": str(data_dir),
        "HOSO_DATABASE_URL": database_url,
        "HOSO_LOG_LEVEL": "WARNING",
    }


def drive(
    server: Server, clients: int, seconds: float, make: Asking, *, per_second: float | None = None
) -> Load:
    """Let clients ask, each on its own thread: without pause, or `per_second` in all.

    `make(client, number)` gives an iterator without end; every step of it is one request. At a
    given rate a latency counts from the moment the request was due: a client whose last answer
    was late is late with the next one, and that is the server's doing.
    """
    begin = time.monotonic()

    def ask(number: int) -> list[float]:
        client, latencies = Client(*server.ports), []
        steps = make(client, number)
        for due in _moments(begin + seconds, clients / per_second if per_second else None):
            next(steps)
            latencies.append(time.monotonic() - due)
        client.close()
        return latencies

    with ThreadPoolExecutor(clients) as threads:
        used = server.cpu_seconds()
        all_latencies = list(threads.map(ask, range(clients)))
    return Load(
        clients,
        time.monotonic() - begin,
        [latency for latencies in all_latencies for latency in latencies],
        server.cpu_seconds() - used,
    )


def _moments(end: float, pause: float | None) -> Iterator[float]:
    """When to ask, until `end`: at once again, or a `pause` after the last time one should have."""
    due = time.monotonic() + (random.uniform(0, pause) if pause else 0)
    while max(due, time.monotonic()) < end:
        time.sleep(max(0.0, due - time.monotonic()))
        yield due
        due = due + pause if pause else time.monotonic()


@contextmanager
def _served(data_dir: Path, database_url: str) -> Iterator[tuple[int, int]]:
    """One process: its port and its number."""
    port = _free_port()
    command = [sys.executable, "-m", "hoso", "serve", "--no-worker", "--port", str(port)]
    told = environment(data_dir, database_url)
    process = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(process, port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(_STOP_SECONDS)


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
