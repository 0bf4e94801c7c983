"""Machines of an office: each with a data folder, a name, a clock and a hoso process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chaos.clocks import Clock
from tests.e2e.service import is_ready
from tests.waiting import until

START_SECONDS = 180.0
_STOP_SECONDS = 60.0


@dataclass
class Machine:
    """One hoso process and what it lives on; started, killed, stopped and let go on at will.

    `within` are the words of a command that runs another one elsewhere (a network namespace).
    """

    name: str
    folder: Path
    words: Sequence[str]
    environment: Mapping[str, str]
    within: Sequence[str] = ()
    clock: Clock | None = None
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        """Start the process; it ends with the one that started it."""
        for each in (self.data_dir, self.temp_dir):
            each.mkdir(parents=True, exist_ok=True)
        tied = ["setpriv", "--pdeathsig", "KILL", "--"]
        hoso = [sys.executable, "-m", "hoso", *self.words]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*tied, *self.within, *self._named(), *hoso],
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None

    def stop(self) -> None:
        """As an operator would; killed when it does not end in time."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def hold_up(self) -> None:
        """Stop it in the middle of what it does (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on as if nothing had happened (SIGCONT)."""
        self._signal(signal.SIGCONT)

    @property
    def data_dir(self) -> Path:
        """What the machine keeps."""
        return self.folder / "data"

    @property
    def temp_dir(self) -> Path:
        """Its folder for temporary files."""
        return self.folder / "tmp"

    @property
    def pid(self) -> int:
        """The process that was started last."""
        assert self.process is not None, f"{self.name} does not run"
        return self.process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def _signal(self, number: signal.Signals) -> None:
        """To the whole tree, as a machine that stands still has it."""
        os.killpg(self.pid, number)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOSO_")}
        chosen = {
            **kept,
            **self.environment,
            "HOSO_DATA_DIR": str(self.data_dir),
            "TMPDIR": str(self.temp_dir),
            "OMP_THREAD_LIMIT": "1",
        }
        return {**chosen, **(self.clock.environment if self.clock else {})}

    def _named(self) -> list[str]:
        """A host name of its own: workers of one machine find each other dead sooner."""
        if os.geteuid() != 0:
            return []
        script = 'hostname "$0" && exec "$@"'
        return ["unshare", "--uts", "sh", "-c", script, self.name]


def wait_until_it_serves(address: str) -> None:
    """Until the web server answers and has its database."""
    until(lambda: is_ready(address), START_SECONDS)
