"""File names of every origin, made fit to show."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hoso.scanner_ingest.names import MOST_CHARACTERS, shown_name
from hoso.text import nfc

COMPOSED = "Giấy khai sinh – Đặng Thị Mỹ.pdf"


def test_a_decomposed_name_is_shown_composed() -> None:
    assert shown_name(unicodedata.normalize("NFD", COMPOSED)) == COMPOSED


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/srv/scans/giấy.pdf", "giấy.pdf"),
        ("C:\\Users\\Lan\\Quét 1.pdf", "Quét 1.pdf"),
        ("ab\x00c\r\n.pdf", "abc.pdf"),
        ("hóa đơn\u202efdp.exe", "hóa đơnfdp.exe"),
        ("  nhiều \t khoảng   trắng .pdf ", "nhiều khoảng trắng .pdf"),
        ("hồ sơ 📄.pdf", "hồ sơ 📄.pdf"),
        (".pdf", "pdf"),
    ],
)
def test_paths_and_unprintable_characters_are_dropped(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


@pytest.mark.parametrize("nothing", ["", " ", "..", "....", "/", "a/", "\x00\x1f", ". . ."])
def test_a_name_with_nothing_to_show_becomes_scan(nothing: str) -> None:
    assert shown_name(nothing) == "scan"


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    shown = shown_name("Quyết định ly hôn " * 20 + ".pdf")

    assert len(shown) == MOST_CHARACTERS
    assert shown.endswith("….pdf")


@given(st.text(max_size=400))
@example("a\u200d\u0301.pdf")  # leaving out the joiner brings the letter and its mark together
def test_a_shown_name_is_short_composed_printable_and_no_path(given_name: str) -> None:
    shown = shown_name(given_name)

    assert 0 < len(shown) <= MOST_CHARACTERS
    assert shown == nfc(shown)
    assert shown.isprintable()
    assert not set("/\\") & set(shown)
    assert not shown.startswith(".")
