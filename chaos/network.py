"""A network of the scenario's own: a namespace with two cables, each of which can be cut."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cable:
    """One way out of the namespace; `outside` is the address at its other end."""

    name: str
    outside: str

    def cut(self) -> None:
        """Nothing gets through any more, and nobody is told."""
        _ip("link", "set", self.name, "down")

    def mend(self) -> None:
        """Everything gets through again."""
        _ip("link", "set", self.name, "up")


@dataclass(frozen=True, slots=True)
class Namespace:
    """Where a process sees nothing of the network but these two cables."""

    name: str
    to_store: Cable
    to_database: Cable

    @property
    def within(self) -> list[str]:
        """The words of a command that runs another one in here."""
        return ["ip", "netns", "exec", self.name]


@contextmanager
def a_namespace() -> Iterator[Namespace]:
    """A namespace that goes with the block, its cables with it. Needs root."""
    tag = secrets.token_hex(3)
    name = f"hoso-{tag}"
    _ip("netns", "add", name)
    try:
        _ip("-n", name, "link", "set", "lo", "up")
        yield Namespace(name, _cable(name, f"hs{tag}", 1), _cable(name, f"hd{tag}", 2))
    finally:
        # Its ends of the cables go with it, and a cable with one of its ends.
        _ip("netns", "del", name)


def _cable(namespace: str, name: str, number: int) -> Cable:
    net = f"198.18.{number}"  # RFC 2544: for tests, routed nowhere
    _ip("link", "add", name, "type", "veth", "peer", "name", "far", "netns", namespace)
    _ip("-n", namespace, "link", "set", "far", "name", f"out{number}")
    _ip("addr", "add", f"{net}.1/30", "dev", name)
    _ip("-n", namespace, "addr", "add", f"{net}.2/30", "dev", f"out{number}")
    _ip("link", "set", name, "up")
    _ip("-n", namespace, "link", "set", f"out{number}", "up")
    return Cable(name, f"{net}.1")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
