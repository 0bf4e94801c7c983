import pytest

from hoso.ocr.recognition import is_scratch
from hoso.ocr.words import Word


def piece(*texts: str, chance: float) -> list[Word]:
    return [Word(text, chance, 0, 0, 10, 10) for text in texts]


@pytest.mark.parametrize("text", ["/đÚo", "#4", "J0", "Í", "⁄⁄⁄4"])
def test_a_doubtful_jumble_by_itself_is_a_scratch(text: str) -> None:
    assert is_scratch(piece(text, chance=0.3))


@pytest.mark.parametrize("text", ["7", "2977", "04/01/2023", "Nữ,", "Lan"])
def test_what_is_read_well_or_may_be_a_word_or_number_stays(text: str) -> None:
    doubtful = text != "Nữ,"
    assert not is_scratch(piece(text, chance=0.3 if doubtful else 0.9))


def test_words_beside_others_stay() -> None:
    assert not is_scratch(piece("X.", "Í", chance=0.3))


def test_marks_without_a_letter_are_a_scratch_however_sure() -> None:
    assert is_scratch(piece("-", "/", chance=0.99))
    assert is_scratch([])
