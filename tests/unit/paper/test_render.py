import unicodedata
from datetime import date

import numpy as np
import pytest

from tests.paper.family import draw_family
from tests.paper.people import Sex, dice, draw_person, years
from tests.paper.render import ALL_KINDS, KINDS, Face, Paper, render_paper
from tests.paper.wording import amount, amount_in_words, in_words, long, short

A4, A4_ACROSS, A5, A5_ACROSS = (210, 297), (297, 210), (148, 210), (210, 148)
SHEETS = {
    "land_use_certificate": A4_ACROSS,
    "merit_certificate": A4_ACROSS,
    "disability_certificate": A5_ACROSS,
    "diploma": A5_ACROSS,
    "poor_household_certificate": A5,
}


@pytest.fixture(scope="module", params=ALL_KINDS)
def paper(request: pytest.FixtureRequest) -> Paper:
    return render_paper(request.param, 7)


def test_a_paper_has_its_sheets_size_at_300_dpi_in_colour(paper: Paper) -> None:
    across, down = SHEETS.get(paper.kind, A4)
    for page in paper.pages:
        height, width, channels = page.shape
        assert page.dtype == np.uint8
        assert channels == 3
        assert width / 300 * 25.4 == pytest.approx(across, abs=0.1)
        assert height / 300 * 25.4 == pytest.approx(down, abs=0.1)


def test_every_page_has_its_text_composed_and_without_strays(paper: Paper) -> None:
    assert len(paper.text) == len(paper.pages)
    for text in paper.text:
        assert len(text.split()) > 60
        assert unicodedata.is_normalized("NFC", text)
        assert not any(unicodedata.category(letter) in {"Co", "Cn"} for letter in text)
        assert "\ufffd" not in text
        assert "none" not in text.split()


def test_every_field_is_printed_on_the_paper(paper: Paper) -> None:
    text = " ".join(" ".join(paper.text).split()).casefold()
    for value in paper.fields.values():
        forms = (short(value), long(value)) if isinstance(value, date) else (value,)
        assert any(form.casefold() in text for form in forms), value


def test_a_paper_reads_from_its_head_to_its_signature(paper: Paper) -> None:
    first, last = paper.text[0], paper.text[-1]
    assert first.index("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") < 150
    if paper.kind in KINDS:
        assert last.upper().rindex("KÝ" if "KÝ" in last.upper() else "LƯU") > len(last) / 2


def test_a_sealed_paper_knows_where_its_seal_goes(paper: Paper) -> None:
    assert (paper.seal is None) == (paper.seal_spot is None)
    if paper.seal_spot:
        assert paper.seal_spot.page == len(paper.pages) - 1
        across, down = SHEETS.get(paper.kind, A4)
        assert 0.14 * across < paper.seal_spot.x_mm < 0.86 * across
        assert 0.33 * down < paper.seal_spot.y_mm < 0.93 * down


def test_another_face_prints_the_same_words_on_as_many_pages() -> None:
    for kind in ("residence_change_form", "birth_attestation", "poor_household_certificate"):
        official = render_paper(kind, 3)
        for face in Face:
            printed = render_paper(kind, 3, face)
            assert [letters(text) for text in printed.text] == [letters(t) for t in official.text]


def letters(text: str) -> str:
    return "".join(text.split())


def test_the_same_kind_and_seed_give_the_same_paper() -> None:
    one, other = (render_paper("birth_certificate", 3) for _ in range(2))
    assert one.text == other.text
    assert one.fields == other.fields
    assert np.array_equal(one.pages[0], other.pages[0])


def test_another_seed_gives_another_person() -> None:
    one, other = (render_paper("birth_certificate", seed) for seed in (3, 4))
    assert one.fields["citizen_id"] != other.fields["citizen_id"]


def test_the_papers_of_one_seed_speak_of_one_family() -> None:
    attestation = render_paper("birth_attestation", 5)
    marriage = render_paper("marriage_certificate", 5)
    form = render_paper("birth_registration_form", 5)
    assert attestation.fields["citizen_id"] == marriage.fields["citizen_id"]
    assert form.fields["citizen_id"] == marriage.fields["spouse_citizen_id"]
    assert str(attestation.fields["paper_number"]) in form.text[0]


def test_a_family_marries_bears_and_registers_in_this_order() -> None:
    for seed in range(50):
        family = draw_family(seed)
        assert family.married_on < family.child.born < family.attested_on < family.registered_on


@pytest.mark.parametrize(
    ("sex", "year", "digits"),
    [
        (Sex.MALE, 1985, "085"),
        (Sex.FEMALE, 1999, "199"),
        (Sex.MALE, 2003, "203"),
        (Sex.FEMALE, 2026, "326"),
    ],
)
def test_a_citizen_id_holds_place_sex_and_year(sex: Sex, year: int, digits: str) -> None:
    person = draw_person(dice(sex, year), sex=sex, born=years(year, year))
    assert len(person.citizen_id) == 12
    assert person.citizen_id[:3] == person.home.id_prefix
    assert person.citizen_id[3:6] == digits


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (30, "ba mươi"),
        (105, "một trăm linh năm"),
        (1995, "một nghìn chín trăm chín mươi lăm"),
        (2000, "hai nghìn"),
        (2005, "hai nghìn không trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
    ],
)
def test_numbers_are_spelt_as_people_say_them(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize(
    ("dong", "figures", "words"),
    [
        (500_000, "500.000", "năm trăm nghìn"),
        (1_250_000, "1.250.000", "một triệu hai trăm năm mươi nghìn"),
        (2_015_000, "2.015.000", "hai triệu không trăm mười lăm nghìn"),
        (3_000_000, "3.000.000", "ba triệu"),
        (2_650_000_000, "2.650.000.000", "hai tỷ sáu trăm năm mươi triệu"),
    ],
)
def test_sums_are_grouped_in_figures_and_read_out_in_groups(
    dong: int, figures: str, words: str
) -> None:
    assert amount(dong) == figures
    assert amount_in_words(dong) == words
