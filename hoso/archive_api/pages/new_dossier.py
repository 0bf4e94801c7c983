"""Receiving a dossier, in two steps: whose and for what, then the checklist with what is held."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.idempotency import answer_once
from hoso.archive_api.models import Text
from hoso.archive_api.pages.owner_box import MOST_CHARACTERS, OwnerGiven, read_owner
from hoso.archive_api.pages.papers import papers
from hoso.archive_api.pages.procedure_box import procedures_by_field, receiving_desk
from hoso.archive_api.pages.screen import Screen, ScreenOf, go_to
from hoso.archive_api.permission import Clerk
from hoso.clock import local_date
from hoso.dossier import (
    aliases,
    attachments,
    catalogue_store,
    components,
    lookup,
    owners,
    receive,
)
from hoso.dossier.asking import REASONS, Ask, AskReason
from hoso.dossier.catalogue import DeskKind
from hoso.dossier.lookup import Lookup
from hoso.dossier.receive import NewDossier, Submitter
from hoso.dossier.tables import Owner
from hoso.errors import CardQrMalformed, HosoError, OwnerNameMissing
from hoso.wiring import Archive

router = APIRouter()

_REASONS = {reason.value for reason in AskReason}


class NewDossierForm(BaseModel):
    """Both steps' fields; the second step carries the first one's along."""

    model_config = ConfigDict(str_strip_whitespace=True)

    number: Annotated[str, Field(max_length=MOST_CHARACTERS, repr=False)] = ""
    owner_name: Text = ""
    procedure: Annotated[str, Field(max_length=40)] = ""
    desk: Annotated[str, Field(max_length=40)] = ""
    submitter_name: Text = ""
    submitter_address: Text = ""
    submitter_phone: Text = ""
    submitter_email: Text = ""
    reuse: list[Annotated[str, Field(max_length=200)]] = []
    # One of each for every paper that is held, in the same order.
    ask_key: list[Annotated[str, Field(max_length=80)]] = []
    ask_reason: list[Annotated[str, Field(max_length=30)]] = []
    ask_note: list[Annotated[str, Field(max_length=500)]] = []
    cases: list[Annotated[str, Field(max_length=60)]] = []
    key: Annotated[str, Field(max_length=64)] = ""

    @property
    def asked_again(self) -> dict[str, Ask]:
        """Requirement → why its paper is asked for although one is held."""
        given = zip(self.ask_key, self.ask_reason, self.ask_note, strict=False)
        return {
            key: Ask(AskReason(reason), note) for key, reason, note in given if reason in _REASONS
        }

    @property
    def reused(self) -> dict[str, str]:
        """Requirement → component, from boxes whose value is `component requirement`."""
        chosen = (box.split(" ", 1) for box in self.reuse if " " in box)
        return {requirement: component for component, requirement in chosen}

    @property
    def submitter(self) -> Submitter:
        """Who hands the dossier in."""
        return Submitter(
            self.submitter_name,
            self.submitter_address,
            self.submitter_phone,
            self.submitter_email,
        )


class Received(BaseModel):
    """What a form sent twice is answered twice."""

    code: str


Filled = Annotated[NewDossierForm, Form()]


@router.get("/dossiers/new")
def show_new_dossier(
    screen: ScreenOf, _: Clerk, procedure: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Step one."""
    return _first_step(screen, NewDossierForm(procedure=procedure))


@router.post("/dossiers/new")
def show_checklist(screen: ScreenOf, actor: Clerk, form: Filled) -> Response:
    """Step two: the checklist. Looking the owner's papers up is noted."""
    return _second_step(screen, actor, form)


@router.post("/dossiers")
def receive_dossier(screen: ScreenOf, archive: ArchiveOf, actor: Clerk, form: Filled) -> Response:
    """Receive the dossier and show it; the same form sent twice makes one."""
    try:
        with archive.database.write() as session:
            received = _receive_once(session, archive, actor, form)
    except HosoError as refused:
        return _second_step(screen, actor, form, refused=refused)
    return go_to(f"/dossiers/{received.code}?new=1")


def _receive_once(
    session: Session, archive: Archive, actor: Actor, form: NewDossierForm
) -> Received:
    at = archive.clock()
    owner = read_owner(form.number, today=local_date(at))
    new = NewDossier(
        procedure=form.procedure,
        owner_number=owner.number,
        owner_name=form.owner_name,
        old_number=owner.old_number,
        submitter=form.submitter,
        reused=form.reused,
        asked_again=form.asked_again,
        cases=frozenset(form.cases),
        card=owner.card,
    )

    def make() -> Received:
        row = receive.receive(
            session, new, desk=form.desk, by=actor.name, receiver=actor.full_name, at=at
        )
        if new.reused:
            attachments.papers_changed(session, archive.jobs, row.code)
        return Received(code=row.code)

    return answer_once(
        session, form.key or None, make, kind=Received, asked=form, actor=actor.name, at=at
    )


def _first_step(
    screen: Screen, form: NewDossierForm, *, refused: HosoError | None = None
) -> Response:
    fields = procedures_by_field(screen.archive)
    if isinstance(refused, CardQrMalformed):  # the next scan would be typed behind this one
        form = form.model_copy(update={"number": ""})
    return screen.show("new_dossier.html", refused=refused, form=form, fields=fields)


def _second_step(
    screen: Screen, actor: Actor, form: NewDossierForm, *, refused: HosoError | None = None
) -> Response:
    archive, at = screen.archive, screen.archive.clock()
    try:
        owner = read_owner(form.number, today=local_date(at))
        purpose = f"receive {form.procedure}"
        asked = Lookup(
            number=owner.number,
            purpose=purpose,
            procedure=form.procedure,
            cases=frozenset(form.cases),
        )
        with archive.database.write() as session:
            found = lookup.look_up(session, asked, by=actor.name, at=at)
            catalogue = catalogue_store.in_force(session)
            components.load_pages(session, found.components)
            held = papers(catalogue, found.components, purpose=purpose)
            warnings = owner.warnings + _disputed(session, owner, found.owner)
        owners.refuse_unknown_old(owner.number, found.owner)  # that somebody asked is noted by now
        name = found.owner.name if found.owner else form.owner_name or owner.name
        if not name:
            raise OwnerNameMissing
        warnings += owner.differences(found.owner, name=name)
    except HosoError as wrong:
        return _first_step(screen, form, refused=refused or wrong)
    procedure = catalogue.procedures[form.procedure]
    filled = {
        "owner_name": name,
        "desk": form.desk or receiving_desk(catalogue, procedure, actor.desk),
        "key": secrets.token_urlsafe(16),
    }
    return screen.show(
        "checklist.html",
        refused=refused,
        form=form.model_copy(update=filled),
        owner=owner,
        warnings=warnings,
        known=found.owner is not None,
        found=found,
        papers=held,
        procedure=procedure,
        ask_reasons=REASONS[screen.language],
        desks=[desk for desk in catalogue.desks.values() if desk.kind is DeskKind.INTAKE],
    )


def _disputed(session: Session, given: OwnerGiven, owner: Owner | None) -> list[str]:
    """A warning where the card's old number is on file as somebody else's."""
    old = given.old_number
    return ["old_number_of_another"] if old and aliases.is_anothers(session, old, owner) else []
