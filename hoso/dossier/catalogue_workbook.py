"""Tables in files: one workbook (XLSX), or a folder of CSV files, as spreadsheets write them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from hoso.dossier.catalogue_tables import SHEETS, Cell, Row, Sheet, Tables
from hoso.errors import CatalogueTableMalformed

_MOST_ROWS = 100_000
_WIDEST, _NARROWEST = 60, 10
# Excel takes a procedure's code for a number: 2.000950 becomes 2.00095.
_CODES = frozenset({"code", "procedure"})
_CODE_DECIMALS = 6


def write_workbook(tables: Tables, path: Path) -> None:
    """Every table as a sheet of one workbook; cells hold text, so that no code becomes a number."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in SHEETS:
        _write_sheet(book.create_sheet(sheet.name), sheet, tables[sheet.name])
    book.save(path)


def read_workbook(path: Path) -> dict[str, list[dict[str, str]]]:
    """The tables of a workbook; refuses with CatalogueTableMalformed."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as wrong:
        raise CatalogueTableMalformed(
            table=path.name, row=0, what_vi="tệp không phải XLSX", what_en="it is no XLSX file"
        ) from wrong
    try:
        return {
            page.title: _rows(page.title, [list(row) for row in page.iter_rows(values_only=True)])
            for page in book.worksheets
        }
    finally:
        book.close()


def write_csv(tables: Tables, folder: Path) -> None:
    """Every table as a CSV file; the byte order mark has Excel read it as UTF-8."""
    for sheet in SHEETS:
        names = [column.name for column in sheet.columns]
        with (folder / f"{sheet.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows(tables[sheet.name])


def read_csv(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The tables of a folder's CSV files, separated by commas, semicolons or tabs."""
    return {path.stem: _rows(path.stem, _lines(path)) for path in sorted(folder.glob("*.csv"))}


def _lines(path: Path) -> list[list[object]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise CatalogueTableMalformed(
            table=path.stem, row=1, what_vi="tệp không phải UTF-8", what_en="it is not UTF-8"
        ) from wrong
    heading = text.partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    return [list(line) for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]


def _rows(table: str, lines: Sequence[Sequence[object]]) -> list[dict[str, str]]:
    """Rows by their headings; empty rows and columns that Excel adds are left out."""
    if len(lines) > _MOST_ROWS:
        raise CatalogueTableMalformed(
            table=table, row=_MOST_ROWS, what_vi="quá nhiều dòng", what_en="too many rows"
        )
    names = [str(cell or "").strip() for cell in lines[0]] if lines else []
    found = []
    for number, line in enumerate(lines[1:], start=2):
        cells = zip(names, line, strict=False)
        row = {name: _text(table, number, name, cell) for name, cell in cells if name}
        # An empty row stays: those below keep the number that people see beside them.
        found.append(row)
    while found and not any(found[-1].values()):
        found.pop()
    return found


def _text(table: str, number: int, name: str, cell: object) -> str:
    """A cell as the text that somebody meant."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.date().isoformat()
        case float() | int():
            return _number(table, number, name, cell)
        case _:  # dates and times as ISO
            return str(cell)


def _number(table: str, number: int, name: str, cell: float) -> str:
    if name in _CODES:
        return f"{cell:.{_CODE_DECIMALS}f}"
    if cell != int(cell):
        raise CatalogueTableMalformed(
            table=table,
            row=number,
            what_vi=f"cột “{name}” là số lẻ {cell}",
            what_en=f"column “{name}” holds the fraction {cell}",
        )
    return str(int(cell))


def _write_sheet(page: Worksheet, sheet: Sheet, rows: Sequence[Row]) -> None:
    names = [column.name for column in sheet.columns]
    page.append(names)
    for row in rows:
        page.append([row.get(name, "") for name in names])
    for place, column in enumerate(sheet.columns, start=1):
        _dress(page, place, rows, column.name, is_list=column.cell is Cell.LIST)
        if column.choices is not None:
            _offer(page, place, list(column.choices))
    page.freeze_panes = "B2"
    page.auto_filter.ref = page.dimensions


def _dress(page: Worksheet, place: int, rows: Sequence[Row], name: str, *, is_list: bool) -> None:
    letter = get_column_letter(place)
    widest = max([len(name), *(len(row.get(name, "")) for row in rows)])
    page.column_dimensions[letter].width = min(max(widest + 2, _NARROWEST), _WIDEST)
    head = page[f"{letter}1"]
    head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDE8F0")
    for cell in page[letter][1:]:
        cell.number_format, cell.data_type = "@", "s"
        cell.alignment = Alignment(wrap_text=is_list or widest > _WIDEST, vertical="top")


def _offer(page: Worksheet, place: int, choices: Sequence[str]) -> None:
    """Excel offers what may stand in the column."""
    letter = get_column_letter(place)
    offered = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    page.add_data_validation(offered)
    offered.add(f"{letter}2:{letter}{_MOST_ROWS}")
