"""The catalogue as flat tables, as people edit them in a workbook, and back. Pure.

A table is a list of rows, a row its cells by column. Lists stand in one cell, separated by `;`.
What the tables say is checked where every catalogue is checked (`catalogue_files`).
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any, NoReturn

import tomli_w

from hoso.dossier.catalogue import DeskKind
from hoso.dossier.catalogue_files import CALENDAR, COMPONENT_TYPES, DESKS, FIELDS, PROCEDURES
from hoso.dossier.checklist import Certainty
from hoso.dossier.deadlines import LimitUnit
from hoso.dossier.reuse import Reuse
from hoso.dossier.trust import Trust
from hoso.dossier.validity import ValidityKind
from hoso.dossier.working_calendar import OverrideKind
from hoso.errors import CatalogueTableMalformed
from hoso.text import nfc

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]


class Cell(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    WHOLE = "whole"
    FLAG = "flag"
    CLOCK = "clock"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, which is also the key in the file; a dot leads into a table inside."""

    name: str
    cell: Cell = Cell.TEXT
    choices: type[StrEnum] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the workbook. `file`: where its rows go; `inside`: the key they stand under there.

    Rows of a table inside another name the entry they belong to in the first column.
    """

    name: str
    file: str
    columns: tuple[Column, ...]
    inside: str | None = None


_CERTAINTY = Column("certainty", choices=Certainty)
_NOTE = Column("note")

SHEETS = (
    Sheet(
        "component_types",
        COMPONENT_TYPES,
        (
            Column("key"),
            Column("sheet_number", Cell.WHOLE),
            Column("title"),
            Column("headings", Cell.LIST),
            Column("national_code"),
            Column("validity.kind", choices=ValidityKind),
            Column("validity.months", Cell.WHOLE),
            Column("reuse", choices=Reuse),
            Column("least_trust", choices=Trust),
            Column("serves_as", Cell.LIST),
            Column("retention_years", Cell.WHOLE),
            _CERTAINTY,
            Column("source"),
        ),
    ),
    Sheet("fields", FIELDS, (Column("key"), Column("name"))),
    Sheet(
        "procedures",
        PROCEDURES,
        (
            Column("code"),
            Column("name"),
            Column("field"),
            Column("limit.unit", choices=LimitUnit),
            Column("limit.amount", Cell.WHOLE),
            Column("limit.cut_off", Cell.CLOCK),
            Column("retention_years", Cell.WHOLE),
            _CERTAINTY,
            _NOTE,
        ),
    ),
    Sheet(
        "requirements",
        PROCEDURES,
        (
            Column("procedure"),
            Column("key"),
            Column("any_of", Cell.LIST),
            Column("name"),
            Column("originals", Cell.WHOLE),
            Column("copies", Cell.WHOLE),
            Column("optional", Cell.FLAG),
            Column("when"),
            Column("original_by_law"),
            Column("least_trust", choices=Trust),
            _CERTAINTY,
            _NOTE,
        ),
        inside="requirements",
    ),
    Sheet(
        "cases",
        PROCEDURES,
        (Column("procedure"), Column("key"), Column("name")),
        inside="cases",
    ),
    Sheet(
        "fees",
        PROCEDURES,
        (Column("procedure"), Column("name"), Column("amount", Cell.WHOLE), _NOTE),
        inside="fees",
    ),
    Sheet(
        "desks",
        DESKS,
        (
            Column("key"),
            Column("number", Cell.WHOLE),
            Column("name"),
            Column("kind", choices=DeskKind),
            Column("fields", Cell.LIST),
        ),
    ),
    Sheet(
        "calendar",
        CALENDAR,
        (
            Column("day"),
            Column("kind", choices=OverrideKind),
            Column("name_vi"),
            Column("name_en"),
            _CERTAINTY,
            Column("source"),
        ),
    ),
)
"""Every table, in the order of the workbook. The office itself is edited as TOML."""

_YES, _NO = {"true", "x", "1", "có", "yes", "đúng"}, {"false", "0", "không", "no", "sai"}


def tables_of(texts: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """The catalogue's files as tables."""
    read = {name: tomllib.loads(text) for name, text in texts.items()}
    return {sheet.name: list(_rows(sheet, read[sheet.file])) for sheet in SHEETS}


def texts_of(tables: Tables) -> dict[str, str]:
    """Tables as the catalogue's files: those whose tables are there, the others are left out.

    Refuses with CatalogueTableMalformed.
    """
    _refuse_strangers(tables)
    files: dict[str, dict[str, Any]] = {}
    for sheet in SHEETS:
        if sheet.name not in tables:
            continue
        for number, row in enumerate(tables[sheet.name], start=2):  # row 1 holds the headings
            entries = files.setdefault(sheet.file, {})
            if any(row.values()):
                _put(entries, sheet, number, row)
    return {name: tomli_w.dumps(entries) for name, entries in files.items()}


