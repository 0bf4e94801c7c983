"""What an import would change, entry by entry. Pure: two catalogues in, their differences out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from hoso.dossier.catalogue import Catalogue


class What(StrEnum):
    """What becomes of an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry's difference; `part` names its table, `values` what was and what will be."""

    part: str
    key: str
    what: What
    values: tuple[tuple[str, str, str], ...] = ()


def changes(before: Catalogue, after: Catalogue) -> list[Change]:
    """Every entry that differs, in the order of the tables and of their keys."""
    return [
        change
        for part in (
            "component_types", "fields", "procedures", "desks", "overrides", "office",
        )
        for change in _of_part(part, _entries(before, part), _entries(after, part))
    ]  # fmt: skip


def procedures_touched(
    found: Iterable[Change], before: Catalogue, after: Catalogue
) -> frozenset[str]:
    """Codes of the procedures whose dossiers would be received under other rules."""
    found = list(found)
    named = {change.key for change in found if change.part == "procedures"}
    kinds = {change.key for change in found if change.part == "component_types"}
    asking = {
        procedure.code
        for catalogue in (before, after)
        for procedure in catalogue.procedures.values()
        if any(kinds & set(requirement.any_of) for requirement in procedure.requirements)
    }
    return frozenset(named | asking)


def _entries(catalogue: Catalogue, part: str) -> Mapping[str, Any]:
    if part == "overrides":
        return {override.day.isoformat(): override for override in catalogue.overrides}
    if part == "office":
        return {"office": catalogue.office}
    found: Mapping[str, Any] = getattr(catalogue, part)
    return found


def _of_part(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys()):
        if key not in before:
            yield Change(part, key, What.ADDED)
        elif key not in after:
            yield Change(part, key, What.REMOVED)
        elif before[key] != after[key]:
            yield Change(part, key, What.CHANGED, tuple(_values(before[key], after[key])))


def _values(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(before, str):
        yield ("name", before, after)
        return
    for each in fields(before):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if old == new:
            continue
        if each.name == "requirements":
            yield from _lines(old, new)
        else:
            yield (each.name, _said(old), _said(new))


def _lines(before: Iterable[Any], after: Iterable[Any]) -> Iterator[tuple[str, str, str]]:
    """A checklist's lines by their keys: which came, which went, and what changed in the rest."""
    old, new = ({line.key: line for line in lines} for lines in (before, after))
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield (f"requirements.{key}", old[key].name, "")
        elif key not in old:
            yield (f"requirements.{key}", "", new[key].name)
        elif old[key] != new[key]:
            for name, was, will in _values(old[key], new[key]):
                yield (f"requirements.{key}.{name}", was, will)
    if list(old) != list(new) and set(old) == set(new):
        yield ("requirements", ", ".join(old), ", ".join(new))


def _said(value: Any) -> str:
    """A value as a table shows it."""
    match value:
        case None:
            said = ""
        case Mapping():
            said = "; ".join(f"{key}: {_said(each)}" for key, each in value.items())
        case frozenset():
            said = "; ".join(sorted(map(_said, value)))
        case tuple():
            said = "; ".join(map(_said, value))
        case _ if is_dataclass(value):
            parts = {each.name: getattr(value, each.name) for each in fields(value)}
            said = ", ".join(f"{name} {_said(part)}" for name, part in parts.items() if part)
        case _:
            said = str(value)
    return said
