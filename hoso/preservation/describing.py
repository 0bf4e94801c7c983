"""What an export says of a dossier, a paper and its owner: plain values for JSON, in our words."""

from typing import Any

from hoso.clock import local
from hoso.dossier.people import Person
from hoso.dossier.status import WORDS, Status
from hoso.dossier.tables import Attachment, Component, Dossier, Owner
from hoso.dossier.trail import Trail


def described_owner(owner: Owner) -> dict[str, Any]:
    """Whom the papers concern."""
    return {
        "id": owner.id,
        "kind": owner.kind,
        "number": owner.number,
        "name": owner.name,
        "birth_date": owner.birth_date.isoformat() if owner.birth_date else None,
        "card_seen_at": local(owner.card_seen_at).isoformat() if owner.card_seen_at else None,
    }


def described_person(person: Person) -> dict[str, Any]:
    """The same with their old numbers, and the other owners that officers say are they."""
    return described_owner(person.owner) | {
        "old_numbers": [alias.number for alias in person.aliases],
        "same_as": [described_owner(other) for other in person.others],
    }


def described_dossier(dossier: Dossier, attached: list[Attachment], trail: Trail) -> dict[str, Any]:
    """One request: what was asked, what served it, where it was, how it ended."""
    return {
        "code": dossier.code,
        "procedure": dossier.procedure,
        "owner": described_owner(dossier.owner),
        "submitter": dossier.submitter,
        "received_at": local(dossier.received_at).isoformat(),
        "received_by": dossier.receiver or dossier.received_by,
        "due_at": local(dossier.due_at).isoformat(),
        "due_steps": dossier.due_steps,
        "finished_at": local(dossier.finished_at).isoformat() if dossier.finished_at else None,
        "punctuality": trail.punctuality.value,
        "components": [
            {
                "component": entry.component_id,
                "requirement": entry.requirement,
                "reused": entry.reused,
                "attached_at": local(entry.attached_at).isoformat(),
            }
            for entry in attached
        ],
        "trail": _described_trail(trail),
    }


def described_component(
    component: Component, title: str, files: dict[str, str | None]
) -> dict[str, Any]:
    """One paper; `files` says where in the export its files stand."""
    return {
        "id": component.id,
        "type": component.type,
        "title": title,
        "owner": component.owner_id,
        "dossier": component.dossier_code,
        "number": component.number,
        "issued_on": component.issued_on.isoformat() if component.issued_on else None,
        "valid_until": component.valid_until.isoformat() if component.valid_until else None,
        "scope": component.scope,
        "marks": [
            {"mark": mark.kind, "reason": mark.reason, "at": local(mark.placed_at).isoformat()}
            for mark in component.marks
        ],
        "kept_at": local(component.created_at).isoformat(),
        "trust": component.trust,
        "stamp": component.stamp,
        "original_sha256": component.original,
        "archived_sha256": component.archived,
        "pages": [
            {
                "place": entry.page.place,
                "state": entry.page.state,
                "confidence": entry.page.confidence,
            }
            for entry in component.pages
        ],
        "files": files,
    }


def _described_trail(trail: Trail) -> dict[str, Any]:
    return {
        "holder": trail.holder,
        "since": local(trail.since).isoformat(),
        "visits": [
            {
                "desk": visit.desk,
                "since": local(visit.since).isoformat(),
                "until": local(visit.until).isoformat() if visit.until else None,
            }
            for visit in trail.visits
        ],
        "history": [
            {
                "status": step.status,
                "name": WORDS["vi"][Status(step.status)],
                "at": local(step.at).isoformat(),
                "by": step.actor,
                "note": step.note,
            }
            for step in trail.history
        ],
    }
