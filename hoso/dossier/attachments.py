"""Which components serve a dossier's requirements: newly submitted ones and reused ones."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.dossier import catalogue_store, components, deciding, dossiers, holds, owners
from hoso.dossier.checklist import Requirement
from hoso.dossier.reuse import PaperRule, kinds_serving
from hoso.dossier.stated import stated
from hoso.dossier.tables import Attachment, Component, Dossier
from hoso.dossier.trust import Trust
from hoso.dossier.work import ARCHIVE_COMPONENT, BUNDLE_DOSSIER, EXPLAIN_COMPONENT
from hoso.errors import ComponentInUse, NotReusable, OtherOwner, RequirementUnknown
from hoso.jobs import Jobs


def requirements_of(dossier: Dossier) -> list[Requirement]:
    """The checklist under which the dossier was received."""
    return [_requirement(entry) for entry in dossier.procedure["requirements"]]


def _requirement(kept: Mapping[str, Any]) -> Requirement:
    least = kept.get("least_trust")
    values = {"any_of": tuple(kept["any_of"]), "least_trust": Trust(least) if least else None}
    return Requirement(**{**kept, **values})


def of_dossier(session: Session, code: str) -> list[Attachment]:
    """What the dossier consists of now, in the order it came."""
    query = select(Attachment).where(Attachment.dossier_code == code).order_by(Attachment.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def dossiers_with(session: Session, component_id: str) -> list[str]:
    """Codes of the dossiers that a component serves."""
    query = select(Attachment.dossier_code).where(Attachment.component_id == component_id)
    return list(session.scalars(query.order_by(Attachment.dossier_code)))


def submit(session: Session, dossier: Dossier, component: Component, *, by: str) -> Attachment:
    """Attach a paper that was just scanned to the first open requirement it can serve.

    The caller has locked the dossier: what is open is read here.
    """
    filled = {entry.requirement for entry in of_dossier(session, dossier.code)}
    rules = catalogue_store.of_dossier(session, dossier).paper_rules
    return _attach(
        session,
        dossier,
        component,
        requirement=_serving(dossier, component.type, filled, rules),
        reused=False,
        by=by,
        at=component.created_at,
    )


def retype(
    session: Session, jobs: Jobs, component: Component, type_: str, *, by: str, at: datetime
) -> None:
    """File a paper under another kind; it then serves what that kind can serve.

    The archived copy bears the kind's name and is written anew. The caller has locked the dossier
    and the component. Refuses kinds that are not kept.
    """
    if component.type == type_:
        return
    kind = catalogue_store.keepable_type(session, type_)
    before, component.type = component.type, kind.key
    dossier = dossiers.by_code(session, component.dossier_code)
    present = of_dossier(session, dossier.code)
    rules = catalogue_store.of_dossier(session, dossier).paper_rules
    for entry in present:
        if entry.component_id == component.id:
            others = {each.requirement for each in present if each is not entry}
            entry.requirement = _serving(dossier, kind.key, others, rules)
    dossier.version += 1
    component.archived = component.stamp = component.failure = None
    jobs.put_again(session, ARCHIVE_COMPONENT, component.id)
    jobs.put_again(session, EXPLAIN_COMPONENT, component.id)  # compared with others of its kind
    audit.record(
        session, "component.retyped", component.id, actor=by, at=at, before=before, after=kind.key
    )


def move(
    session: Session,
    jobs: Jobs,
    component_id: str,
    code: str,
    *,
    reason: str,
    by: str,
    at: datetime,
) -> Component:
    """File a paper under another dossier, and so under its owner; it serves there what it can.

    The archived copy bears the dossier's code and is written anew; what was read is judged against
    its new owner. Refuses with ReasonMissing, DossierUnknown and ComponentInUse.
    """
    reason = stated(reason)
    before = components.by_id(session, component_id).dossier_code
    after = dossiers.by_code(session, code).code
    dossiers.lock_all(session, (before, after))
    component = components.by_id(session, component_id, lock=True)
    if before == after:
        return component
    others = [each for each in dossiers_with(session, component_id) if each != before]
    if others:
        raise ComponentInUse(dossiers=", ".join(others))
    _take_out(session, component, before)
    to = dossiers.by_code(session, after)
    component.owner_id, component.dossier_code = to.owner_id, to.code
    component.archived = component.stamp = component.failure = None
    submit(session, to, component, by=by)
    jobs.put_again(session, ARCHIVE_COMPONENT, component_id)
    jobs.put_again(session, EXPLAIN_COMPONENT, component_id)
    papers_changed(session, jobs, before)
    audit.record(
        session, "component.moved", component_id, actor=by, at=at,
        before=before, after=after, reason=reason,
    )  # fmt: skip
    return component


def _take_out(session: Session, component: Component, code: str) -> None:
    for entry in of_dossier(session, code):
        if entry.component_id == component.id:
            session.delete(entry)
    dossiers.by_code(session, code).version += 1
    session.flush()


def call_result(
    session: Session, component_id: str, *, is_result: bool, by: str, at: datetime
) -> Component:
    """Say that a paper is what its dossier ended with, or that it is not.

    A result serves no requirement of its own dossier, and no other until it is handed over.
    """
    code = components.by_id(session, component_id).dossier_code
    dossier = dossiers.by_code(session, code, lock=True)
    component = components.by_id(session, component_id, lock=True)
    kind = components.RESULT if is_result else components.SUBMITTED
    if component.kind == kind:
        return component
    component.kind = kind
    rules = catalogue_store.of_dossier(session, dossier).paper_rules
    present = of_dossier(session, code)
    others = {entry.requirement for entry in present if entry.component_id != component_id}
    for entry in present:
        if entry.component_id == component_id:
            serving = _serving(dossier, component.type, others, rules)
            entry.requirement = None if is_result else serving
    dossier.version += 1
    audit.record(
        session, "component.called_result", component_id, actor=by, at=at, result=is_result
    )
    return component


def reuse(
    session: Session, dossier: Dossier, key: str, component_id: str, *, by: str, at: datetime
) -> Attachment:
    """Attach a component that was submitted earlier, by reference, when the rules allow it.

    Refuses with OtherOwner and NotReusable. Doing it again changes nothing. The caller has locked
    the dossier.
    """
    requirement = next((item for item in requirements_of(dossier) if item.key == key), None)
    if requirement is None:
        raise RequirementUnknown(dossier=dossier.code, requirement=key)
    component = components.by_id(session, component_id, lock=True)
    if not owners.are_one(session, component.owner_id, dossier.owner_id):
        raise OtherOwner(dossier=dossier.code)
    decision = deciding.of_line(session, dossier, requirement, [component], on=local_date(at))
    if not decision.is_reusable:
        raise NotReusable(reason_vi=decision.sentence("vi"), reason_en=decision.sentence("en"))
    for present in of_dossier(session, dossier.code):
        if present.component_id == component_id:
            if present.requirement != key:
                present.requirement = key
                dossier.version += 1
            return present
    audit.record(session, "component.reused", component_id, actor=by, at=at, dossier=dossier.code)
    return _attach(session, dossier, component, requirement=key, reused=True, by=by, at=at)


def papers_changed(session: Session, jobs: Jobs, dossier_code: str) -> None:
    """Have done what follows from a dossier's papers: their protection, and its bundle.

    The bundle is written once more when all papers are archived. The round names what it will
    hold, so the same content is bundled once. The dossier is locked: of two papers archived at
    once, the second one sees the first.
    """
    dossier = dossiers.by_code(session, dossier_code, lock=True)
    holds.protect_if_held(session, jobs, dossier_code)
    if dossiers.is_old(dossier):
        return  # it begins with the slip, and an old dossier's slip would be made up
    parts = of_dossier(session, dossier_code)
    if parts and all(entry.component.archived for entry in parts):
        round_ = "-".join(str(entry.component.archived)[:8] for entry in parts)
        jobs.put(session, BUNDLE_DOSSIER, dossier_code, round_=round_)


def _serving(
    dossier: Dossier, type_: str, filled: Collection[str | None], rules: Mapping[str, PaperRule]
) -> str | None:
    """The first open requirement that a kind can serve."""
    return next(
        (
            requirement.key
            for requirement in requirements_of(dossier)
            if type_ in kinds_serving(requirement, rules) and requirement.key not in filled
        ),
        None,
    )


def _attach(
    session: Session,
    dossier: Dossier,
    component: Component,
    *,
    requirement: str | None,
    reused: bool,
    by: str,
    at: datetime,
) -> Attachment:
    attachment = Attachment(
        dossier_code=dossier.code,
        requirement=requirement,
        component_id=component.id,
        reused=reused,
        attached_at=at,
        attached_by=by,
    )
    attachment.component = component
    session.add(attachment)
    dossier.version += 1
    session.flush()
    return attachment
