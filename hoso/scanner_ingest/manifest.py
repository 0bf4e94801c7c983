"""The manifest of an old archive: which file is which paper of whom, as a table that people keep.

Pure. Reads what Excel writes in Vietnam: a byte-order mark or none, `;`, `,` or tabs between the
cells, headings in Vietnamese or English, days first in dates, backslashes in paths.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from hoso.barcode.code import DossierCode
from hoso.dossier.numbers import OwnerNumber, parse_owner_number
from hoso.errors import (
    HosoError,
    ManifestCellMissing,
    ManifestColumnMissing,
    ManifestDateMalformed,
    ManifestPathOutside,
    OwnerNameMissing,
)
from hoso.text import fold, nfc

# Every heading that is understood, folded; the first of each is how the column is spoken of.
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "path": ("path", "file", "tệp", "đường dẫn", "tên tệp"),
    "type": ("type", "component type", "loại giấy tờ", "loại giấy"),
    "dossier": ("dossier", "dossier code", "mã hồ sơ", "số hồ sơ"),
    "owner_id": ("owner id", "citizen id", "số định danh", "số định danh cá nhân", "mã số thuế"),
    "owner_name": ("owner name", "name", "họ tên", "họ và tên", "chủ hồ sơ"),
    "date": ("date", "issued on", "ngày", "ngày cấp"),
    "number": ("number", "số", "số hiệu", "số ký hiệu"),
}
_NEEDED: Final = ("path", "type")
_COLUMNS: Final = {fold(word): key for key, words in _HEADINGS.items() for word in words}
_DELIMITERS: Final = (";", "\t", ",")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_MOST_NUMBER_CHARACTERS: Final = 120


@dataclass(frozen=True, slots=True)
class ManifestOwner:
    """Whose papers, as the manifest names them."""

    number: OwnerNumber
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: `path` below the folder, `type` as written (a key or a title)."""

    path: str
    type: str
    dossier: DossierCode | None
    owner: ManifestOwner | None
    issued_on: date | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the manifest: its number, its path as written, and what it says or why not."""

    line: int
    path: str
    entry: Entry | HosoError


def read_manifest(text: Iterable[str], *, today: date) -> Iterator[Line]:
    """The manifest's lines, one at a time; `text` is the file's lines with their ends.

    Raises ManifestColumnMissing when the heading lacks what every line needs. What is wrong with
    one line is given in its place and stops no other. Empty lines are passed over.
    """
    lines = iter(text)
    heading = next(lines, "").removeprefix("\ufeff")
    delimiter = max(_DELIMITERS, key=heading.count)
    columns = _columns(next(csv.reader([heading], delimiter=delimiter), []))
    rows = csv.reader(lines, delimiter=delimiter)
    for row in rows:
        cells = {key: nfc(row[at]).strip() for key, at in columns.items() if at < len(row)}
        if any(cells.values()):
            yield Line(rows.line_num + 1, cells.get("path", ""), _entry(cells, today))


def count_lines(text: Iterable[str]) -> int:
    """About how many files the manifest names, for a progress bar."""
    return max(sum(1 for line in text if line.strip()) - 1, 0)


def _columns(headings: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        key = _COLUMNS.get(fold(heading))
        if key:
            found.setdefault(key, at)
    missing = [key for key in _NEEDED if key not in found]
    if missing:
        raise ManifestColumnMissing(columns=", ".join(missing))
    return found


def _entry(cells: Mapping[str, str], today: date) -> Entry | HosoError:
    try:
        dossier = DossierCode.parse(cells["dossier"]) if cells.get("dossier") else None
        owner = _owner(cells, today)
        if dossier is None and owner is None:
            raise ManifestCellMissing(cell="dossier / owner_id")
        return Entry(
            path=_path(cells.get("path", "")),
            type=_needed(cells, "type"),
            dossier=dossier,
            owner=owner,
            issued_on=_date(cells.get("date", ""), today),
            number=cells.get("number", "")[:_MOST_NUMBER_CHARACTERS] or None,
        )
    except HosoError as refusal:
        return refusal


def _owner(cells: Mapping[str, str], today: date) -> ManifestOwner | None:
    if not cells.get("owner_id"):
        return None
    if not cells.get("owner_name"):
        raise OwnerNameMissing
    return ManifestOwner(parse_owner_number(cells["owner_id"], today=today), cells["owner_name"])


def _path(written: str) -> str:
    """With forward slashes; refuses what leads out of the folder or starts elsewhere."""
    if not written:
        raise ManifestCellMissing(cell="path")
    path = written.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or _DRIVE.match(path) or ".." in parts or "\0" in path:
        raise ManifestPathOutside(path=written)
    return "/".join(part for part in parts if part not in {"", "."})


def _needed(cells: Mapping[str, str], key: str) -> str:
    value = cells.get(key)
    if not value:
        raise ManifestCellMissing(cell=key)
    return value


def _date(written: str, today: date) -> date | None:
    """Day first, as people here write it, or ISO 8601; a day to come is a mistake."""
    if not written:
        return None
    if match := _DAY_FIRST.fullmatch(written):
        day, month, year = (int(part) for part in match.groups())
    elif match := _YEAR_FIRST.fullmatch(written):
        year, month, day = (int(part) for part in match.groups())
    else:
        raise ManifestDateMalformed(date=written)
    try:
        found = date(year, month, day)
    except ValueError as fault:
        raise ManifestDateMalformed(date=written) from fault
    if found > today:
        raise ManifestDateMalformed(date=written)
    return found
