"""Components: one paper, its original, its archived copy, its text and its pages.

Seeing a paper needs a purpose (an open dossier or a reason) and leaves an audit entry.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.models import (
    ComponentShown,
    DescriptionGiven,
    FieldDecided,
    FieldShown,
    LiftGiven,
    MarkGiven,
    MarksShown,
    MoveGiven,
    PaperRead,
    ResultGiven,
)
from hoso.archive_api.objects import whole_object
from hoso.archive_api.permission import Clerk, Staff
from hoso.archive_api.pictures import picture_of_archived
from hoso.archive_api.viewing import view_component
from hoso.dossier import attachments, catalogue_store, components, marks, paper_fields
from hoso.dossier.marks import Mark
from hoso.errors import NotArchivedYet, PageUnknown
from hoso.scanner_ingest import batches

router = APIRouter(prefix="/components", tags=["components"])

Purpose = Annotated[
    str, Query(max_length=500, description="Why it is looked at: a dossier's code or a reason.")
]

_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "tiff": "image/tiff",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}


@router.get("/{component_id}", operation_id="getComponent")
def get_component(
    component_id: str, archive: ArchiveOf, actor: Staff, purpose: Purpose = ""
) -> ComponentShown:
    """What is known of a paper."""
    with archive.database.write() as session:
        row = view_component(
            session, component_id, actor=actor, purpose=purpose, at=archive.clock()
        )
        return show.component(catalogue_store.in_force(session), row)


@router.patch("/{component_id}", operation_id="describeComponent")
def describe_component(
    component_id: str, given: DescriptionGiven, archive: ArchiveOf, actor: Staff
) -> ComponentShown:
    """Keep what an officer read on the paper: its number and dates."""
    with archive.database.write() as session:
        read = given.model_dump(exclude_unset=True)
        row = components.describe(session, component_id, by=actor.name, at=archive.clock(), **read)
        return show.component(catalogue_store.in_force(session), row)


@router.get("/{component_id}/fields", operation_id="getFields")
def get_fields(
    component_id: str, archive: ArchiveOf, actor: Staff, purpose: Purpose = ""
) -> PaperRead:
    """What was read on a paper: its kind by the title, and its fields with their places."""
    with archive.database.write() as session:
        row = view_component(
            session, component_id, actor=actor, purpose=purpose, at=archive.clock()
        )
        return show.paper_read(row, paper_fields.of_component(session, row.id))


@router.put("/{component_id}/fields/{key}", operation_id="decideField")
def decide_field(
    component_id: str, key: str, given: FieldDecided, archive: ArchiveOf, actor: Staff
) -> FieldShown:
    """Confirm a field as it was read, or correct it; what was read stays beside it."""
    with archive.database.write() as session:
        row = paper_fields.decide(
            session,
            archive.jobs,
            component_id,
            key,
            given.value,
            seen=given.seen,
            by=actor.name,
            at=archive.clock(),
        )
        return show.field(row)


@router.get("/{component_id}/marks", operation_id="getMarks")
def get_marks(component_id: str, archive: ArchiveOf, _: Staff) -> MarksShown:
    """What stood or stands against using a paper, and the open dossiers that rely on it."""
    with archive.database.read() as session:
        components.by_id(session, component_id)
        return show.marks(session, component_id)


@router.post("/{component_id}/marks", operation_id="markComponent")
def mark_component(
    component_id: str, given: MarkGiven, archive: ArchiveOf, actor: Staff
) -> MarksShown:
    """Have something stand against a paper: it serves no further dossier. Nothing is deleted."""
    with archive.database.write() as session:
        marks.place(
            session,
            component_id,
            given.mark,
            reason=given.reason,
            newer=given.newer,
            by=actor.name,
            at=archive.clock(),
        )
        return show.marks(session, component_id)


@router.post("/{component_id}/marks/{mark}/lift", operation_id="liftMark")
def lift_mark(
    component_id: str, mark: Mark, given: LiftGiven, archive: ArchiveOf, actor: Staff
) -> MarksShown:
    """Take a mark back; what was said and why stays."""
    with archive.database.write() as session:
        marks.lift(
            session, component_id, mark, reason=given.reason, by=actor.name, at=archive.clock()
        )
        return show.marks(session, component_id)


@router.put("/{component_id}/result", operation_id="callResult")
def call_result(
    component_id: str, given: ResultGiven, archive: ArchiveOf, actor: Staff
) -> ComponentShown:
    """Say that a paper is the dossier's result: it serves others once it was handed over."""
    with archive.database.write() as session:
        row = attachments.call_result(
            session, component_id, is_result=given.result, by=actor.name, at=archive.clock()
        )
        return show.component(catalogue_store.in_force(session), row)


@router.post("/{component_id}/move", operation_id="moveComponent")
def move_component(
    component_id: str, given: MoveGiven, archive: ArchiveOf, actor: Clerk
) -> ComponentShown:
    """File a paper under another dossier, because it belongs there."""
    with archive.database.write() as session:
        row = attachments.move(
            session,
            archive.jobs,
            component_id,
            given.dossier,
            reason=given.reason,
            by=actor.name,
            at=archive.clock(),
        )
        return show.component(catalogue_store.in_force(session), row)


@router.get("/{component_id}/original", operation_id="getOriginal")
def get_original(
    component_id: str, archive: ArchiveOf, actor: Staff, purpose: Purpose = ""
) -> Response:
    """The untouched file the paper was scanned in; refused where a citizen's card is in it."""
    with archive.database.write() as session:
        row = view_component(
            session, component_id, actor=actor, purpose=purpose, at=archive.clock()
        )
        batch = batches.by_id(session, row.batch_id)
        batches.refuse_cards(batch)
    return whole_object(archive, row.original, _MEDIA_TYPES[batch.kind], batch.name)


@router.get("/{component_id}/file", operation_id="getArchivedFile")
def get_file(
    component_id: str, archive: ArchiveOf, actor: Staff, purpose: Purpose = ""
) -> Response:
    """The searchable, stamped PDF/A."""
    with archive.database.write() as session:
        row = view_component(
            session, component_id, actor=actor, purpose=purpose, at=archive.clock()
        )
    if row.archived is None:
        raise NotArchivedYet
    return whole_object(archive, row.archived, "application/pdf", f"{row.id}.pdf")


@router.get("/{component_id}/text", operation_id="getText", response_class=PlainTextResponse)
def get_text(component_id: str, archive: ArchiveOf, actor: Staff, purpose: Purpose = "") -> str:
    """The words that were read, a page after a form feed."""
    with archive.database.write() as session:
        row = view_component(
            session, component_id, actor=actor, purpose=purpose, at=archive.clock()
        )
        return "\f".join(entry.page.text for entry in row.pages)


@router.get("/{component_id}/pages/{place}.webp", operation_id="getPagePicture")
def get_picture(
    component_id: str,
    place: int,
    archive: ArchiveOf,
    actor: Staff,
    purpose: Purpose = "",
    width: Annotated[int, Query(ge=64, le=2000)] = 900,
) -> Response:
    """A page of the archived copy as a picture."""
    with archive.database.write() as session:
        row = view_component(
            session, component_id, actor=actor, purpose=purpose, at=archive.clock()
        )
        if not 1 <= place <= len(row.pages):
            raise PageUnknown(page=place)
    return picture_of_archived(archive, row.archived, place, width=width)
