"""An archive as it looks after years: owners, dossiers, components and the text of their pages.

The first dossier of each procedure is received as at the counter; the others are copies of those
rows with a code, an owner and a day of their own, written in bulk.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.report import note
from hoso.archive_api import accounts
from hoso.archive_api.accounts import Role
from hoso.barcode.code import DossierCode
from hoso.clock import local_date
from hoso.dossier import catalogue_store, receive
from hoso.dossier.numbers import CitizenId
from hoso.dossier.receive import NewDossier
from hoso.dossier.reuse import Reuse
from hoso.dossier.tables import Component, ComponentPage, Dossier, Owner, Page
from hoso.settings import Settings
from hoso.wiring import Archive
from tests.paper.people import draw_person, years

COUNTER = "counter-1"
_ACTOR = "bench"
_PAPERS_A_DOSSIER = 3
_DOSSIERS_A_DAY = 150
_DAYS = 1000
_WORDS_A_PAGE = 220
_ROWS_AT_ONCE = 5000
_SENTENCES = (
    "cộng hòa xã hội chủ nghĩa việt nam độc lập tự do hạnh phúc giấy khai sinh họ và tên ngày "
    "tháng năm nơi cư trú dân tộc quốc tịch số định danh cá nhân cơ quan cấp ủy ban nhân dân"
)
# Foreign keys hold within a lot, too.
_BELOW_WHAT_THEY_NAME = (Owner, Dossier, Component, Page, ComponentPage)
_Row = dict[str, Any]


@contextmanager
def an_archive(data_dir: Path, database_url: str = "") -> Iterator[Archive]:
    """An archive with every table and nothing in it."""
    chosen = {"data_dir": data_dir, "database_url": database_url}
    with Archive(Settings.model_validate(chosen)) as archive:
        archive.migrate()
        yield archive


def a_token(archive: Archive, name: str, role: Role, *, desk: str | None = None) -> str:
    """An access token for a new account; the first one spares `hoso serve` its first start."""
    at = archive.clock()
    with archive.database.write() as session:
        accounts.open_account(session, name, role=role, password=None, desk=desk, by=_ACTOR, at=at)
        return accounts.make_token(session, name, label="bench", by=_ACTOR, at=at)


def receive_dossiers(archive: Archive, procedures: Sequence[str]) -> list[Dossier]:
    """A dossier per entry, received now, each for an owner of its own."""
    at, rng = archive.clock(), Random(1)
    with archive.database.write() as session:
        return [_receive(session, procedure, rng, at) for procedure in procedures]


def fill(archive: Archive, *, components: int, owners: int) -> list[str]:
    """Write that many components of that many owners in bulk; gives the citizens' numbers.

    Everyone has one component, the rest falls at random: most people have a few, some many.
    """
    note(f"writing {components} components of {owners} owners")
    with archive.database.read() as session:
        catalogue = catalogue_store.in_force(session)
    patterns = receive_dossiers(archive, list(catalogue.procedures))
    types = [
        kind.key
        for kind in catalogue.component_types.values()
        if kind.rule.reuse is not Reuse.PRESENTED_ONLY
    ]
    rng = Random(2)
    people = _owners(owners, rng, archive.clock())
    past = _Past(patterns, types, rng)
    held = zip(people, _shares(owners, components, rng), strict=True)
    with archive.database.write() as session:
        _insert(session, ((Owner, person) for person in people))
        _insert(session, (row for person, papers in held for row in past.of(person, papers)))
        session.connection().exec_driver_sql("ANALYZE")
    return [person["number"] for person in people]


def _receive(session: Session, procedure: str, rng: Random, at: datetime) -> Dossier:
    person = draw_person(rng, born=years(1940, 2006))
    new = NewDossier(
        procedure=procedure, owner_number=CitizenId(person.citizen_id), owner_name=person.name
    )
    return receive.receive(session, new, desk=COUNTER, by=_ACTOR, receiver="", at=at)


def _owners(people: int, rng: Random, at: datetime) -> list[_Row]:
    drawn: dict[str, str] = {}
    while len(drawn) < people:
        person = draw_person(rng, born=years(1940, 2006))
        drawn[person.citizen_id] = person.name
    return [
        {"id": uuid.UUID(int=rng.getrandbits(128)).hex, "kind": "citizen", "number": number,
         "name": name, "created_at": at}
        for number, name in drawn.items()
    ]  # fmt: skip


def _shares(people: int, components: int, rng: Random) -> list[int]:
    """How many components each person has."""
    held = [1] * people
    for _ in range(components - people):
        held[rng.randrange(people)] += 1
    return held


@dataclass
class _Past:
    """Dossiers of years gone by, drawn from those of today."""

    patterns: Sequence[Dossier]
    types: Sequence[str]
    rng: Random
    dossiers: Iterator[int] = field(default_factory=count)
    page_ids: Iterator[int] = field(default_factory=lambda: count(1))

    def of(self, person: _Row, components: int) -> Iterator[tuple[type, _Row]]:
        """Rows, each with its table: a dossier for every three components, theirs and pages."""
        for number in range(components):
            if number % _PAPERS_A_DOSSIER == 0:
                pattern = self.rng.choice(self.patterns)
                dossier = _dossier(pattern, person["id"], next(self.dossiers), self.rng)
                yield Dossier, dossier
            component = _component(dossier, self.rng.choice(self.types), self.rng)
            yield Component, component
            yield from self._pages(component)

    def _pages(self, component: _Row) -> Iterator[tuple[type, _Row]]:
        pages = self.rng.choices((1, 2, 3), (6, 3, 1))[0]
        for place, number in zip(range(1, pages + 1), self.page_ids, strict=False):
            yield Page, _page(number, component["original"], place, self.rng)
            yield (
                ComponentPage,
                {"component_id": component["id"], "position": place, "page_id": number},
            )


def _dossier(pattern: Dossier, owner: str, ordinal: int, rng: Random) -> _Row:
    """A finished dossier of the past, like `pattern` in all that its procedure decides."""
    day, tail = divmod(ordinal, _DOSSIERS_A_DAY)
    at = pattern.received_at - timedelta(days=1 + day % _DAYS)
    copied = ("submitter", "procedure_code", "procedure", "desk", "received_by", "receiver")
    return {
        **{name: getattr(pattern, name) for name in copied},
        "code": str(DossierCode.make("H99.01", local_date(at), 1 + tail)),
        "owner_id": owner,
        "status": 10,
        "received_at": at,
        "due_at": at + timedelta(days=3),
        "due_steps": pattern.due_steps,
        "finished_at": at + timedelta(days=2),
        "tracking_token": f"{rng.getrandbits(128):032x}",
        "version": 1,
    }


def _component(dossier: _Row, type_: str, rng: Random) -> _Row:
    issued = dossier["received_at"].date() - timedelta(days=rng.randrange(400))
    return {
        "id": f"{rng.getrandbits(128):032x}",
        "owner_id": dossier["owner_id"],
        "type": type_,
        "dossier_code": dossier["code"],
        "batch_id": f"{rng.getrandbits(128):032x}",
        "original": f"{rng.getrandbits(256):064x}",
        "archived": f"{rng.getrandbits(256):064x}",
        "stamp": "read_back",
        "kind": 0,
        "trust": "compared",
        "issued_on": issued,
        "created_at": dossier["received_at"],
    }


def _page(number: int, source: str, place: int, rng: Random) -> _Row:
    return {
        "id": number,
        "source": source,
        "place": place,
        "state": "read",
        "blank": False,
        "codes": [],
        "confidence": 0.93,
        "text": " ".join(rng.choices(_SENTENCES.split(), k=_WORDS_A_PAGE)),
    }


def _insert(session: Session, rows: Iterator[tuple[type, _Row]]) -> None:
    """Write rows in bulk, some thousands at once."""
    while lot := list(islice(rows, _ROWS_AT_ONCE)):
        for table in _BELOW_WHAT_THEY_NAME:
            if waiting := [row for named, row in lot if named is table]:
                session.execute(insert(table), waiting)
