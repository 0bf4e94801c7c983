"""A private S3 server: Ceph's RADOS Gateway over one monitor and one disk in memory.

It is Debian's own (radosgw, ceph-mon, ceph-osd), needs neither root nor a manager, keeps everything
in one folder and listens on loopback only. Two things make it start in seconds: pools of one
placement group each, made beforehand, and a monitor that does not wait between its rounds.

`python -m tests.servers.ceph` runs one until Ctrl-C and prints its address and keys.
"""

import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from string import Template

from tests.servers.shared import Facts, run_until_stopped

# Who may do what, as ceph-authtool wants it.
_KEYS = {
    "mon.": "mon=allow *",
    "client.admin": "mon=allow *;osd=allow *",
    "osd.0": "mon=allow profile osd;osd=allow *",
    "client.rgw": "mon=allow rwx;osd=allow rwx",
}
_POOLS = (
    ".rgw.root",
    "default.rgw.log",
    "default.rgw.control",
    "default.rgw.meta",
    "default.rgw.buckets.index",
    "default.rgw.buckets.data",
    "default.rgw.buckets.non-ec",
)
_CONFIGURATION = Path(__file__).with_name("ceph.conf")
_SECONDS = 60.0


def is_installed() -> bool:
    """Whether Debian's packages are there."""
    return all(shutil.which(name) for name in ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin"))


@dataclass
class Gateway:
    """The one process that clients speak to; what it serves outlives it."""

    facts: Facts
    _start: Callable[[], "subprocess.Popen[bytes]"]
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = self._start()
        _wait_until_it_answers(self.facts["endpoint"])

    def kill(self) -> None:
        """End it at once, as a power cut would; from then on connections are refused."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None


@contextmanager
def ceph(folder: Path) -> Iterator[Facts]:
    """A running gateway: `endpoint`, `access_key`, `secret_key`."""
    with gateway_of_ones_own(folder) as gateway:
        yield gateway.facts


@contextmanager
def gateway_of_ones_own(folder: Path) -> Iterator[Gateway]:
    """A running gateway, to be killed in the middle of things."""
    monitor_port, gateway_port = _free_ports(2)
    keys = {"access_key": secrets.token_hex(8), "secret_key": secrets.token_hex(20)}
    cluster = _Cluster(folder, monitor_port, gateway_port)
    cluster.lay_out()
    with ExitStack() as running:
        running.enter_context(cluster.daemon("ceph-mon", "-i", "a"))
        cluster.make_disk()
        running.enter_context(cluster.daemon("ceph-osd", "-i", "0"))
        cluster.make_pools()
        cluster.make_user("hoso", **keys)
        facts = {"endpoint": f"http://127.0.0.1:{gateway_port}", **keys}
        gateway = Gateway(facts, partial(cluster.start, "radosgw", "-n", "client.rgw"))
        running.callback(gateway.kill)
        gateway.start()
        yield gateway


class _Cluster:
    """One monitor, one disk and one gateway in one folder."""

    def __init__(self, folder: Path, monitor_port: int, gateway_port: int) -> None:
        self._folder, self._id = folder, str(uuid.uuid4())
        self._monitor = f"v2:127.0.0.1:{monitor_port}"
        self._gateway_port = gateway_port

    def lay_out(self) -> None:
        """Configuration, keys, and what the monitor begins with."""
        for name in ("mon", "osd", "run"):
            (self._folder / name).mkdir()
        template = Template(_CONFIGURATION.read_text())
        facts = {"id": self._id, "monitor": self._monitor, "gateway_port": self._gateway_port}
        self._path("ceph.conf").write_text(template.substitute(facts, folder=self._folder))
        keyring, map_ = str(self._path("keyring")), str(self._path("monmap"))
        for name, rights in _KEYS.items():
            create = [] if self._path("keyring").exists() else ["--create-keyring"]
            caps = [word for right in rights.split(";") for word in ("--cap", *right.split("="))]
            self.run("ceph-authtool", *create, keyring, "--gen-key", "-n", name, *caps)
        monitors = ["--create", "--fsid", self._id, "--addv", "a", f"[{self._monitor}]", map_]
        self.run("monmaptool", *monitors)
        self.run("ceph-mon", "-i", "a", "--mkfs", "--monmap", map_, "--keyring", keyring)

    def make_disk(self) -> None:
        """The disk's place in the running monitor's map, and its first state."""
        disk = str(uuid.uuid4())
        self.run("ceph", "osd", "new", disk)
        self.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk)

    def make_pools(self) -> None:
        """The gateway would make them itself, in three times the time."""
        for pool in _POOLS:
            self.run("ceph", "osd", "pool", "create", pool, "1", "1")
            self.run("ceph", "osd", "pool", "application", "enable", pool, "rgw")

    def make_user(self, name: str, *, access_key: str, secret_key: str) -> None:
        """Somebody who may make buckets of their own."""
        keys = [f"--access-key={access_key}", f"--secret-key={secret_key}"]
        user = ["user", "create", f"--uid={name}", f"--display-name={name}", *keys]
        self.run("radosgw-admin", "-n", "client.rgw", *user)

    def run(self, program: str, *arguments: str) -> None:
        """Run a command of Ceph's to its end; raises what it said when it fails."""
        command = [program, "-c", str(self._path("ceph.conf")), *arguments]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_SECONDS
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} {arguments[0]}: {done.stderr[-2000:]}")

    def start(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a program of Ceph's in the foreground; it ends with the process that does so."""
        tied = ["setpriv", "--pdeathsig", "KILL", "--"]
        command = [*tied, program, "-f", "-c", str(self._path("ceph.conf")), *arguments]
        with self._path(f"{program}.out").open("ab") as out:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    @contextmanager
    def daemon(self, program: str, *arguments: str) -> Iterator[None]:
        """A program of Ceph's, ended with the block."""
        running = self.start(program, *arguments)
        try:
            yield
        finally:
            # Nothing in it shall be kept; ending it in order would take seconds.
            running.kill()
            running.wait()

    def _path(self, name: str) -> Path:
        return self._folder / name


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now; each is held until all are known."""
    with ExitStack() as held:
        taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        for each in taken:
            held.enter_context(each)
        return [each.getsockname()[1] for each in taken]


def _wait_until_it_answers(endpoint: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            urllib.request.urlopen(endpoint, timeout=5).close()  # noqa: S310  # http, our own
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    run_until_stopped(ceph)
