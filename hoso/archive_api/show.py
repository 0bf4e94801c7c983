"""From the archive's rows and values to what the API gives."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from hoso.archive_api.models import (
    AskedAgainShown,
    BatchShown,
    ComponentShown,
    DecisionShown,
    DeskScanShown,
    DossierListed,
    DossierShown,
    DuplicateShown,
    FieldShown,
    FindingShown,
    GuessShown,
    HoldingsShown,
    HopShown,
    MarkShown,
    MarksShown,
    PageShown,
    PaperRead,
    ProgressShown,
    QualityShown,
    RemarkShown,
    RequirementShown,
    StatusShown,
    TrackShown,
    TrailShown,
    VisitShown,
)
from hoso.archive_api.words import REMARKS, SCAN_SENTENCES, STEPS
from hoso.clock import local
from hoso.dossier import asking, attachments, catalogue_store, pages, slips
from hoso.dossier import marks as paper_marks
from hoso.dossier.catalogue import Catalogue
from hoso.dossier.checklist import Requirement
from hoso.dossier.components import RESULT
from hoso.dossier.deadline_steps import Step, Why
from hoso.dossier.deadline_words import explain
from hoso.dossier.deadlines import Deadline
from hoso.dossier.duplicates import DuplicateAnswer
from hoso.dossier.handoffs import Answer
from hoso.dossier.lookup import Holdings
from hoso.dossier.reuse import Decision
from hoso.dossier.status import WORDS, Status
from hoso.dossier.tables import (
    AskedAgain,
    Attachment,
    Component,
    ComponentField,
    ComponentMark,
    Dossier,
    DuplicateQuestion,
    Page,
)
from hoso.dossier.trail import Trail
from hoso.imaging.findings import SENTENCES, VERDICTS
from hoso.scanner_ingest import batches
from hoso.scanner_ingest.tables import Batch


def dossier_listed(dossier: Dossier, language: str) -> DossierListed:
    """A dossier in a list."""
    return DossierListed(
        code=dossier.code,
        procedure_name=dossier.procedure["name"],
        owner_name=dossier.owner.name,
        status=dossier.status,
        status_name=WORDS[language][Status(dossier.status)],
        received_at=local(dossier.received_at),
        due_at=local(dossier.due_at),
    )


def dossier(session: Session, row: Dossier, *, public_url: str, language: str) -> DossierShown:
    """A dossier with its checklist."""
    attached = attachments.of_dossier(session, row.code)
    by_key = {entry.requirement: entry for entry in attached if entry.requirement}
    requirements = [
        requirement(item, by_key.get(item.key), row.cases)
        for item in attachments.requirements_of(row)
    ]
    listed = dossier_listed(row, language).model_dump()
    return DossierShown(
        **listed,
        procedure=row.procedure_code,
        owner=row.owner_id,
        owner_card_seen_at=local(row.owner.card_seen_at) if row.owner.card_seen_at else None,
        desk=row.desk,
        due_explained=explain(_deadline(row), language),
        requirements=requirements,
        extra_components=[entry.component_id for entry in attached if not entry.requirement],
        asked_again=[_asked_again(each) for each in asking.of_dossier(session, row.code)],
        cases=row.cases,
        catalogue_version=row.catalogue_version,
        bundle=row.bundle_sha256 is not None,
        tracking_url=slips.tracking_url(row, public_url),
        version=row.version,
    )


def requirement(
    item: Requirement, served_by: Attachment | None = None, cases: Collection[str] = ()
) -> RequirementShown:
    """A line of a checklist, and what serves it, where these cases hold."""
    return RequirementShown(
        key=item.key,
        name=item.name,
        any_of=list(item.any_of),
        originals=item.originals,
        copies=item.copies,
        optional=item.optional,
        required=item.is_required(cases),
        note=item.note,
        when=item.when,
        original_by_law=item.original_by_law,
        least_trust=item.least_trust,
        component=served_by.component_id if served_by else None,
        reused=served_by is not None and served_by.reused,
    )


def marks(session: Session, component_id: str) -> MarksShown:
    """What stands or stood against a paper, and who relies on it."""
    return MarksShown(
        marks=[_mark(each) for each in paper_marks.history(session, component_id)],
        open_dossiers=[each.code for each in paper_marks.relying_on(session, component_id)],
    )


def _mark(row: ComponentMark) -> MarkShown:
    return MarkShown(
        mark=row.kind,
        reason=row.reason,
        newer=row.newer_id,
        placed_by=row.placed_by,
        placed_at=local(row.placed_at),
        lift_reason=row.lift_reason,
        lifted_by=row.lifted_by,
        lifted_at=local(row.lifted_at) if row.lifted_at else None,
    )


def duplicate(row: DuplicateQuestion) -> DuplicateShown:
    """A question about two papers."""
    return DuplicateShown(
        id=row.id,
        newer=row.newer_id,
        older=row.older_id,
        agrees=row.agrees,
        differs=row.differs,
        asked_at=local(row.asked_at),
        answer=DuplicateAnswer(row.answer) if row.answer else None,
        answered_by=row.answered_by,
        answered_at=local(row.answered_at) if row.answered_at else None,
    )


def _asked_again(row: AskedAgain) -> AskedAgainShown:
    return AskedAgainShown(
        requirement=row.requirement,
        component=row.component_id,
        reason=row.reason,
        note=row.note,
        by=row.by,
    )


def component(catalogue: Catalogue, row: Component) -> ComponentShown:
    """One paper."""
    kind = catalogue.component_types.get(row.type)
    return ComponentShown(
        id=row.id,
        type=row.type,
        title=kind.title if kind else row.type,
        owner=row.owner_id,
        dossier=row.dossier_code,
        pages=row.page_count,
        trust=row.trust,
        number=row.number,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        scope=row.scope,
        result=row.kind == RESULT,
        marks=[mark.kind for mark in row.marks],
        original_sha256=row.original,
        archived_sha256=row.archived,
        stamp=row.stamp,
        failure=row.failure,
        created_at=local(row.created_at),
    )


def paper_read(row: Component, fields: Sequence[ComponentField]) -> PaperRead:
    """What was read on one paper."""
    guess = GuessShown(**row.guess) if row.guess else None
    return PaperRead(type=row.type, guess=guess, fields=[field(each) for each in fields])


def field(row: ComponentField) -> FieldShown:
    """One field, as read and as it holds."""
    return FieldShown(
        key=row.key,
        value=row.value,
        read=row.read,
        confidence=row.confidence,
        page=row.page,
        box=(row.box[0], row.box[1], row.box[2], row.box[3]),
        doubts=row.doubts,
        state=row.state,
        decided_by=row.decided_by,
        decided_at=local(row.decided_at) if row.decided_at else None,
    )


def batch(session: Session, row: Batch, language: str) -> BatchShown:
    """A file taken in, page by page."""
    catalogue = catalogue_store.in_force(session)
    seen = pages.of_source(session, row.source) if row.source else []
    done = batches.progress(session, row)
    return BatchShown(
        id=row.id,
        name=row.name,
        kind=row.kind,
        sha256=row.sha256,
        state=row.state,
        failure=row.failure,
        notices=row.notices,
        taken_in_at=local(row.taken_in_at),
        dossier=row.dossier_code,
        progress=ProgressShown(
            pages=done.pages,
            seen=done.seen,
            done=done.done,
            components=done.components,
            archived=done.archived,
        ),
        components=[component(catalogue, item) for item in batches.components_of(session, row.id)],
        unclaimed=row.report.get("unclaimed", []),
        cards=batches.cards_in(row),
        proposals=row.report.get("proposals", []),
        remarks=[
            RemarkShown(**remark, text=REMARKS[language][remark["code"]])
            for remark in row.report.get("remarks", [])
        ],
        pages=[page(item, language) for item in seen],
    )


def page(row: Page, language: str) -> PageShown:
    """One page of a batch."""
    return PageShown(
        place=row.place,
        state=row.state,
        blank=row.blank,
        quality=quality(row, language),
        confidence=row.confidence,
        failure=row.failure,
        codes=[code["kind"] for code in row.codes],
    )


def quality(row: Page, language: str) -> QualityShown | None:
    """How good a page's picture is; None: nothing to judge."""
    if not row.quality:
        return None
    return QualityShown(
        verdict=row.quality["verdict"],
        text=VERDICTS[language][row.quality["verdict"]],
        findings=[
            FindingShown(code=code, text=SENTENCES[language][code])
            for code in row.quality["findings"]
        ],
        measures=row.quality["measures"],
    )


