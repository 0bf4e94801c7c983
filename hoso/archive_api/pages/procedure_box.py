"""The list a procedure is chosen from, field by field."""

from hoso.dossier import catalogue_store
from hoso.dossier.catalogue import Catalogue, DeskKind, Procedure
from hoso.wiring import Archive


def procedures_by_field(archive: Archive) -> list[tuple[str, list[Procedure]]]:
    """Every procedure under the name of its field, both in the catalogue's order."""
    with archive.database.read() as session:
        catalogue = catalogue_store.in_force(session)
    by_field: dict[str, list[Procedure]] = {key: [] for key in catalogue.fields}
    for procedure in catalogue.procedures.values():
        by_field[procedure.field].append(procedure)
    return [(catalogue.fields[key], chosen) for key, chosen in by_field.items() if chosen]


def receiving_desk(catalogue: Catalogue, procedure: Procedure, own: str | None) -> str:
    """Where a dossier is received, unless the clerk says otherwise.

    The account's own desk, else the counter that takes the procedure's field in, else the first.
    """
    if own is not None:
        return own
    counters = [desk for desk in catalogue.desks.values() if desk.kind is DeskKind.INTAKE]
    taking = (desk for desk in counters if not desk.fields or procedure.field in desk.fields)
    return next(taking, counters[0]).key
