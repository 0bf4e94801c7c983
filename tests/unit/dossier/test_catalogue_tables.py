"""The catalogue as a workbook or CSV files: out and back without a loss, and clear refusals."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from hoso.dossier.catalogue_files import OFFICE, PROCEDURES, catalogue_texts, read_catalogue
from hoso.dossier.catalogue_tables import SHEETS, Tables, tables_of, texts_of
from hoso.dossier.catalogue_workbook import read_csv, read_workbook, write_csv, write_workbook
from hoso.errors import CatalogueMalformed, CatalogueTableMalformed

Tab = dict[str, list[dict[str, str]]]


def by_hand(tables: Tables, _: Path) -> Tables:
    return tables


def through_a_workbook(tables: Tables, folder: Path) -> Tables:
    write_workbook(tables, folder / "danh mục.xlsx")
    return read_workbook(folder / "danh mục.xlsx")


def through_csv(tables: Tables, folder: Path) -> Tables:
    write_csv(tables, folder)
    return read_csv(folder)


@pytest.mark.parametrize("way", [by_hand, through_a_workbook, through_csv])
def test_the_catalogue_comes_back_as_it_went_out(
    way: Callable[[Tables, Path], Tables], tmp_path: Path
) -> None:
    texts = catalogue_texts()
    back = texts_of(way(tables_of(texts), tmp_path))

    assert set(back) == set(texts) - {OFFICE}
    assert read_catalogue({**texts, **back}) == read_catalogue(texts)


def test_cases_fees_and_conditions_come_back_too(tmp_path: Path) -> None:
    tables = tables_of(catalogue_texts())
    tables["cases"].append({"procedure": "1.001193", "key": "abroad", "name": "Sinh ở nước ngoài"})
    tables["fees"].append({"procedure": "1.001193", "name": "Lệ phí", "amount": "8000"})
    line = next(row for row in tables["requirements"] if row["procedure"] == "1.001193")
    line |= {"when": "abroad", "original_by_law": "Luật Hộ tịch, Điều 16"}
    line["least_trust"] = "compared"

    texts = texts_of(through_a_workbook(tables, tmp_path))
    procedure = read_catalogue({**catalogue_texts(), **texts}).procedures["1.001193"]

    assert procedure.cases["abroad"] == "Sinh ở nước ngoài"
    assert [(fee.name, fee.amount) for fee in procedure.fees] == [("Lệ phí", 8000)]
    first = procedure.requirements[0]
    assert (first.when, first.least_trust) == ("abroad", "compared")
    assert first.original_by_law == "Luật Hộ tịch, Điều 16"


def test_semicolons_as_excel_writes_them_in_vietnam_are_read(tmp_path: Path) -> None:
    (tmp_path / "fields.csv").write_text(
        "key;name\ncivil_status;Hộ tịch\n\n;\n", encoding="utf-8-sig"
    )
    assert read_csv(tmp_path)["fields"][0] == {"key": "civil_status", "name": "Hộ tịch"}
    assert 'name = "Hộ tịch"' in texts_of(read_csv(tmp_path))["fields.toml"]


def test_a_code_that_the_spreadsheet_took_for_a_number_is_mended(tmp_path: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "procedures"
    page.append(["code", "retention_years"])
    page.append([2.00095, 5.0])
    book.save(tmp_path / "a.xlsx")

    assert read_workbook(tmp_path / "a.xlsx")["procedures"] == [
        {"code": "2.000950", "retention_years": "5"}
    ]


def test_cells_of_the_workbook_are_text_and_offer_what_may_stand_there(tmp_path: Path) -> None:
    write_workbook(tables_of(catalogue_texts()), tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")

    codes = [cell.value for cell in book["procedures"]["A"][1:]]
    assert "1.001193" in codes
    assert all(isinstance(code, str) for code in codes)
    offered = {each.formula1 for each in book["component_types"].data_validations.dataValidation}
    assert '"reusable,per_dossier,presented_only,purpose_bound"' in offered
    assert book.sheetnames == [sheet.name for sheet in SHEETS]


def test_a_cell_that_looks_like_a_formula_stays_what_was_written(tmp_path: Path) -> None:
    tables = tables_of(catalogue_texts())
    tables["procedures"][0]["note"] = "=HYPERLINK(1)"

    assert through_a_workbook(tables, tmp_path)["procedures"][0]["note"] == "=HYPERLINK(1)"
    cell = load_workbook(tmp_path / "danh mục.xlsx")["procedures"]["I2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.parametrize(
    ("change", "table", "row", "what"),
    [
        (lambda t: t.update(strange=[]), "strange", 1, "no table has this name"),
        (lambda t: t.pop("procedures"), "procedures", 1, "this table is missing"),
        (lambda t: t.pop("requirements"), "requirements", 1, "this table is missing"),
        (lambda t: t["fields"][1].update(key=""), "fields", 3, "the first column is empty"),
        (lambda t: t["fields"][0].update(colour="red"), "fields", 1, "no column is “colour”"),
        (
            lambda t: t["fields"].append(dict(t["fields"][0])),
            "fields",
            9,
            "“civil_status” stands above already",
        ),
        (
            lambda t: t["requirements"][0].update(procedure="9.999999"),
            "requirements",
            2,
            "no procedure is “9.999999”",
        ),
        (
            lambda t: t["requirements"][0].update(originals="hai"),
            "requirements",
            2,
            "column “originals” cannot be “hai”",
        ),
        (
            lambda t: t["requirements"][0].update(optional="maybe"),
            "requirements",
            2,
            "column “optional” cannot be “maybe”",
        ),
        (
            lambda t: t["procedures"][0].update({"limit.cut_off": "25:00"}),
            "procedures",
            2,
            "column “limit.cut_off” cannot be “25:00”",
        ),
    ],
)
def test_a_wrong_table_is_refused_by_its_name_and_row(
    change: Callable[[Tab], object], table: str, row: int, what: str
) -> None:
    tables = tables_of(catalogue_texts())
    change(tables)

    with pytest.raises(CatalogueTableMalformed) as refused:
        texts_of(tables)

    assert refused.value.facts["table"] == table
    assert refused.value.facts["row"] == row
    assert refused.value.facts["what_en"] == what


def test_what_only_the_whole_catalogue_shows_is_refused_there() -> None:
    tables = tables_of(catalogue_texts())
    tables["requirements"][0]["any_of"] = "no_such_paper"
    with pytest.raises(CatalogueMalformed, match="no_such_paper"):
        read_catalogue({**catalogue_texts(), **texts_of(tables)})


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(CatalogueTableMalformed):
        read_workbook(tmp_path / "a.xlsx")


def test_a_fraction_where_a_whole_number_belongs_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "desks"
    page.append(["key", "number"])
    page.append(["counter", 1.5])
    book.save(tmp_path / "a.xlsx")

    with pytest.raises(CatalogueTableMalformed, match="fraction"):
        read_workbook(tmp_path / "a.xlsx")


def test_csv_files_open_as_utf8_in_excel(tmp_path: Path) -> None:
    write_csv(tables_of(catalogue_texts()), tmp_path)
    raw = (tmp_path / "procedures.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "procedures.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["name"] == "Đăng ký khai sinh"


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fields.csv").write_bytes("key,name\na,Hộ tịch\n".encode("utf-16"))
    with pytest.raises(CatalogueTableMalformed, match="UTF-8"):
        read_csv(tmp_path)


def test_procedures_are_checked_with_the_texts_they_go_into() -> None:
    assert PROCEDURES in texts_of(tables_of(catalogue_texts()))
