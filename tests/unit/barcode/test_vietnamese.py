"""Garbled text is put right only where there is one thing that it can have been."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.barcode.vietnamese import Letters, is_oddly_cased, mended
from tests.unit.barcode.garbling import EASTERN, WESTERN, twice

SAID = "Nguyễn Thị Thùy Dương, thôn Đoài, xã Ea Kiết, tỉnh Đắk Lắk"
LOWER = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"

texts = st.text(LOWER + LOWER.upper() + " ,.'-/0123456789|", min_size=1, max_size=80)


def test_the_alphabet_is_whole() -> None:
    assert mended(LOWER + LOWER.upper()).letters is Letters.WHOLE


@given(texts)
def test_vietnamese_text_stays_as_it_is_however_composed(text: str) -> None:
    for form in ("NFC", "NFD"):
        found = mended(unicodedata.normalize(form, text))  # type: ignore[arg-type]  # two literals
        assert (found.text, found.letters) == (text, Letters.WHOLE)


@pytest.mark.parametrize("page", WESTERN)
@given(text=texts)
def test_text_taken_for_another_page_comes_back_to_the_letter(page: str, text: str) -> None:
    # One letter whose garbled form is no Vietnamese is evidence enough for the whole. Alone, Ơ read
    # as cp850 gives "ãá", of which nobody can tell.
    text = f"{text} Nguyễn"
    for garble in (WESTERN[page], twice(WESTERN[page])):
        found = mended(garble(text))
        assert (found.text, found.letters) == (text, Letters.MENDED)


@pytest.mark.parametrize("first", WESTERN)
@pytest.mark.parametrize("second", WESTERN)
def test_text_garbled_twice_in_different_ways_comes_back(first: str, second: str) -> None:
    assert mended(WESTERN[second](WESTERN[first](SAID))).text == SAID


@pytest.mark.parametrize("page", EASTERN)
@given(text=texts)
def test_what_a_guess_at_an_eastern_page_made_comes_back_or_is_called_damaged(
    page: str, text: str
) -> None:
    try:
        garbled = text.encode().decode(page)
    except UnicodeDecodeError:
        return  # no text to it
    found = mended(garbled)
    assert found.text == text or (found.text, found.letters) == (
        unicodedata.normalize("NFC", garbled),
        Letters.DAMAGED,
    )


@pytest.mark.parametrize("page", EASTERN)
@pytest.mark.parametrize("name", ["Lương", "Ơ", "ưTuấn", "Lê Thị Lương"])
def test_short_names_that_look_eastern_come_back(page: str, name: str) -> None:
    try:
        garbled = name.encode().decode(page)
    except UnicodeDecodeError:
        return  # not to this page
    assert mended(garbled).text == name


@given(st.text(max_size=200))
def test_nothing_is_invented(text: str) -> None:
    """Whatever comes out is what came in, or becomes it by one garbling or another."""
    found = mended(text)
    if found.letters is not Letters.MENDED:
        assert found.text == unicodedata.normalize("NFC", text)
    else:
        assert not text.isascii()
        assert mended(found.text).letters is Letters.WHOLE or "\u2013" in found.text


@pytest.mark.parametrize(
    "text",
    ["Nguy\ufffdn", "NguyÔn ThÞ Lan", "Müller", "漢字", "Nguyá»…n \ufffd", "\0", "Ã\u0083Â"],
)
def test_what_cannot_be_proved_is_damaged_and_stays(text: str) -> None:
    found = mended(text)
    assert (found.text, found.letters) == (text, Letters.DAMAGED)


def test_typographers_signs_damage_nothing() -> None:
    assert mended("H’Hen Niê – Buôn Đôn").letters is Letters.WHOLE


def test_a_flood_is_not_worked_through() -> None:
    assert mended("Ã\u0083" * 100_000).letters is Letters.DAMAGED


@pytest.mark.parametrize("name", ["NguyÔn", "TrÇn", "HoÃ ng"])
def test_a_capital_inside_a_word_is_odd(name: str) -> None:
    assert is_oddly_cased(name)


@pytest.mark.parametrize("name", ["Nguyễn Thị Lan", "NGUYỄN THỊ Ý", "H'Wưng Niê", "y blŏ", "Ý"])
def test_names_as_people_write_them_are_not(name: str) -> None:
    assert not is_oddly_cased(name)