def holdings(session: Session, found: Holdings, language: str) -> HoldingsShown:
    """A lookup's answer."""
    catalogue = catalogue_store.in_force(session)
    return HoldingsShown(
        owner=found.owner.id if found.owner else None,
        owner_name=found.owner.name if found.owner else None,
        components=[component(catalogue, item) for item in found.components],
        checklist=[decision(item, language) for item in found.checklist],
        catalogue_version=found.version,
    )


def decision(made: Decision, language: str) -> DecisionShown:
    """What the checklist says of one requirement."""
    return DecisionShown(
        key=made.requirement.key,
        name=made.requirement.name,
        optional=made.requirement.optional,
        required=made.required,
        standing=made.standing.value,
        reason=made.reason.value,
        sentence=made.sentence(language),
        component=made.paper.component_id if made.paper else None,
        valid_until=made.valid_until,
        rules=list(made.rules),
    )


def desk_scan(catalogue: Catalogue, answer: Answer, language: str) -> DeskScanShown:
    """What became of a scan, with a sentence for the desk's screen."""
    return DeskScanShown(
        event_id=answer.event_id,
        outcome=answer.outcome,
        reason=answer.reason,
        sentence=SCAN_SENTENCES[language][answer.reason].format(
            dossier=answer.dossier or "",
            holder=desk_name(catalogue, answer.holder),
            to=desk_name(catalogue, answer.offered_to),
        ),
        dossier=answer.dossier,
        holder=answer.holder,
        offered_to=answer.offered_to,
    )


