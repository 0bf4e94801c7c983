"""The catalogue as it holds on a day: the files an office imported, read and checked once.

A file holds from its day on until a later one of the same name does. What nobody imported is the
bundled one. A dossier keeps the version it was received under, whatever is imported later.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso import clock
from hoso.clock import local_date
from hoso.db import insert_once
from hoso.dossier.calendar_data import calendar_for
from hoso.dossier.catalogue import Catalogue, ComponentType, Desk, Procedure
from hoso.dossier.catalogue_files import catalogue_texts, read_catalogue
from hoso.dossier.reuse import Reuse
from hoso.dossier.tables import CatalogueFile, CatalogueVersion, Dossier
from hoso.dossier.working_calendar import Calendar
from hoso.errors import ComponentTypeUnknown, DeskUnknown, PresentedOnly, ProcedureUnknown
from hoso.text import fold

_Revision = tuple[tuple[str, str], ...]
_FOUND = "catalogue.found"


def files_in_force(session: Session, on: date | None = None) -> dict[str, str]:
    """The text of every catalogue file by name, as it holds on a day (None: today)."""
    revision = _revision(session, on or _today())
    return _texts(session, revision)


def in_force(session: Session, on: date | None = None) -> Catalogue:
    """The catalogue as it holds on a day (None: today)."""
    return _at_revision(session, on or _today())[1]


def calendar_of(session: Session, on: date) -> Calendar:
    """The office's working calendar around a day: limits may run over the next Tết."""
    revision, catalogue = _at_revision(session, on)
    key = (revision, on.year)
    if key not in _calendars:
        years = range(on.year - 1, on.year + 3)
        _calendars[key] = calendar_for(years, catalogue.overrides, catalogue.office.hours)
    return _calendars[key]


def keep_version(session: Session, on: date, *, at: datetime) -> str:
    """The id of the version that holds on a day; its texts are kept for as long as hoso lives."""
    id_ = version_id(session, on)
    if session.get(CatalogueVersion, id_) is None:
        texts = files_in_force(session, on)
        insert_once(session, CatalogueVersion, id=id_, texts=texts, first_used_at=at)
    return id_


def version_id(session: Session, on: date) -> str:
    """The id of the version that holds on a day: the same texts, the same id, everywhere."""
    revision, _ = _at_revision(session, on)
    if revision not in _version_ids:
        _version_ids[revision] = _fingerprint(_texts(session, revision))
    return _version_ids[revision]


def of_dossier(session: Session, dossier: Dossier) -> Catalogue:
    """The catalogue under which a dossier was received."""
    id_ = dossier.catalogue_version
    if id_ is None:
        return in_force(session)
    if id_ not in _versions:
        _versions[id_] = read_catalogue(session.get_one(CatalogueVersion, id_).texts)
    return _versions[id_]


# Read once per revision and process, its revision asked for once per transaction: a catalogue is
# needed several times in every request, and shall not change in the middle of one.
_catalogues: dict[_Revision, Catalogue] = {}
_calendars: dict[tuple[_Revision, int], Calendar] = {}
_version_ids: dict[_Revision, str] = {}
_versions: dict[str, Catalogue] = {}


def forget(session: Session) -> None:
    """Look again in this transaction: it has imported something."""
    session.info.pop(_FOUND, None)


def _at_revision(session: Session, on: date) -> tuple[_Revision, Catalogue]:
    found: dict[date, tuple[_Revision, Catalogue]] = session.info.setdefault(_FOUND, {})
    if on not in found:
        revision = _revision(session, on)
        if revision not in _catalogues:
            _catalogues[revision] = read_catalogue(_texts(session, revision))
        found[on] = revision, _catalogues[revision]
    return found[on]


def _revision(session: Session, on: date) -> _Revision:
    """Which imported files hold on a day: names and hashes."""
    query = select(CatalogueFile.name, CatalogueFile.sha256).where(CatalogueFile.valid_from <= on)
    # Later ones overwrite earlier ones of the same name.
    newest = dict(session.execute(query.order_by(CatalogueFile.valid_from)).all())
    return tuple(sorted(newest.items()))


def _texts(session: Session, revision: _Revision) -> dict[str, str]:
    hashes = dict(revision)
    query = select(CatalogueFile.name, CatalogueFile.sha256, CatalogueFile.text)
    query = query.where(CatalogueFile.sha256.in_(hashes.values()))
    own = {name: text for name, sha256, text in session.execute(query) if hashes[name] == sha256}
    return {**catalogue_texts(), **own}


def _fingerprint(texts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def _today() -> date:
    return local_date(clock.now())


def procedure(session: Session, code: str, on: date | None = None) -> Procedure:
    """A procedure by its national code, as it holds on a day (None: today)."""
    found = in_force(session, on).procedures.get(code)
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
