from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.numbers import (
    CitizenId,
    NumberWarning,
    OldCitizenNumber,
    OwnerNumber,
    Sex,
    TaxCode,
    parse_owner_number,
)
from hoso.errors import (
    CitizenIdBornInFuture,
    CitizenIdMalformed,
    CitizenIdNineDigits,
    HosoError,
    OldNumberMalformed,
    TaxCodeMalformed,
)

A_WOMAN = "001190012345"
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("text", [A_WOMAN, " 001190012345 ", "001 190 012 345", "001.190.012345"])
def test_spaces_and_dots_in_a_citizen_id_do_not_matter(text: str) -> None:
    assert CitizenId.parse(text).digits == A_WOMAN


@pytest.mark.parametrize(
    "text", ["", "00119001234", "0011900123456", "00119001234O", "٠٠١١٩٠٠١٢٣٤٥", "0" * 4000]
)
def test_anything_but_twelve_digits_is_refused(text: str) -> None:
    with pytest.raises(CitizenIdMalformed, match="12 digits"):
        CitizenId.parse(text)


def test_an_old_nine_digit_number_is_refused_with_its_own_advice() -> None:
    with pytest.raises(CitizenIdNineDigits, match="12-digit"):
        CitizenId.parse("012 345 678")


@pytest.mark.parametrize(
    ("digits", "year", "sex"),
    [
        ("001090012345", 1990, Sex.MALE),
        ("001190012345", 1990, Sex.FEMALE),
        ("001201012345", 2001, Sex.MALE),
        ("001326012345", 2026, Sex.FEMALE),
        ("001999012345", 2399, Sex.FEMALE),
    ],
)
def test_the_digits_tell_birth_year_and_sex(digits: str, year: int, sex: Sex) -> None:
    number = CitizenId.parse(digits)
    assert (number.birth_year, number.sex) == (year, sex)


@pytest.mark.parametrize("digits", ["001227012345", "001400012345"])
def test_nobody_is_born_after_this_year(digits: str) -> None:
    with pytest.raises(CitizenIdBornInFuture, match="4th to 6th"):
        CitizenId.parse(digits, today=TODAY)


def test_a_child_born_this_year_is_accepted() -> None:
    assert CitizenId.parse("001226012345", today=TODAY).birth_year == 2026


@pytest.mark.parametrize(
    ("digits", "warnings"),
    [
        ("001190012345", ()),
        ("096190012345", ()),
        ("003190012345", (NumberWarning.UNKNOWN_PROVINCE,)),
        ("000190012345", (NumberWarning.UNKNOWN_PROVINCE,)),
        ("138190012345", (NumberWarning.BORN_ABROAD,)),
    ],
)
def test_an_unknown_province_warns_and_is_accepted(
    digits: str, warnings: tuple[NumberWarning, ...]
) -> None:
    assert CitizenId.parse(digits).warnings == warnings


@pytest.mark.parametrize("text", ["012345678", " 012 345 678", "012.345.678"])
def test_nine_digits_are_an_old_number_of_somebody(text: str) -> None:
    assert parse_owner_number(text, today=TODAY) == OldCitizenNumber("012345678")


@pytest.mark.parametrize("text", ["", "01234567", "0123456789", "01234567O", "٠١٢٣٤٥٦٧٨"])
def test_anything_but_nine_digits_is_no_old_number(text: str) -> None:
    with pytest.raises(OldNumberMalformed, match="9 digits"):
        OldCitizenNumber.parse(text)


@pytest.mark.parametrize(
    "number",
    [CitizenId(A_WOMAN), TaxCode.parse("0314409058-002"), OldCitizenNumber("012345678")],
)
def test_a_number_never_shows_itself(number: OwnerNumber) -> None:
    for shown in (repr(number), str(number), f"{number}", repr([number])):
        assert number.digits not in shown
        assert number.digits[3:-2] not in shown


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (CitizenId(A_WOMAN), "001*******45"),
        (OldCitizenNumber("012345678"), "012****78"),
        (TaxCode("0314409058"), "031*****58"),
        (TaxCode("0314409058002"), "031*******-*02"),
    ],
)
def test_a_masked_number_keeps_three_digits_and_two(number: OwnerNumber, masked: str) -> None:
    assert number.masked == masked


def test_a_branchs_code_is_printed_with_its_dash() -> None:
    assert TaxCode.parse("0314409058002").printed == "0314409058-002"
    assert TaxCode.parse("0314409058").printed == "0314409058"


@given(st.text(alphabet="0123456789 .-ab", max_size=16))
def test_a_refusal_never_repeats_what_was_typed(text: str) -> None:
    try:
        parse_owner_number(text, today=TODAY)
    except HosoError as refusal:
        sentences = refusal.sentence("vi") + refusal.sentence("en")
        assert len(text.strip()) < 9 or text not in sentences


@pytest.mark.parametrize("text", ["0100233488", "01.00.233.488", "0314409058-002", "0314409058002"])
def test_a_tax_code_is_told_apart_from_a_citizen_id(text: str) -> None:
    assert isinstance(parse_owner_number(text), TaxCode)
    assert parse_owner_number(text) != parse_owner_number(A_WOMAN)


def test_a_branch_is_told_apart_from_its_organisation() -> None:
    assert TaxCode.parse("0314409058-002").is_branch
    assert not TaxCode.parse("0314409058").is_branch


@pytest.mark.parametrize("text", ["0100233480", "0314409058-000", "0100000008", A_WOMAN, "abc", ""])
def test_a_wrong_tax_code_is_refused(text: str) -> None:
    with pytest.raises(TaxCodeMalformed, match="check digit"):
        TaxCode.parse(text)


def test_eleven_digits_are_taken_for_a_mistyped_citizen_id() -> None:
    with pytest.raises(CitizenIdMalformed):
        parse_owner_number("00119001234")


@given(st.integers(0, 10**12 - 1).map("{:012}".format))
def test_any_twelve_digits_come_back_from_parsing(digits: str) -> None:
    assert CitizenId.parse(digits).digits == digits