def trail(catalogue: Catalogue, found: Trail, *, at: datetime, language: str) -> TrailShown:
    """Where a dossier is and was."""
    return TrailShown(
        dossier=found.dossier.code,
        status=found.status,
        status_name=WORDS[language][found.status],
        holder=found.holder,
        holder_name=desk_name(catalogue, found.holder),
        since=local(found.since),
        offered_to=found.offered_to,
        due_at=local(found.dossier.due_at),
        punctuality=found.punctuality.value,
        visits=[
            VisitShown(
                desk=visit.desk,
                desk_name=desk_name(catalogue, visit.desk),
                since=local(visit.since),
                until=local(visit.until) if visit.until else None,
                seconds=int(visit.lasted(at).total_seconds()),
            )
            for visit in found.visits
        ],
        hops=[
            HopShown(
                from_desk=hop.from_desk,
                to_desk=hop.to_desk,
                given_at=local(hop.given_at),
                received_at=local(hop.received_at),
            )
            for hop in found.hops
        ],
        history=[
            StatusShown(
                status=step.status,
                status_name=WORDS[language][Status(step.status)],
                at=local(step.at),
                actor=step.actor,
                note=step.note,
            )
            for step in found.history
        ],
    )


def track(row: Dossier, *, at: datetime, language: str) -> TrackShown:
    """What a citizen with the slip sees."""
    return TrackShown(
        dossier=row.code,
        procedure=row.procedure["name"],
        step=STEPS[language][Status(row.status)],
        received_at=local(row.received_at),
        due_at=local(row.due_at),
        finished_at=local(row.finished_at) if row.finished_at else None,
        late=(row.finished_at or at) > row.due_at,
    )


def desk_name(catalogue: Catalogue, key: str | None) -> str:
    """A desk's name; its key where it has left the catalogue."""
    desk = catalogue.desks.get(key or "")
    return desk.name if desk else (key or "")


def _deadline(row: Dossier) -> Deadline:
    steps = tuple(
        Step(date.fromisoformat(step["day"]), Why(step["why"]), step["facts"])
        for step in row.due_steps
    )
    return Deadline(local(row.due_at), steps)
