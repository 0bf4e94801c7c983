"""Hand-offs per second through the HTTP API: the giver's scan and the receiver's."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.filled import COUNTER, a_token, an_archive, receive_dossiers
from bench.report import asked_for, note, print_report
from bench.service import HEADINGS, Client, Server, UnexpectedAnswer, drive, served
from hoso.archive_api.accounts import Role
from hoso.dossier.tables import Dossier

_CLIENTS = (1, 4, 16)
_PROCEDURE = "1.004873"
# A dossier's way through the office; every pair is one hand-off.
_WAY = (COUNTER, "justice-office", "signing", "justice-office", "return")
_SCANS_A_HANDOFF = 2
_WARM_UP_SECONDS = 2.0
_MOST_DOSSIERS_A_SECOND = 60


def main() -> None:
    """Receive dossiers, serve them, and carry them through the office with 1, 4 and 16 clients."""
    quick, database_url = asked_for("hand-offs per second")
    seconds = 3.0 if quick else 15.0
    count = round(_MOST_DOSSIERS_A_SECOND * (seconds * len(_CLIENTS) + _WARM_UP_SECONDS))
    with TemporaryDirectory() as name:
        folder = Path(name)
        with an_archive(folder, database_url) as archive:
            note(f"receiving {count} dossiers")
            dossiers = receive_dossiers(archive, [_PROCEDURE] * count)
            tokens = {
                desk: a_token(archive, f"reader-{desk}", Role.DEVICE, desk=desk)
                for desk in sorted(set(_WAY))
            }
        with served(folder, database_url) as server:
            rows = _rows(server, iter(dossiers), tokens, seconds)
    print_report(
        f"Hand-offs: two scans each, {len(_WAY) - 1} hand-offs a dossier; per second counts "
        "hand-offs, latencies are of one scan; clients share the machine with the server",
        HEADINGS,
        rows,
        packages=("sqlalchemy", "fastapi", "uvicorn"),
    )


def _rows(
    server: Server, dossiers: Iterator[Dossier], tokens: Mapping[str, str], seconds: float
) -> list[list[str]]:
    def carry(client: Client, _: int) -> Iterator[object]:
        for dossier in dossiers:
            yield from _carry(client, dossier, _WAY, tokens)

    note("warming up")
    drive(server, 1, _WARM_UP_SECONDS, carry)
    rows = []
    for clients in _CLIENTS:
        note(f"{clients} clients")
        load = drive(server, clients, seconds, carry)
        rows.append(load.row(requests_each=_SCANS_A_HANDOFF))
    return rows


def _carry(
    client: Client, dossier: Dossier, way: Sequence[str], tokens: Mapping[str, str]
) -> Iterator[object]:
    """Scan a dossier from desk to desk; every scan must be accepted."""
    for giver, receiver in pairwise(way):
        for desk, more in ((giver, {"to": receiver}), (receiver, {})):
            body = {"event_id": uuid.uuid4().hex, "code": dossier.code, **more}
            answer = client.post(f"/desks/{desk}/scans", body, token=tokens[desk])
            if answer["outcome"] != "accepted":
                raise UnexpectedAnswer(str(answer))
            yield answer


if __name__ == "__main__":
    main()
