"""The catalogue in force: the files as an office imported them, read and checked once."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.db import alone
from hoso.dossier.calendar_data import calendar_for
from hoso.dossier.catalogue import Catalogue, ComponentType, Desk, Procedure
from hoso.dossier.catalogue_files import catalogue_texts, read_catalogue
from hoso.dossier.reuse import Reuse
from hoso.dossier.tables import CatalogueFile
from hoso.dossier.working_calendar import Calendar
from hoso.errors import ComponentTypeUnknown, DeskUnknown, PresentedOnly, ProcedureUnknown
from hoso.text import fold


def import_files(session: Session, texts: Mapping[str, str], *, by: str, at: datetime) -> Catalogue:
    """Put these files in force, all or none; refuses with `catalogue_malformed`."""
    alone(session, "catalogue")  # two imports, each sound, need not be sound together
    catalogue = read_catalogue({**files_in_force(session), **texts})
    for name, text in texts.items():
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        session.merge(CatalogueFile(name=name, text=text, sha256=sha256, imported_at=at))
    session.info.pop(_FOUND, None)
    audit.record(session, "catalogue.imported", "catalogue", actor=by, at=at, files=sorted(texts))
    return catalogue


def files_in_force(session: Session) -> dict[str, str]:
    """The text of every catalogue file by name: imported ones before the bundled ones."""
    imported = {file.name: file.text for file in session.scalars(select(CatalogueFile))}
    return {**catalogue_texts(), **imported}


def in_force(session: Session) -> Catalogue:
    """The catalogue as last imported."""
    return _at_revision(session)[1]


def calendar_of(session: Session, *, year: int) -> Calendar:
    """The office's working calendar around that year: limits may run over the next Tết."""
    revision, catalogue = _at_revision(session)
    key = (revision, year)
    if key not in _calendars:
        years = range(year - 1, year + 3)
        _calendars[key] = calendar_for(years, catalogue.overrides, catalogue.office.hours)
    return _calendars[key]


# Read once per revision and process, its revision asked for once per transaction: a catalogue is
# needed several times in every request, and shall not change in the middle of one.
_FOUND = "catalogue.found"
_Revision = tuple[tuple[str, str], ...]
_catalogues: dict[_Revision, Catalogue] = {}
_calendars: dict[tuple[_Revision, int], Calendar] = {}


def _at_revision(session: Session) -> tuple[_Revision, Catalogue]:
    if _FOUND not in session.info:
        session.info[_FOUND] = _look_for(session)
    found: tuple[_Revision, Catalogue] = session.info[_FOUND]
    return found


def _look_for(session: Session) -> tuple[_Revision, Catalogue]:
    names = select(CatalogueFile.name, CatalogueFile.sha256).order_by(CatalogueFile.name)
    revision = tuple(session.execute(names).all())
    if revision not in _catalogues:
        _catalogues[revision] = read_catalogue(files_in_force(session))
    return revision, _catalogues[revision]


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


def type_called(session: Session, word: str) -> ComponentType:
    """A kind of paper by its key, or by its title however it is accented and spaced."""
    kinds = in_force(session).component_types
    titled = [kind for kind in kinds.values() if fold(kind.title) == fold(word)]
    if word in kinds or len(titled) != 1:
        return component_type(session, word)
    return titled[0]


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
