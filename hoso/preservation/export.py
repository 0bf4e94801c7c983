"""Exports: a dossier, or all that a person ever handed in, as a bag for another archive.

Whoever exports reads somebody's papers: the purpose is in the log before the first file is written.
"""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.clock import local_date
from hoso.dossier import attachments, catalogue_store, components, dossiers, owners, people
from hoso.dossier.numbers import OwnerNumber
from hoso.dossier.people import Person
from hoso.dossier.tables import Component, Dossier
from hoso.dossier.trail import trail_of
from hoso.dossier.work import Workbench
from hoso.errors import NothingToExport, PurposeMissing
from hoso.preservation.bag import Bag
from hoso.preservation.describing import (
    described_component,
    described_dossier,
    described_person,
)
from hoso.preservation.names import safe_name
from hoso.scanner_ingest import batches
from hoso.scanner_ingest.tables import Batch
from hoso.storage.fixity import checked
from hoso.storage.store import ObjectStore

# Between pages of a text, as `hoso ocr --text` writes it.
_PAGE_END = "\f"


@dataclass(slots=True)
class Parcel:
    """What an export holds: texts of ours and objects of the store, by their path."""

    identifier: str
    description: str
    texts: dict[str, str] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)

    def add_json(self, path: str, document: Any) -> None:
        """A document for programs that people can read as well."""
        self.texts[path] = json.dumps(document, ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who exports, when and why."""

    by: str
    at: datetime
    purpose: str


def gather_dossier(session: Session, code: str, asked: Asked) -> Parcel:
    """A dossier with every paper that serves it, reused ones included; leaves an audit entry."""
    _refuse_without_purpose(asked)
    dossier = dossiers.by_code(session, code)
    parcel = Parcel(dossier.code, f"Hồ sơ {dossier.code}: {dossier.procedure['name']}")
    _add_dossier(session, parcel, dossier, "", at=asked.at)
    held = [entry.component for entry in attachments.of_dossier(session, dossier.code)]
    _add_papers(session, parcel, held)
    _record(session, "dossier.exported", dossier.code, asked, len(held))
    return parcel


def gather_person(session: Session, number: OwnerNumber, asked: Asked) -> Parcel:
    """All dossiers and papers of a person or organisation; leaves an audit entry.

    The entry is there also when nothing was found: somebody has asked.
    """
    _refuse_without_purpose(asked)
    owner = owners.find(session, number)
    if owner is None:
        _record(session, "owner.exported", "unknown-owner", asked, 0)
        return Parcel("", "")
    person = people.by_id(session, owner.id)
    parcel = Parcel(owner.id, "Giấy tờ của một chủ hồ sơ")
    parcel.add_json("owner.json", described_person(person))
    for dossier in _dossiers_of(session, person):
        _add_dossier(session, parcel, dossier, f"dossiers/{dossier.code}/", at=asked.at)
    held = components.of_owner(session, owner.id)
    _add_papers(session, parcel, held)
    for row in (owner, *person.others):
        _record(session, "owner.exported", row.id, asked, len(held))
    return parcel


def write_bag(bench: Workbench, parcel: Parcel, folder: Path, asked: Asked) -> None:
    """Write a parcel as a bag into an empty folder, every object compared with its hash.

    Raises ObjectMissing and ObjectDamaged: an export is whole or it is none.
    """
    if not parcel.texts:
        raise NothingToExport
    bag = Bag(folder)
    for path, text in sorted(parcel.texts.items()):
        bag.add(path, io.BytesIO(text.encode()))
    for path, sha256 in sorted(parcel.objects.items()):
        with _sound(bench.store, sha256) as source:
            bag.add(path, source)
    with bench.database.read() as session:
        office = catalogue_store.in_force(session).office
    bag.close(
        {
            "Source-Organization": office.name,
            "Organization-Address": office.address,
            "External-Identifier": parcel.identifier,
            "External-Description": parcel.description,
            "Internal-Sender-Description": asked.purpose,
            "Bagging-Date": local_date(asked.at).isoformat(),
            "Bag-Software-Agent": f"hoso {version('hoso')}",
        }
    )


def _refuse_without_purpose(asked: Asked) -> None:
    if not asked.purpose.strip():
        raise PurposeMissing


def _record(session: Session, action: str, subject: str, asked: Asked, papers: int) -> None:
    audit.record(
        session, action, subject, actor=asked.by, at=asked.at,
        purpose=asked.purpose.strip()[:500], papers=papers,
    )  # fmt: skip


def _dossiers_of(session: Session, person: Person) -> list[Dossier]:
    theirs = [row.id for row in (person.owner, *person.others)]
    query = select(Dossier).where(Dossier.owner_id.in_(theirs)).order_by(Dossier.number)
    return list(session.scalars(query))


def _add_dossier(
    session: Session, parcel: Parcel, dossier: Dossier, folder: str, *, at: datetime
) -> None:
    attached = attachments.of_dossier(session, dossier.code)
    trail = trail_of(session, dossier.code, at=at)
    parcel.add_json(f"{folder}dossier.json", described_dossier(dossier, attached, trail))
    if dossier.bundle_sha256:
        parcel.objects[f"{folder}bundle.pdf"] = dossier.bundle_sha256


def _add_papers(session: Session, parcel: Parcel, held: Sequence[Component]) -> None:
    catalogue = catalogue_store.in_force(session)
    for ordinal, component in enumerate(held, start=1):
        kind = catalogue.component_types.get(component.type)
        title = kind.title if kind else component.type
        folder = f"papers/{ordinal:03d} {safe_name(title)}"
        files = {
            "archived": f"{folder}/archived.pdf" if component.archived else None,
            "text": f"{folder}/text.txt",
            "original": _add_original(session, parcel, component),
        }
        if files["archived"] and component.archived:
            parcel.objects[files["archived"]] = component.archived
        texts = [entry.page.text for entry in component.pages]
        parcel.texts[f"{folder}/text.txt"] = _PAGE_END.join(texts)
        parcel.add_json(f"{folder}/component.json", described_component(component, title, files))


def _add_original(session: Session, parcel: Parcel, component: Component) -> str | None:
    """Where the untouched scan stands, once for all papers cut from it.

    None where it holds pages of somebody else's papers, or pages of which nobody knows whose they
    are: these are not this person's to be handed out. Nor is a citizen's card, whoever's it is.
    """
    batch = session.get(Batch, component.batch_id)
    if batch is None or batch.report.get("unclaimed") or batches.cards_in(batch):
        return None
    filed = {each.owner_id for each in batches.components_of(session, batch.id)}
    if not filed <= owners.one_and_the_same(session, component.owner_id):
        return None
    for path, sha256 in parcel.objects.items():
        if path.startswith("originals/") and sha256 == batch.sha256:
            return path
    ordinal = sum(path.startswith("originals/") for path in parcel.objects) + 1
    # Its ending is what it is, whatever the sender called it.
    path = f"originals/{ordinal:03d} {safe_name(Path(batch.name).stem)}.{batch.kind}"
    parcel.objects[path] = batch.sha256
    return path


@contextmanager
def _sound(store: ObjectStore, sha256: str) -> Iterator[Any]:
    with store.open(sha256) as raw:
        yield checked(raw, sha256)
