"""Lookups in archives of millions, and hand-offs, over HTTP on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import event, text

from bench import handoff, millions
from bench.filled import a_token, an_archive, receive_dossiers
from bench.millions import Millions
from bench.report import note, print_table
from bench.service import HEADINGS, Asking, Client, drive, served
from hoso.archive_api.accounts import Role
from hoso.dossier.lookup import Lookup, look_up
from hoso.dossier.numbers import CitizenId
from hoso.wiring import Archive
from tests.servers.postgres import Postgres, cluster_of_ones_own

_CLIENTS = 16
_PROCEDURE = "1.000894"  # marriage: four requirements, two of them reusable
_UNKNOWN = "001099000000"
_SIZES, _QUICK_SIZES = (1_000_000, 10_000_000), (10_000, 100_000)
_PROCESSES = (1, 2)
_LOOKUPS_A_SECOND = (None, 50.0, 100.0)
_HANDOFFS_A_SECOND = (None, 50.0, 100.0, 200.0)
_SCANS_A_HANDOFF = 2
_HANDOFFS_A_DOSSIER = 4
_MOST_HANDOFFS_A_SECOND = 300
_WARM_HANDOFFS = 300
# What an office's database would be given, too: the default is 128 MB.
_SERVER = {"shared_buffers": "2GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}


def print_lookups(*, quick: bool) -> None:
    """Lookups in archives of two sizes, by one web process and by two; and their query plans."""
    rows, plans = [], []
    for components in _QUICK_SIZES if quick else _SIZES:
        with _roomy_cluster() as server, TemporaryDirectory() as name:
            folder = Path(name)
            with an_archive(folder, server.url) as archive:
                size = millions.fill(archive, components)
                token = a_token(archive, "bench-clerk", Role.CLERK)
                plans = list(_plans(archive, size))
                told = [f"{components:,}", _gigabytes(archive)]
            make, seconds = _asking(size, token), 3.0 if quick else 12.0
            loads = _loads(folder, server, make, _LOOKUPS_A_SECOND, seconds)
            rows += [[*told, *row] for row in loads]
    print(f"\nLookups, {_CLIENTS} clients on the server's cores; one in ten asks for an unknown "
          "person; at a rate, latency counts from the moment a request was due:\n")  # fmt: skip
    print_table(("components", "GB", "web processes", "asked for", *HEADINGS[1:]), rows)
    print("\nQueries of a lookup in the larger archive (EXPLAIN ANALYZE):\n")
    print_table(("statement on", "how the rows are found", "rows", "ms"), plans)


def print_handoffs(*, quick: bool) -> None:
    """Hand-offs of sixteen desks, by one web process and by two."""
    seconds = 3.0 if quick else 10.0
    rates = [rate or _MOST_HANDOFFS_A_SECOND for rate in _HANDOFFS_A_SECOND]
    handoffs = (sum(rates) * seconds + _WARM_HANDOFFS) * len(_PROCESSES)
    with _roomy_cluster() as server, TemporaryDirectory() as name:
        folder = Path(name)
        with an_archive(folder, server.url) as archive:
            count = round(handoffs / _HANDOFFS_A_DOSSIER) + _CLIENTS
            note(f"receiving {count} dossiers")
            dossiers = iter(receive_dossiers(archive, [handoff.PROCEDURE] * count))
            make = handoff.carrying(dossiers, handoff.readers(archive))
        rows = list(
            _loads(folder, server, make, _HANDOFFS_A_SECOND, seconds, requests=_SCANS_A_HANDOFF)
        )
    print(f"\nHand-offs, {_CLIENTS} desks: two scans each; per second counts hand-offs, latencies "
          "are of one scan:\n")  # fmt: skip
    print_table(("web processes", "asked for", *HEADINGS[1:]), rows)


def _loads(
    folder: Path,
    server: Postgres,
    make: Asking,
    rates: tuple[float | None, ...],
    seconds: float,
    *,
    requests: int = 1,
) -> Iterator[list[str]]:
    """A row for each number of web processes and each rate (None: as fast as they answer)."""
    for processes in _PROCESSES:
        with served(folder, server.url, processes=processes) as web:
            note(f"{processes} web processes: warming up")
            drive(web, _CLIENTS, 3.0, make, per_second=50.0)
            for rate in rates:
                note(f"{processes} web processes: {rate or 'without pause'}")
                wanted = rate * requests if rate else None
                load = drive(web, _CLIENTS, seconds, make, per_second=wanted)
                said = f"{rate:.0f}/s" if rate else "without pause"
                yield [str(processes), said, *load.row(requests_each=requests)[1:]]


def _asking(size: Millions, token: str) -> Asking:
    def ask(client: Client, number: int) -> Iterator[object]:
        rng = Random(number)
        while True:
            citizen = _UNKNOWN if rng.random() < 0.1 else size.number(rng)
            body = {"citizen_id": citizen, "procedure": _PROCEDURE, "purpose": _PROCEDURE}
            yield client.post("/lookups", body, token=token)

    return ask


@contextmanager
def _roomy_cluster() -> Iterator[Postgres]:
    with cluster_of_ones_own() as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            for name, value in _SERVER.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.stop()
        server.start()
        yield server


def _gigabytes(archive: Archive) -> str:
    with archive.database.read() as session:
        size = session.scalar(text("SELECT pg_database_size(current_database())")) or 0
    return f"{size / 1e9:.1f}"


def _plans(archive: Archive, size: Millions) -> Iterator[list[str]]:
    """How the server finds the rows of each question that one lookup asks."""
    number = CitizenId(size.number(Random(3)))
    asked = Lookup(number=number, purpose=_PROCEDURE, procedure=_PROCEDURE)
    questions: list[tuple[str, Any]] = []

    def keep(_: object, __: object, statement: str, given: Any, *___: object) -> None:
        if statement.startswith("SELECT"):
            questions.append((statement, given))

    for _ in range(2):  # the first one fills the server's memory
        questions.clear()
        with archive.database.write() as session:
            connection = session.connection()
            event.listen(connection, "before_cursor_execute", keep)
            look_up(session, asked, by="bench", at=archive.clock())
            event.remove(connection, "before_cursor_execute", keep)
    with archive.database.write() as session:
        for statement, given in questions:
            explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
            [found] = session.connection().exec_driver_sql(explain, given).scalar_one()
            nodes = list(_nodes(found["Plan"]))
            tables = [node["Relation Name"] for node in nodes if "Relation Name" in node]
            how = [_how(node) for node in nodes if "Relation Name" in node or "Index Name" in node]
            rows = found["Plan"]["Actual Rows"]
            yield [", ".join(tables), "; ".join(how), f"{rows:g}", f"{found['Execution Time']:.2f}"]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _how(node: dict[str, Any]) -> str:
    index = node.get("Index Name")
    return f"{node['Node Type']} {index}" if index else f"{node['Node Type']}"
