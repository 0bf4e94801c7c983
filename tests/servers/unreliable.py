"""A way to a server that a test can cut, stop up or answer for."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_PIECE_BYTES = 16 * 1024


@dataclass
class Way:
    """What happens on the way; a test changes it while connections are open."""

    endpoint: str
    cut_after_sent: int | None = None  # bytes over all connections: none gets on after that
    cut_after_received: int | None = None  # bytes of each connection
    answer: bytes | None = None
    silent: bool = False
    slow_seconds: float = 0.0  # before each piece of an answer
    connections: int = 0
    sent: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def mend(self) -> None:
        """Let everything through again."""
        self.cut_after_sent = self.cut_after_received = self.answer = None
        self.silent, self.slow_seconds = False, 0.0

    def cut_all(self) -> None:
        """End every connection there is: a client's pool would go on with one of them."""
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def a_way_to(endpoint: str, *, at: str = "127.0.0.1") -> Iterator[Way]:
    """An address of the interface `at` that leads to `endpoint`, both `http://host:port`."""
    host, _, port = endpoint.removeprefix("http://").partition(":")
    with socket.create_server((at, 0)) as listening:
        way = Way(f"http://{at}:{listening.getsockname()[1]}")
        accepting = threading.Thread(target=_accept, args=(listening, (host, int(port)), way))
        accepting.start()
        try:
            yield way
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            way.cut_all()
            accepting.join()


def _accept(listening: socket.socket, there: tuple[str, int], way: Way) -> None:
    with contextlib.suppress(OSError):  # it was shut: the test is over
        while True:
            client, _ = listening.accept()
            way.connections += 1
            threading.Thread(target=_lead, args=(client, there, way), daemon=True).start()


def _lead(client: socket.socket, there: tuple[str, int], way: Way) -> None:
    """One connection, from its first byte to its end."""
    with contextlib.suppress(OSError), client, socket.create_connection(there) as server:
        way._open += [client, server]
        if way.answer is not None:
            client.recv(_PIECE_BYTES)
            client.sendall(way.answer)
            return
        back = threading.Thread(target=_carry, args=(server, client, way), daemon=True)
        back.start()
        _carry(client, server, way, sending=True)
        back.join()


def _carry(
    source: socket.socket, target: socket.socket, way: Way, *, sending: bool = False
) -> None:
    received = 0
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE_BYTES):
            if sending:
                way.sent += len(piece)
                is_cut = way.cut_after_sent is not None and way.sent > way.cut_after_sent
            else:
                received += len(piece)
                is_cut = way.cut_after_received is not None and received > way.cut_after_received
            if is_cut:
                break
            if way.slow_seconds and not sending:
                time.sleep(way.slow_seconds)
            if not way.silent:
                target.sendall(piece)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
