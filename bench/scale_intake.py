"""How soon a scan is acknowledged while every core reads pages."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.filled import a_token, an_archive, receive_dossiers
from bench.report import cores, middle, note, percentile, print_table
from bench.service import Client, Server, served
from bench.working import PAGES_A_FILE, a_file, one_of, take_in_pages, wait_for_reading, working
from hoso.archive_api.accounts import Role
from hoso.wiring import Archive
from tests.servers.postgres import Postgres, cluster_of_ones_own

_PROCEDURE, _PAPER = "1.001193", "birth_attestation"
_PAUSE_SECONDS = 1.0
# None: no worker at all. Else how far it steps back for others.
_NICENESSES = (None, 0, 10)


def print_intake(*, quick: bool) -> None:
    """Upload files of twenty pages, one a second: at rest, then while a worker reads."""
    uploads, queued = (5, 60) if quick else (60, 400)
    with (
        cluster_of_ones_own() as server,
        TemporaryDirectory() as name,
        an_archive(Path(name), server.url) as archive,
    ):
        take_in_pages(archive, queued)
        token = a_token(archive, "bench-clerk", Role.CLERK)
        with served(Path(name), server.url) as web:
            rows = []
            for niceness in _NICENESSES:
                with _at_work(archive, server, niceness):
                    rows.append(_row(niceness, _upload(archive, web, token, uploads)))
    print(f"\nAcknowledgment of a scan of {PAGES_A_FILE} pages, {uploads} uploads one a second, "
          "stored and committed; `hoso work` reads on every core:\n")  # fmt: skip
    print_table(("worker", "uploads", "p50 ms", "p95 ms", "p99 ms", "worst ms"), rows)


@contextmanager
def _at_work(archive: Archive, server: Postgres, niceness: int | None) -> Iterator[None]:
    """A worker that is reading on every core, unless there shall be none."""
    note(f"uploading, worker's niceness {niceness}")
    if niceness is None:
        yield
        return
    assert server.process is not None
    pid = server.process.pid
    with working(archive, pid, workers=1, processes=cores(), niceness=niceness):
        wait_for_reading(archive)
        yield


def _row(niceness: int | None, seconds: Sequence[float]) -> list[str]:
    took = [1000 * each for each in seconds]
    return [
        "none" if niceness is None else f"niceness {niceness}",
        str(len(took)),
        f"{middle(took):.0f}",
        *(f"{percentile(took, share):.0f}" for share in (95, 99)),
        f"{max(took):.0f}",
    ]


def _upload(archive: Archive, web: Server, token: str, uploads: int) -> list[float]:
    """Seconds of each upload; every one is a file of its own for a dossier of its own."""
    client, took = Client(*web.ports), []
    whole = a_file(archive.settings.data_dir / "upload.pdf")
    for dossier in receive_dossiers(archive, [_PROCEDURE] * uploads):
        file = one_of(whole, dossier.code)
        claim = {"dossier": dossier.code, "component_type": _PAPER}
        begun = time.monotonic()
        client.upload(file, "scan.pdf", claim, token=token)
        took.append(time.monotonic() - begun)
        time.sleep(_PAUSE_SECONDS)
    client.close()
    return took
