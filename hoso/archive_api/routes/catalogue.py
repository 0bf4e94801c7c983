"""The catalogue in force: procedures, kinds of paper and how sure the archive is of each."""

from dataclasses import asdict

from fastapi import APIRouter

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import ComponentTypeShown, FeeShown, ProcedureShown
from hoso.archive_api.permission import Staff
from hoso.dossier import catalogue_store
from hoso.dossier.receive import limit_in_words

router = APIRouter(tags=["catalogue"])


@router.get("/procedures", operation_id="listProcedures")
def list_procedures(archive: ArchiveOf, _: Staff) -> list[ProcedureShown]:
    """Every procedure with its checklist."""
    with archive.database.read() as session:
        catalogue = catalogue_store.in_force(session)
    return [
        ProcedureShown(
            code=procedure.code,
            name=procedure.name,
            field=catalogue.fields[procedure.field],
            limit=limit_in_words(procedure.limit),
            certainty=procedure.certainty.value,
            requirements=[show.requirement(item) for item in procedure.requirements],
            cases=dict(procedure.cases),
            fees=[FeeShown(**asdict(fee)) for fee in procedure.fees],
        )
        for procedure in catalogue.procedures.values()
    ]


@router.get("/component-types", operation_id="listComponentTypes")
def list_component_types(archive: ArchiveOf, _: Staff) -> list[ComponentTypeShown]:
    """Every kind of paper."""
    with archive.database.read() as session:
        kinds = catalogue_store.in_force(session).component_types.values()
    return [
        ComponentTypeShown(
            key=kind.key,
            title=kind.title,
            sheet_number=kind.sheet_number,
            reuse=kind.rule.reuse.value,
            certainty=kind.certainty.value,
        )
        for kind in kinds
    ]
