"""The manifest of an old archive, as Excel writes it here and as people fill it in."""

import csv
import io
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.errors import HosoError, ManifestColumnMissing
from hoso.scanner_ingest.manifest import Entry, Line, count_lines, read_manifest
from tests.builders import LAN, NOW

HEADING = "Đường dẫn;Loại giấy tờ;Mã hồ sơ;Số định danh;Họ tên;Ngày cấp;Số hiệu"
GOOD = f"2012/ks.pdf;birth_certificate;;{LAN.digits};Nguyễn Thị Lan;05/03/2012;45/2012"


def lines_of(*rows: str, heading: str = HEADING) -> list[Line]:
    text = io.StringIO("\r\n".join((heading, *rows)) + "\r\n", newline="")
    return list(read_manifest(text, today=NOW.date()))


def entry_of(row: str, heading: str = HEADING) -> Entry:
    (line,) = lines_of(row, heading=heading)
    assert isinstance(line.entry, Entry), line.entry
    return line.entry


def refusal_of(row: str) -> str:
    (line,) = lines_of(row)
    assert isinstance(line.entry, HosoError)
    return line.entry.code


def test_a_line_says_which_file_is_which_paper_of_whom() -> None:
    entry = entry_of(GOOD)
    assert (entry.path, entry.type, entry.number) == ("2012/ks.pdf", "birth_certificate", "45/2012")
    assert entry.owner is not None
    assert (entry.owner.number, entry.owner.name) == (LAN, "Nguyễn Thị Lan")
    assert entry.issued_on == date(2012, 3, 5)
    assert entry.dossier is None


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_and_marks_of_excel_are_understood(delimiter: str, mark: str) -> None:
    heading, row = (text.replace(";", delimiter) for text in (HEADING, GOOD))
    assert entry_of(row, heading=mark + heading) == entry_of(GOOD)


def test_headings_may_be_english_in_any_order() -> None:
    heading = "number;owner name;citizen id;dossier;component type;path;issued on;remark"
    row = f"45/2012;Nguyễn Thị Lan;{LAN.digits};;birth_certificate;2012\\ks.pdf;2012-03-05;old"
    assert entry_of(row, heading=heading) == entry_of(GOOD)


def test_letters_written_apart_are_the_same_letters() -> None:
    apart = unicodedata.normalize("NFD", HEADING), unicodedata.normalize("NFD", GOOD)
    assert entry_of(apart[1], heading=apart[0]) == entry_of(GOOD)


def test_an_old_dossiers_code_stands_for_its_owner() -> None:
    assert str(entry_of("a.pdf;marriage;000.00.12.H62-201105-0004;;;;").dossier) == (
        "000.00.12.H62-201105-0004"
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (";birth_certificate;;001185012345;Lan;;", "manifest_cell_missing"),
        ("a.pdf;;;001185012345;Lan;;", "manifest_cell_missing"),
        ("a.pdf;birth_certificate;;;;;", "manifest_cell_missing"),
        ("a.pdf;birth_certificate;;1185012345x;Lan;;", "citizen_id_malformed"),
        ("a.pdf;birth_certificate;;001185012345;;;", "owner_name_missing"),
        ("a.pdf;birth_certificate;12-3;;;;", "dossier_code_malformed"),
        ("a.pdf;birth_certificate;;001185012345;Lan;31/02/2012;", "manifest_date_malformed"),
        ("a.pdf;birth_certificate;;001185012345;Lan;năm 2012;", "manifest_date_malformed"),
        ("a.pdf;birth_certificate;;001185012345;Lan;01/01/2030;", "manifest_date_malformed"),
        ("../a.pdf;birth_certificate;;001185012345;Lan;;", "manifest_path_outside"),
        ("x\\..\\..\\a.pdf;birth_certificate;;001185012345;Lan;;", "manifest_path_outside"),
        ("/etc/passwd;birth_certificate;;001185012345;Lan;;", "manifest_path_outside"),
        ("C:\\a.pdf;birth_certificate;;001185012345;Lan;;", "manifest_path_outside"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_of_that_line(row: str, code: str) -> None:
    assert refusal_of(row) == code


def test_one_wrong_line_stops_no_other_and_lines_keep_their_numbers() -> None:
    found = lines_of("x", GOOD, "", ";;;;;;", GOOD)
    assert [line.line for line in found] == [2, 3, 6]
    assert [isinstance(line.entry, Entry) for line in found] == [False, True, True]


def test_a_manifest_without_the_needed_columns_is_refused() -> None:
    with pytest.raises(ManifestColumnMissing, match="path, type"):
        lines_of("a;b", heading="x;y")


def test_the_files_are_counted_for_the_progress_bar() -> None:
    assert count_lines(["path;type\n", "a;b\n", "\n", "c;d\n"]) == 2


@given(
    cells=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=9), max_size=6
    )
)
def test_no_manifest_breaks_the_reader(cells: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(cells)
    text = io.StringIO(HEADING + "\r\n" + written.getvalue().replace("\0", ""), newline="")
    for line in read_manifest(text, today=NOW.date()):
        assert isinstance(line.entry, Entry | HosoError)
