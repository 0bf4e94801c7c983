import numpy as np
import pytest

from tests.paper.render import DPI, Face, Paper, render_paper
from tests.paper.truth import numbers_on

PIXELS_PER_MM = DPI / 25.4


@pytest.fixture(
    scope="module", params=["cadastral_map_extract", "residence_change_form", "tax_declaration"]
)
def paper(request: pytest.FixtureRequest) -> Paper:
    return render_paper(request.param, 11)


def test_words_are_those_of_the_text(paper: Paper) -> None:
    for text, words in zip(paper.text, paper.words, strict=True):
        assert [word.text for word in words] == text.split()


def test_every_word_has_its_ink_in_its_box(paper: Paper) -> None:
    for page, words in zip(paper.pages, paper.words, strict=True):
        for word in words:
            sides = (word.left, word.top, word.right, word.bottom)
            x0, y0, x1, y1 = (round(side * PIXELS_PER_MM) for side in sides)
            assert page[y0 : y1 + 1, x0 : x1 + 1].min() < 128, word


def test_a_form_tells_what_is_printed_from_what_is_written() -> None:
    words = render_paper("residence_change_form", 11, Face.KEPT).words[0]
    form = " ".join(word.text for word in words if not word.by_hand)
    answers = " ".join(word.text for word in words if word.by_hand)
    assert "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ" in form
    assert numbers_on(form).citizen_ids == []
    assert len(numbers_on(answers).citizen_ids) >= 3


def test_beside_a_lonely_words_box_is_paper() -> None:
    paper = render_paper("merit_certificate", 2)
    (name,) = [w for w in paper.words[0] if w.text == "GHI"]
    sides = (name.left, name.top, name.right, name.bottom)
    x0, y0, x1, y1 = (round(side * PIXELS_PER_MM) for side in sides)
    for strip in (np.s_[y0 - 12 : y0 - 4, x0:x1], np.s_[y1 + 4 : y1 + 12, x0:x1]):
        assert paper.pages[0][strip].min() > 200


@pytest.mark.parametrize(
    ("text", "ids", "dates", "numbers"),
    [
        ("thẻ số 038185004321, cấp ngày 02/01/2024", ["038185004321"], ["02/01/2024"], []),
        ("thẻ số 0381850043210", [], [], []),
        ("Số: 12/2026/QĐST-HNGĐ; Số: 245/2026", [], [], ["12/2026/QĐST-HNGĐ", "245/2026"]),
        ("theo Tờ trình số 94/TTr-VHXH.", [], [], ["94/TTr-VHXH"]),
        ("971-SCT/CK,ĐC, ngày 06/02/2026", [], ["06/02/2026"], ["971-SCT/CK,ĐC"]),
        ("kể từ tháng 05/2026", [], [], []),
        ("số 00012.GCS.12096.26", [], [], ["00012.GCS.12096.26"]),
        ("huyết áp: 120/80 mmHg, mắt 9/10", [], [], []),
    ],
)
def test_numbers_are_found_as_printed(
    text: str, ids: list[str], dates: list[str], numbers: list[str]
) -> None:
    found = numbers_on(text)
    assert (found.citizen_ids, found.dates, found.paper_numbers) == (ids, dates, numbers)


def test_a_papers_own_number_counts_however_it_looks() -> None:
    assert numbers_on("Số phát hành: AA 00123456", "AA 00123456").paper_numbers == ["AA 00123456"]
    assert numbers_on("Trang 2", "AA 00123456").paper_numbers == []
