"""What a desk does: hand a dossier over."""

import uuid
from typing import Annotated

import typer

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import actor, say, say_json


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("handoff")(handoff)


def handoff(
    code: Annotated[str, typer.Argument(help="Dossier code, as on the slip.")],
    to: Annotated[str, typer.Option("--to", help="Desk that gets it, e.g. justice-office.")],
    as_json: AsJson = False,
) -> None:
    """Hand a dossier from the desk that holds it to another: the giver's and receiver's scans."""
    from hoso.archive_api import show
    from hoso.dossier import catalogue_store, dossiers, handoffs
    from hoso.dossier.handoffs import NewScan

    with opened_archive() as archive, archive.database.write() as session:
        catalogue_store.desk(session, to)
        dossier = dossiers.by_code(session, code, lock=True)
        giver = handoffs.ledger_of(session, dossier).holder
        at = archive.clock()
        for desk, target in ((giver, to), (to, None)):
            scan = NewScan(event_id=uuid.uuid4().hex, code=code, desk=desk, to=target)
            answer = handoffs.record(session, scan, by=actor(), at=at)
            if answer.outcome != "accepted":
                break
        shown = show.desk_scan(catalogue_store.in_force(session), answer, "vi")
    if as_json:
        say_json(shown.model_dump(mode="json"))
    else:
        say(shown.sentence)
    if shown.outcome != "accepted":
        raise typer.Exit(1)
