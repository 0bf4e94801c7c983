"""One fold for everything that is searched or matched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.text import exact_terms, fold, nfc, tone_last

SYLLABLES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "h", "th", "kh", "q", "g", "đ", "ngh", "tr"]),
        st.sampled_from(["oa", "oe", "uy", "ua", "ia", "iê", "ươ", "uyê", "oai", "yêu", "a", "ơ"]),
        st.sampled_from(["", "n", "ng", "t", "ch", "m"]),
    ),
)
TONES = "\u0300\u0301\u0309\u0303\u0323"


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


def test_exact_terms_keep_the_accents_and_put_the_tone_behind() -> None:
    assert exact_terms("Số 12/HĐ-LĐ") == "sôˢ 12 hđ lđ"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hòa", "hoà"),
        ("khỏe", "khoẻ"),
        ("thủy", "thuỷ"),
        ("Thúy", "Thuý"),
        ("lũy", "luỹ"),
        ("xõa", "xoã"),
        ("HÓA", "HOÁ"),
        # As many type it: the mark after the last letter, or on the i of gi and the u of qu.
        ("qúy", "quý"),
        ("gìa", "già"),
        ("cuả", "của"),
        ("đựơc", "được"),
        ("khoản", "khỏan"),
    ],
)
def test_a_word_is_the_same_wherever_its_tone_is_written(old: str, new: str) -> None:
    assert exact_terms(old) == exact_terms(new)


@pytest.mark.parametrize(
    "words",
    [
        "ma má mà mả mã mạ",
        "hoa hóa hòa hỏa họa",
        "qua quá quả quạ",
        "gia già giá giả",
        "a á ă ắ â ấ",
    ],
)
def test_another_tone_or_another_letter_is_another_word(words: str) -> None:
    told_apart = set(exact_terms(words).split())

    assert len(told_apart) == len(words.split())


@pytest.mark.parametrize("word", ["hòabình", "élevé", "2026", "mañanáà"])
def test_what_bears_no_tone_or_several_is_no_syllable_and_stays(word: str) -> None:
    assert exact_terms(word) == word


@given(SYLLABLES, st.sampled_from(TONES), st.data())
def test_a_tone_on_any_letter_of_a_syllable_is_that_syllables(
    syllable: str, tone: str, data: st.DataObject
) -> None:
    bare = unicodedata.normalize("NFD", syllable)
    one, other = (data.draw(st.integers(1, len(bare))) for _ in range(2))

    assert tone_last(bare[:one] + tone + bare[one:]) == tone_last(
        bare[:other] + tone + bare[other:]
    )


@given(st.text())
def test_exact_terms_of_exact_terms_are_themselves(text: str) -> None:
    once = exact_terms(text)

    assert exact_terms(once) == once
    assert exact_terms(unicodedata.normalize("NFD", text)) == exact_terms(nfc(text)) == once


@given(st.text(alphabet=st.characters(max_codepoint=0x1EFF, exclude_characters="ᶠˢʳˣʲ")))
def test_both_kinds_of_terms_are_cut_at_the_same_places(text: str) -> None:
    folded, exact = fold(text).split(), exact_terms(text).split()

    assert folded == [fold(term.rstrip("ᶠˢʳˣʲ")) for term in exact]


@given(st.text(alphabet="aăâeêioôơuưyđAĂÂĐỔỮỢ ̣́̀̉̃"))
def test_both_ways_of_writing_a_letter_fold_alike(text: str) -> None:
    composed, decomposed = nfc(text), unicodedata.normalize("NFD", text)

    assert fold(composed) == fold(decomposed)
    assert exact_terms(composed) == exact_terms(decomposed)


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
