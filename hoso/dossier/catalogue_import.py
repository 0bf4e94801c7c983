"""Importing catalogue files from a day on, and trying beforehand what that would do."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import alone
from hoso.dossier import catalogue_store
from hoso.dossier.catalogue import Catalogue
from hoso.dossier.catalogue_changes import Change, changes, procedures_touched
from hoso.dossier.catalogue_files import read_catalogue
from hoso.dossier.status import CLOSED
from hoso.dossier.tables import CatalogueFile, Component, Dossier
from hoso.errors import ComponentTypeInUse

ALWAYS = date(2000, 1, 1)
"""From the beginning: no dossier of this archive is older."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import does: the catalogue of its first day, every change, and the open dossiers.

    `dossiers` are the codes of those whose procedure it changes; they keep the version they were
    received under. `later` are days on which a version imported before takes over again.
    """

    catalogue: Catalogue
    changes: list[Change]
    dossiers: list[str]
    later: list[date]


def plan(session: Session, texts: Mapping[str, str], *, valid_from: date) -> Plan:
    """What importing these files from that day on would do; nothing is kept.

    Refuses with CatalogueMalformed, on whichever day it would be, and ComponentTypeInUse.
    """
    later = _later_days(session, valid_from)
    for day in later:
        own = _of_day_itself(session, day, since=valid_from)
        read_catalogue({**catalogue_store.files_in_force(session, day), **texts, **own})
    before = catalogue_store.in_force(session, valid_from)
    files = catalogue_store.files_in_force(session, valid_from)
    after = read_catalogue({**files, **texts})
    found = changes(before, after)
    _refuse_losing_kinds(session, before, after)
    touched = procedures_touched(found, before, after)
    return Plan(after, found, _open_dossiers(session, touched), later)


def import_files(
    session: Session, texts: Mapping[str, str], *, valid_from: date, by: str, at: datetime
) -> Plan:
    """Have these files hold from a day on, all or none; refuses as `plan` does."""
    alone(session, "catalogue")  # two imports, each sound, need not be sound together
    planned = plan(session, texts, valid_from=valid_from)
    for name, text in texts.items():
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        session.merge(
            CatalogueFile(
                name=name, valid_from=valid_from, text=text, sha256=sha256, imported_at=at
            )
        )
    session.flush()
    catalogue_store.forget(session)
    audit.record(
        session, "catalogue.imported", "catalogue", actor=by, at=at,
        files=sorted(texts), valid_from=valid_from.isoformat(), changes=len(planned.changes),
    )  # fmt: skip
    return planned


def days(session: Session) -> list[tuple[date, list[str]]]:
    """The days on which imported files begin to hold, each with their names, the newest first."""
    query = select(CatalogueFile.valid_from, CatalogueFile.name)
    found: dict[date, list[str]] = {}
    for day, name in session.execute(
        query.order_by(CatalogueFile.valid_from.desc(), CatalogueFile.name)
    ):
        found.setdefault(day, []).append(name)
    return list(found.items())


def _later_days(session: Session, valid_from: date) -> list[date]:
    query = select(CatalogueFile.valid_from).where(CatalogueFile.valid_from > valid_from)
    return list(session.scalars(query.distinct().order_by(CatalogueFile.valid_from)))


def _of_day_itself(session: Session, day: date, *, since: date) -> dict[str, str]:
    """Files that take over again between the import's first day and that day."""
    query = select(CatalogueFile.name, CatalogueFile.text)
    within = (CatalogueFile.valid_from > since, CatalogueFile.valid_from <= day)
    found = session.execute(query.where(*within).order_by(CatalogueFile.valid_from))
    return dict(found.all())


def _refuse_losing_kinds(session: Session, before: Catalogue, after: Catalogue) -> None:
    """Papers in the archive would be of no kind at all."""
    lost = before.component_types.keys() - after.component_types.keys()
    count = select(Component.type, func.count()).where(Component.type.in_(lost))
    for type_, many in session.execute(count.group_by(Component.type).order_by(Component.type)):
        raise ComponentTypeInUse(type=type_, papers=many)


def _open_dossiers(session: Session, procedures: frozenset[str]) -> list[str]:
    query = select(Dossier.code).where(
        Dossier.procedure_code.in_(procedures), Dossier.status.not_in(CLOSED)
    )
    return list(session.scalars(query.order_by(Dossier.code)))
