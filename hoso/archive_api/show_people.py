"""From owners' rows to what the API and the pages show of them: no number but a masked one."""

from hoso.archive_api.models import AccessShown, AliasShown, MergeShown, OwnerShown, PersonShown
from hoso.clock import local
from hoso.dossier.accesses import DEEDS, Access
from hoso.dossier.numbers import OldCitizenNumber, parse_owner_number
from hoso.dossier.people import Person
from hoso.dossier.tables import Owner, OwnerAlias, OwnerMerge


def owner(row: Owner) -> OwnerShown:
    """Somebody in a word."""
    return OwnerShown.model_validate(_facts(row))


def person(found: Person) -> PersonShown:
    """Everything that is known of who somebody is."""
    return PersonShown.model_validate(
        _facts(found.owner)
        | {
            "same_as": [owner(row) for row in found.others],
            "aliases": [_alias(row) for row in found.aliases],
            "merges": [_merge(found, row) for row in found.merges],
            "dossiers_across": found.dossiers_across,
        }
    )


def access(found: Access, language: str) -> AccessShown:
    """One look, or one use."""
    return AccessShown(
        at=local(found.at),
        who=found.who,
        deed=found.deed,
        deed_name=DEEDS[language][found.deed],
        component_type=found.paper,
        dossier=found.dossier,
        purpose=found.purpose,
    )


def _facts(row: Owner) -> dict[str, object]:
    number = parse_owner_number(row.number).masked
    return {"id": row.id, "kind": row.kind, "name": row.name, "number": number}


def _alias(row: OwnerAlias) -> AliasShown:
    return AliasShown.model_validate(
        {
            "id": row.id,
            "owner": row.owner_id,
            "number": OldCitizenNumber(row.number).masked,
            "source": row.source,
            "reason": row.reason,
            "added_by": row.added_by,
            "added_at": local(row.added_at),
        }
    )


def _merge(found: Person, row: OwnerMerge) -> MergeShown:
    return MergeShown(
        id=row.id,
        one=owner(found.called(row.one_id)),
        other=owner(found.called(row.other_id)),
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=local(row.decided_at),
    )
