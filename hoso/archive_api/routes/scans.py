"""Scans: files taken in, how far they are, and pages that nobody claimed."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from hoso.archive_api import show
from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.language import language_of
from hoso.archive_api.models import (
    LARGEST_NUMBER,
    BatchShown,
    ClaimGiven,
    ComponentShown,
    ReceiptShown,
)
from hoso.archive_api.permission import Clerk, Staff
from hoso.archive_api.pictures import picture_of_page, turn_of
from hoso.archive_api.uploads import Upload, received_upload
from hoso.audit import log as audit
from hoso.dossier import catalogue_store, pages
from hoso.errors import CardNotKept
from hoso.scanner_ingest import batches, filing
from hoso.scanner_ingest.intake import Claim, WayIn
from hoso.scanner_ingest.seen import is_card
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file

router = APIRouter(prefix="/scans", tags=["scans"])

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "dossier": {"type": "string"},
                        "component_type": {"type": "string"},
                    },
                }
            }
        },
    }
}


@router.post("", operation_id="takeInScan", status_code=HTTPStatus.ACCEPTED, openapi_extra=_FORM)
async def take_in_scan(
    request: Request, response: Response, archive: ArchiveOf, actor: Clerk
) -> ReceiptShown:
    """Take a file in. It is stored and its batch committed before this answers."""
    limit = archive.settings.max_upload_bytes
    async with received_upload(request, archive.incoming_dir, max_bytes=limit) as upload:
        receipt = await run_in_threadpool(_take_in, archive, upload, actor)
    if receipt.already:
        response.status_code = HTTPStatus.OK
    response.headers["Location"] = receipt.href
    return receipt


@router.get("/{batch_id}", operation_id="getScan")
def get_scan(batch_id: str, request: Request, archive: ArchiveOf, _: Staff) -> BatchShown:
    """A batch: its pages, what was filed, and what is asked about."""
    with archive.database.read() as session:
        return show.batch(session, batches.by_id(session, batch_id), language_of(request))


@router.post("/{batch_id}/claims", operation_id="claimPages", status_code=HTTPStatus.CREATED)
def claim_pages(
    batch_id: str, claim: ClaimGiven, archive: ArchiveOf, actor: Clerk
) -> ComponentShown:
    """File pages that nobody had claimed. Claiming a page twice is refused."""
    with archive.database.write() as session:
        component = filing.claim_pages(
            session,
            batch_id,
            sorted(set(claim.pages)),
            dossier_code=claim.dossier,
            component_type=claim.component_type,
            jobs=archive.jobs,
            by=actor.name,
            at=archive.clock(),
        )
        return show.component(catalogue_store.in_force(session), component)


@router.get("/{batch_id}/pages/{place}.webp", operation_id="getScanPagePicture")
def get_picture(
    batch_id: str,
    place: Annotated[int, Path(ge=1, le=LARGEST_NUMBER)],
    archive: ArchiveOf,
    actor: Staff,
    width: Annotated[int, Query(ge=64, le=2000)] = 900,
) -> Response:
    """A page as scanned, turned upright once it was read. Looking at it is noted.

    A citizen's card is shown to nobody.
    """
    with archive.database.write() as session:
        batch = batches.by_id(session, batch_id)
        found = pages.at_places(session, str(batch.source), [place])
        page = pages.by_id(session, found[0].id if found else 0)
        if is_card(page):
            raise CardNotKept(pages=place)
        turn = turn_of(page)
        audit.record(
            session,
            "scan.viewed",
            batch.id,
            actor=actor.name,
            at=archive.clock(),
            purpose=f"scan {batch.id}",
            place=place,
        )
    return picture_of_page(archive, page, turn=turn, width=width)


def _take_in(archive: Archive, upload: Upload, actor: Actor) -> ReceiptShown:
    claim = Claim(upload.fields.get("dossier") or None, upload.fields.get("component_type") or None)
    receipt = take_in_file(
        archive, upload.path, upload.name, way_in=WayIn.UPLOAD, by=actor.name, claim=claim
    )
    return ReceiptShown(
        batch=receipt.batch_id,
        already=receipt.already,
        href=f"/api/v1/scans/{receipt.batch_id}",
    )
