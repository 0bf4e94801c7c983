"""The catalogue in force: the files as an office imported them, read and checked once."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.dossier.calendar_data import calendar_for
from hoso.dossier.catalogue import Catalogue, ComponentType, Desk, Procedure
from hoso.dossier.catalogue_files import catalogue_texts, read_catalogue
from hoso.dossier.reuse import Reuse
from hoso.dossier.tables import CatalogueFile
from hoso.dossier.working_calendar import Calendar
from hoso.errors import ComponentTypeUnknown, DeskUnknown, PresentedOnly, ProcedureUnknown


def import_files(session: Session, texts: Mapping[str, str], *, by: str, at: datetime) -> Catalogue:
    """Put these files in force, all or none; refuses with `catalogue_malformed`."""
    catalogue = read_catalogue({**files_in_force(session), **texts})
    for name, text in texts.items():
        session.merge(CatalogueFile(name=name, text=text, imported_at=at))
    audit.record(session, "catalogue.imported", "catalogue", actor=by, at=at, files=sorted(texts))
    return catalogue


def files_in_force(session: Session) -> dict[str, str]:
    """The text of every catalogue file by name: imported ones before the bundled ones."""
    imported = {file.name: file.text for file in session.scalars(select(CatalogueFile))}
    return {**_bundled(), **imported}


@lru_cache(maxsize=1)
def _bundled() -> dict[str, str]:
    return catalogue_texts()


def in_force(session: Session) -> Catalogue:
    """The catalogue as last imported."""
    return _read(tuple(sorted(files_in_force(session).items())))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[str, str], ...]) -> Catalogue:
    return read_catalogue(dict(files))


def calendar_of(session: Session, *, year: int) -> Calendar:
    """The office's working calendar around that year: limits may run over the next Tết."""
    return _calendar(tuple(sorted(files_in_force(session).items())), year)


@lru_cache(maxsize=8)
def _calendar(files: tuple[tuple[str, str], ...], year: int) -> Calendar:
    catalogue = _read(files)
    return calendar_for(range(year - 1, year + 3), catalogue.overrides, catalogue.office.hours)


def procedure(session: Session, code: str) -> Procedure:
    """A procedure by its national code."""
    found = in_force(session).procedures.get(code)
    if found is None:
        raise ProcedureUnknown(procedure=code)
    return found


def component_type(session: Session, key: str) -> ComponentType:
    """A kind of paper by its key."""
    found = in_force(session).component_types.get(key)
    if found is None:
        raise ComponentTypeUnknown(type=key)
    return found


def keepable_type(session: Session, key: str) -> ComponentType:
    """A kind of paper whose scan may be kept at all (TT 01/2023/TT-VPCP Điều 4)."""
    kind = component_type(session, key)
    if kind.rule.reuse is Reuse.PRESENTED_ONLY:
        raise PresentedOnly(title=kind.title)
    return kind


def desk(session: Session, key: str) -> Desk:
    """A desk by its key."""
    found = in_force(session).desks.get(key)
    if found is None:
        raise DeskUnknown(desk=key)
    return found
