"""Dossiers: received, looked at, moved on, with their slip, trail and bundle."""

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from hoso.archive_api import show
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.idempotency import IdempotencyKey, answer_once
from hoso.archive_api.language import language_of
from hoso.archive_api.models import (
    LARGEST_NUMBER,
    AttachGiven,
    DossierGiven,
    DossierShown,
    DossiersShown,
    StatusGiven,
    TrailShown,
)
from hoso.archive_api.objects import whole_object
from hoso.archive_api.owner_numbers import card_warnings, name_warnings, owner_given, warnings_of
from hoso.archive_api.permission import Clerk, Staff
from hoso.archive_api.viewing import view_dossier
from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.dossier import attachments, catalogue_store, dossiers, owners, receive, slips, trail
from hoso.dossier.asking import Ask
from hoso.dossier.catalogue import DeskKind
from hoso.dossier.receive import NewDossier, Submitter
from hoso.dossier.status import Status
from hoso.errors import NotArchivedYet, RequestMalformed
from hoso.wiring import Archive

router = APIRouter(prefix="/dossiers", tags=["dossiers"])

IfMatch = Annotated[str | None, Header(description="The ETag that the edit was made on.")]


@router.post("", operation_id="receiveDossier", status_code=HTTPStatus.CREATED)
def receive_dossier(
    given: DossierGiven,
    request: Request,
    response: Response,
    archive: ArchiveOf,
    actor: Clerk,
    idempotency_key: IdempotencyKey = None,
) -> DossierShown:
    """Receive a dossier: it has its code, due date and slip at once."""
    at = archive.clock()
    number, card = owner_given(given, today=local_date(at))
    name = given.owner_name or (card.name if card else "")
    new = NewDossier(
        procedure=given.procedure,
        owner_number=number,
        owner_name=name,
        old_number=card.old_number if card else None,
        card=card,
        submitter=Submitter(**given.submitter.model_dump()),
        reused=given.reuse,
        asked_again={key: Ask(ask.reason, ask.note) for key, ask in given.ask_again.items()},
        cases=frozenset(given.cases),
    )
    with archive.database.write() as session:

        def make() -> DossierShown:
            warnings = card_warnings(card, owners.find(session, number), name=name)
            desk = given.desk or actor.desk or _first_intake_desk(archive)
            row = receive.receive(
                session, new, desk=desk, by=actor.name, receiver=actor.full_name, at=at
            )
            if given.reuse:
                attachments.papers_changed(session, archive.jobs, row.code)
            shown = show.dossier(
                session,
                row,
                public_url=archive.settings.public_url,
                language=language_of(request),
            )
            warnings += warnings_of(number) + name_warnings(name, row.owner)
            return shown.model_copy(update={"warnings": list(dict.fromkeys(warnings))})

        shown = answer_once(
            session, idempotency_key, make, kind=DossierShown, asked=given, actor=actor.name, at=at
        )
    response.headers["Location"] = f"/api/v1/dossiers/{shown.code}"
    return shown


@router.get("", operation_id="listDossiers")
def list_dossiers(
    request: Request,
    archive: ArchiveOf,
    _: Staff,
    cursor: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DossiersShown:
    """Dossiers, newest first."""
    with archive.database.read() as session:
        rows = dossiers.newest(session, before=cursor, limit=limit)
        items = [show.dossier_listed(row, language_of(request)) for row in rows]
    return DossiersShown(items=items, next=str(rows[-1].number) if len(rows) == limit else None)


@router.get("/{code}", operation_id="getDossier")
def get_dossier(
    code: str, request: Request, response: Response, archive: ArchiveOf, actor: Staff
) -> DossierShown:
    """A dossier with its checklist. Looking at it is noted."""
    with archive.database.write() as session:
        row = view_dossier(session, code, actor=actor, at=archive.clock())
        response.headers["ETag"] = f'"{row.version}"'
        return show.dossier(
            session, row, public_url=archive.settings.public_url, language=language_of(request)
        )


@router.get("/{code}/slip.pdf", operation_id="getSlip")
def get_slip(code: str, archive: ArchiveOf, actor: Staff) -> Response:
    """The appointment slip (form 01, A5), read back before it is given."""
    with archive.database.read() as session:
        row = dossiers.by_code(session, code)
        pdf = slips.slip_of(session, row, public_url=archive.settings.public_url)
    with archive.database.write() as session:
        audit.record(session, "slip.issued", row.code, actor=actor.name, at=archive.clock())
    headers = {
        "Content-Disposition": f'inline; filename="{row.code}_BM-VP01.02.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/{code}/bundle.pdf", operation_id="getBundle")
def get_bundle(code: str, archive: ArchiveOf, actor: Staff) -> Response:
    """The whole dossier as one PDF/A, beginning with its slip."""
    with archive.database.write() as session:
        row = view_dossier(session, code, actor=actor, at=archive.clock())
        if row.bundle_sha256 is None:
            raise NotArchivedYet
    return whole_object(archive, row.bundle_sha256, "application/pdf", f"{row.code}.pdf")


@router.get("/{code}/trail", operation_id="getTrail")
def get_trail(code: str, request: Request, archive: ArchiveOf, _: Staff) -> TrailShown:
    """Who holds the dossier, since when, how long each desk had it, on time or not."""
    at = archive.clock()
    with archive.database.read() as session:
        found = trail.trail_of(session, code, at=at)
        catalogue = catalogue_store.in_force(session)
    return show.trail(catalogue, found, at=at, language=language_of(request))


@router.put("/{code}/components/{requirement}", operation_id="attachComponent")
def attach_component(
    code: str,
    requirement: str,
    given: AttachGiven,
    request: Request,
    response: Response,
    archive: ArchiveOf,
    actor: Clerk,
    if_match: IfMatch = None,
) -> DossierShown:
    """Have a component that was submitted earlier serve a requirement, by reference."""
    with archive.database.write() as session:
        row = dossiers.by_code(session, code, lock=True)
        dossiers.expect_version(row, _version(if_match))
        attachments.reuse(
            session, row, requirement, given.component, by=actor.name, at=archive.clock()
        )
        attachments.papers_changed(session, archive.jobs, row.code)
        response.headers["ETag"] = f'"{row.version}"'
        return show.dossier(
            session, row, public_url=archive.settings.public_url, language=language_of(request)
        )


@router.post("/{code}/status", operation_id="changeStatus")
def change_status(
    code: str, given: StatusGiven, request: Request, archive: ArchiveOf, actor: Staff
) -> DossierShown:
    """Take the dossier one step on (national exchange codes)."""
    with archive.database.write() as session:
        row = dossiers.change(
            session,
            code,
            Status(given.status),
            by=actor.name,
            at=archive.clock(),
            note=given.note,
        )
        return show.dossier(
            session, row, public_url=archive.settings.public_url, language=language_of(request)
        )


def _first_intake_desk(archive: Archive) -> str:
    with archive.database.read() as session:
        desks = catalogue_store.in_force(session).desks.values()
    return next(desk.key for desk in desks if desk.kind is DeskKind.INTAKE)


def _version(if_match: str | None) -> int | None:
    if if_match is None:
        return None
    match = re.fullmatch(r'(?:W/)?"([0-9]+)"', if_match.strip())
    if match is None:
        raise RequestMalformed(what="If-Match")
    return int(match[1])