def _refuse_strangers(tables: Tables) -> None:
    known = {sheet.name for sheet in SHEETS}
    for name in tables:
        if name not in known:
            _refuse(name, 1, "không có bảng tên này", "no table has this name")
    inside = {sheet.name for sheet in SHEETS if sheet.inside}
    given = set(tables)
    if given & inside and "procedures" not in given:
        _refuse("procedures", 1, "thiếu bảng này", "this table is missing")
    if "procedures" in given and "requirements" not in given:
        _refuse("requirements", 1, "thiếu bảng này", "this table is missing")


# From files to rows --------------------------------------------------------------------------


def _rows(sheet: Sheet, entries: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    first = sheet.columns[0].name
    for name, entry in entries.items():
        if sheet.inside is None:
            yield {first: name, **_cells(sheet, entry)}
        elif sheet.inside == "cases":
            for key, said in entry.get("cases", {}).items():
                yield {first: name, "key": key, "name": said}
        else:
            for each in entry.get(sheet.inside, []):
                yield {first: name, **_cells(sheet, each)}


def _cells(sheet: Sheet, entry: Mapping[str, Any]) -> dict[str, str]:
    return {column.name: _shown(_found(entry, column.name)) for column in sheet.columns[1:]}


def _found(entry: Mapping[str, Any], name: str) -> Any:
    outer, _, inner = name.partition(".")
    value = entry.get(outer)
    return value.get(inner) if inner and isinstance(value, Mapping) else value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, list):
        return "; ".join(value)
    return value.isoformat() if isinstance(value, time) else str(value)


# From rows to files --------------------------------------------------------------------------


def _put(entries: dict[str, Any], sheet: Sheet, number: int, row: Row) -> None:
    unknown = sorted(set(row) - {column.name for column in sheet.columns})
    if unknown:
        _refuse(sheet.name, 1, f"không có cột “{unknown[0]}”", f"no column is “{unknown[0]}”")
    name = nfc(row.get(sheet.columns[0].name, "")).strip()
    if not name:
        _refuse(sheet.name, number, "cột đầu đang để trống", "the first column is empty")
    values = _values(sheet, number, row)
    if sheet.inside is None:
        if name in entries:
            _refuse(sheet.name, number, f"“{name}” đã có ở trên", f"“{name}” stands above already")
        entries[name] = {**values, "requirements": []} if sheet.file == PROCEDURES else values
        return
    if name not in entries:
        _refuse(sheet.name, number, f"không có thủ tục “{name}”", f"no procedure is “{name}”")
    if sheet.inside == "cases":
        entries[name].setdefault("cases", {})[values.get("key", "")] = values.get("name", "")
    else:
        entries[name].setdefault(sheet.inside, []).append(values)


def _values(sheet: Sheet, number: int, row: Row) -> dict[str, Any]:
    """What a row says; an empty cell says nothing."""
    values: dict[str, Any] = {}
    for column in sheet.columns[1:]:
        text = nfc(row.get(column.name, "")).strip()
        if not text:
            continue
        outer, _, inner = column.name.partition(".")
        value = _read(sheet, number, column, text)
        if inner:
            values.setdefault(outer, {})[inner] = value
        else:
            values[outer] = value
    return values


def _read(sheet: Sheet, number: int, column: Column, text: str) -> Any:
    value = _READERS[column.cell](text)
    if value is None:
        _refuse(
            sheet.name,
            number,
            f"cột “{column.name}” không đọc được giá trị “{text}”",
            f"column “{column.name}” cannot be “{text}”",
        )
    return value


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _flag(text: str) -> bool | None:
    word = text.casefold()
    return word in _YES if word in _YES | _NO else None


def _clock(text: str) -> time | None:
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?", text)
    return time(int(found[1]), int(found[2])) if found else None


def _list(text: str) -> list[str]:
    return [part for each in re.split(r"[;\n]", text) if (part := each.strip())]


_READERS: Mapping[Cell, Callable[[str], Any]] = {
    Cell.TEXT: str,
    Cell.WHOLE: _whole,
    Cell.FLAG: _flag,
    Cell.CLOCK: _clock,
    Cell.LIST: _list,
}


def _refuse(table: str, row: int, what_vi: str, what_en: str) -> NoReturn:
    raise CatalogueTableMalformed(table=table, row=row, what_vi=what_vi, what_en=what_en)
