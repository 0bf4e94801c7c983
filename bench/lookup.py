"""Lookups per second through the HTTP API, on an archive of 100,000 components."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench.filled import a_token, an_archive, fill
from bench.report import asked_for, note, print_report
from bench.service import HEADINGS, Client, Server, drive, served
from hoso.archive_api.accounts import Role

_CLIENTS = (1, 4, 16)
_PROCEDURE = "1.000894"  # marriage: four requirements, two of them reusable
_UNKNOWN = "001099000000"
_WARM_UP_SECONDS = 2.0


def main() -> None:
    """Fill an archive, serve it, and ask for random people with 1, 4 and 16 clients."""
    quick, database_url = asked_for("lookups per second")
    components, owners = (3_000, 900) if quick else (100_000, 30_000)
    with TemporaryDirectory() as name:
        folder = Path(name)
        with an_archive(folder, database_url) as archive:
            numbers = fill(archive, components=components, owners=owners)
            token = a_token(archive, "bench-clerk", Role.CLERK)
            database = archive.database.server()
        with served(folder, database_url) as server:
            rows = _rows(server, numbers, token, seconds=3 if quick else 15)
    print_report(
        f"Lookups: {components:,} components of {owners:,} owners, {database}; "
        "one in ten asks for an unknown person; clients share the machine with the server",
        HEADINGS,
        rows,
        packages=("sqlalchemy", "fastapi", "uvicorn"),
    )


def _rows(server: Server, numbers: list[str], token: str, *, seconds: float) -> list[list[str]]:
    def ask(client: Client, number: int) -> Iterator[object]:
        rng = Random(number)
        while True:
            citizen = _UNKNOWN if rng.random() < 0.1 else rng.choice(numbers)
            body = {"citizen_id": citizen, "procedure": _PROCEDURE, "purpose": _PROCEDURE}
            yield client.post("/lookups", body, token=token)

    note("warming up")
    drive(server, 1, _WARM_UP_SECONDS, ask)
    rows = []
    for clients in _CLIENTS:
        note(f"{clients} clients")
        rows.append(drive(server, clients, seconds, ask).row())
    return rows


if __name__ == "__main__":
    main()
