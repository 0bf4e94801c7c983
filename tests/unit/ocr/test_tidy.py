import pytest

from hoso.ocr.engine import RawWord
from hoso.ocr.tidy import tidied


def tidy(text: str, confidence: float = 0.9) -> str | None:
    word = tidied(RawWord(text, confidence, 1, 2, 3, 4))
    return word and word.text


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("'Trần", "Trần"),
        ("'Tạ'", "'Tạ'"),  # quoted on both sides: quoted on paper
        ("~", "-"),
        ("—", "-"),
        ("¬", "-"),
        ("462/2025/QĐÐST-HNGĐ", "462/2025/QĐST-HNGĐ"),
        ("Ðinh", "Đinh"),
        ("hokinhdoanh(@example.vn", "hokinhdoanh@example.vn"),
        ("hokinhdoanh@)example.vn", "hokinhdoanh@example.vn"),
        ("hokinhdoanh(@@example.vn", "hokinhdoanh@example.vn"),
        ("{Ký,", "(Ký,"),
        ("(1)", "(1)"),
        ("12/HĐ-LĐ", "12/HĐ-LĐ"),
    ],
)
def test_what_the_model_always_misreads_is_put_right(read: str, meant: str) -> None:
    assert tidy(read) == meant


@pytest.mark.parametrize("scratch", ["|", "_]", "\\", "⁄", "«"])
def test_scratches_are_no_words(scratch: str) -> None:
    assert tidy(scratch) is None


def test_punctuation_alone_must_be_sure() -> None:
    assert tidy(":", 0.9) == ":"
    assert tidy(":", 0.4) is None
