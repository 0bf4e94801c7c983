"""One fold for everything that is searched or matched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.text import exact_terms, fold, nfc


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Thị Mỹ", "dang thi my"),
        ("GIẤY CHỨNG NHẬN KẾT HÔN", "giay chung nhan ket hon"),
        ("12/HĐ-LĐ", "12 hd ld"),
        ("  nhiều\tdòng\n", "nhieu dong"),
        ("số_001", "so 001"),
        ("“–”", ""),
    ],
)
def test_folding_drops_marks_case_and_punctuation(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_exact_terms_keep_the_accents() -> None:
    assert exact_terms("Số 12/HĐ-LĐ") == "số 12 hđ lđ"


@given(st.text(alphabet="aăâeêioôơuưyđAĂÂĐỔỮỢ ̣́̀̉̃"))
def test_both_ways_of_writing_a_letter_fold_alike(text: str) -> None:
    composed, decomposed = nfc(text), unicodedata.normalize("NFD", text)

    assert fold(composed) == fold(decomposed)
    assert exact_terms(composed) == exact_terms(decomposed)


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
