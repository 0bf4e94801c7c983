import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.preservation.names import safe_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("GIẤY KHAI SINH", "GIẤY KHAI SINH"),
        (unicodedata.normalize("NFD", "Giấy khai sinh"), "Giấy khai sinh"),
        ("Quyết định 12/HĐ-LĐ: ly hôn?", "Quyết định 12 HĐ-LĐ ly hôn"),
        ("..\\..//etc/passwd", "etc passwd"),
        (" . ", "_"),
        ("", "_"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("100 % giấy\r\ntờ\u200b", "100 giấy tờ"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_text_becomes_a_name_that_every_file_system_takes(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(max_size=300))
def test_whatever_the_text_the_name_is_safe_and_stays_itself(text: str) -> None:
    name = safe_name(text)

    assert name
    assert not set(name) & set('<>:"/\\|?*%\0\n\r')
    assert name[-1] not in ". "
    assert name[0] != "."
    assert unicodedata.is_normalized("NFC", name)
    assert len(unicodedata.normalize("NFD", name).encode()) <= 201
    assert safe_name(name).removeprefix("_") == name.removeprefix("_")
