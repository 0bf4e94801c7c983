"""What is odd about fields read from a paper, and when two sources agree."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.doubts import Doubt, Owner, Read, agreed, doubts_of, matched

TODAY = date(2026, 11, 26)
LAN = Owner("001185012345", "Nguyễn Thị Lan")
LAN_BY_CARD = replace(LAN, born_on=date(1985, 3, 5))
GOOD = {
    "owner_name": "Nguyễn Thị Lan",
    "citizen_id": "001185012345",
    "birth_date": "1985-03-05",
    "paper_number": "30/2026",
    "issued_on": "2026-04-15",
}


def read(confidence: float = 0.99, **changed: str) -> dict[str, Read]:
    return {key: Read(value, confidence) for key, value in {**GOOD, **changed}.items()}


def doubts(**changed: str) -> dict[str, tuple[Doubt, ...]]:
    found = doubts_of(read(**changed), owner=LAN, today=TODAY)
    return {key: each for key, each in found.items() if each}


def test_a_paper_that_says_what_the_clerk_received_leaves_no_doubt() -> None:
    assert doubts() == {}
    assert matched(read(), LAN) == {ID, NAME}


ID, BORN, NAME, ISSUED = "citizen_id", "birth_date", "owner_name", "issued_on"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (ID, "037088004321", {ID: (Doubt.OTHER_OWNER, Doubt.UNLIKE_BIRTH_DATE),
                              BORN: (Doubt.UNLIKE_BIRTH_DATE,)}),
        (ID, "001285012345", {ID: (Doubt.OTHER_OWNER, Doubt.IMPOSSIBLE_ID)}),
        (ID, "003185012345", {ID: (Doubt.OTHER_OWNER, Doubt.UNKNOWN_PROVINCE)}),
        (NAME, "Nguyễn Thị Loan", {NAME: (Doubt.OTHER_NAME,)}),
        (BORN, "1986-03-05", {ID: (Doubt.UNLIKE_BIRTH_DATE,), BORN: (Doubt.UNLIKE_BIRTH_DATE,)}),
        (ISSUED, "2026-11-27", {ISSUED: (Doubt.IN_THE_FUTURE,)}),
        (ISSUED, "1980-01-01", {ISSUED: (Doubt.BEFORE_BIRTH,)}),
    ],
)  # fmt: skip
def test_what_cannot_be_or_does_not_fit_is_doubted(
    key: str, value: str, expected: dict[str, tuple[Doubt, ...]]
) -> None:
    assert doubts(**{key: value}) == expected


@pytest.mark.parametrize("name", ["NGUYỄN THỊ LAN", "Nguyen Thi Lan", "Nguyễn  Thị Lân"])
def test_accents_and_capitals_make_nobody_another_person(name: str) -> None:
    assert doubts(owner_name=name) == {}
    assert matched(read(owner_name=name), LAN) == {ID, NAME}
    assert agreed(read(owner_name=name), LAN_BY_CARD) == {ID, NAME, BORN}


def test_a_paper_of_two_people_is_either_ones() -> None:
    husband = Owner("037088004321", "Đặng Văn Hùng")
    both = read(spouse_name="ĐẶNG VĂN HÙNG", spouse_citizen_id="037088004321")

    assert not any(doubts_of(both, owner=husband, today=TODAY).values())
    assert not any(doubts_of(both, owner=LAN, today=TODAY).values())


def test_an_organisations_papers_name_its_people_and_nobody_is_asked_why() -> None:
    company = Owner("0366941366", "Công ty TNHH Huỳnh Phát")

    assert not any(doubts_of(read(), owner=company, today=TODAY).values())
    assert not matched(read(), company)
    assert not agreed(read(), company)


def test_what_was_read_badly_is_asked_about_whatever_it_says() -> None:
    found = doubts_of(read(confidence=0.6), owner=LAN, today=TODAY)

    assert set(found.values()) == {(Doubt.READ_BADLY,)}


@pytest.mark.parametrize("missing", ["citizen_id", "owner_name"])
def test_one_source_alone_settles_nothing(missing: str) -> None:
    partial = {key: field for key, field in read().items() if key != missing}

    assert not matched(partial, LAN)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.floats(0, 1)))
def test_doubts_are_of_what_was_read_and_each_is_said_once(confidences: dict[str, float]) -> None:
    some = {key: Read(GOOD[key], confidence) for key, confidence in confidences.items()}

    found = doubts_of(some, owner=LAN, today=TODAY)

    assert found.keys() == some.keys()
    assert all(len(set(each)) == len(each) for each in found.values())
    for key, field in some.items():
        assert (Doubt.READ_BADLY in found[key]) == (field.confidence < 0.9)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_no_other_number_is_ever_matched(digits: str) -> None:
    assert bool(matched(read(citizen_id=digits), LAN)) == (digits == LAN.number)


ORGANISATION = Owner("0100109106", "Công ty TNHH Hoa Sen")


@pytest.mark.parametrize(
    ("tax_code", "expected"),
    [
        ("0100109106", ()),
        ("0100109107", (Doubt.IMPOSSIBLE_TAX_CODE,)),
        ("0101243150", (Doubt.OTHER_OWNER,)),
        ("12", (Doubt.IMPOSSIBLE_TAX_CODE,)),
    ],
)
def test_a_tax_code_has_a_check_digit_and_an_owner(
    tax_code: str, expected: tuple[Doubt, ...]
) -> None:
    said = {"tax_code": Read(tax_code, 0.99)}
    assert doubts_of(said, owner=ORGANISATION, today=TODAY)["tax_code"] == expected


def test_a_paper_cannot_end_before_it_was_issued() -> None:
    assert doubts(valid_until="2026-04-14") == {"valid_until": (Doubt.ENDS_BEFORE_ISSUE,)}
    assert doubts(valid_until="2026-04-15") == {}


def test_what_decides_the_validity_is_asked_about_last() -> None:
    found = doubts_of(read(), owner=LAN, today=TODAY, deciding={"issued_on"})
    assert found["issued_on"] == (Doubt.DECIDES_VALIDITY,)
    assert list(Doubt)[-1] is Doubt.DECIDES_VALIDITY


# Confirmed by a card -----------------------------------------------------------------------------


def only(*keys: str, **changed: str) -> dict[str, Read]:
    return {key: field for key, field in read(**changed).items() if key in keys}


def test_what_was_typed_confirms_nobody() -> None:
    """A citizen id has no check digit: the clerk may have typed it from this very paper."""
    assert agreed(read(), LAN) == frozenset()


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (only(ID), {ID}),
        (only(ID, NAME), {ID, NAME}),
        (only(ID, NAME, BORN), {ID, NAME, BORN}),
        (only(NAME, BORN), {NAME, BORN}),
        (only(NAME), set()),
        (only(BORN), set()),
        (only(), set()),
        (only(ID, NAME, owner_name="Nguyễn Thị Loan"), set()),
        (only(ID, BORN, birth_date="1985-03-06"), set()),
        (only(NAME, BORN, birth_date="1985-03-06"), set()),
        (only(ID, NAME, BORN, citizen_id="001185012346"), set()),
    ],
)
def test_a_card_confirms_a_paper_that_contradicts_it_nowhere(
    paper: dict[str, Read], expected: set[str]
) -> None:
    assert agreed(paper, LAN_BY_CARD) == expected


def test_what_was_read_badly_confirms_nothing() -> None:
    """The owner's number may be what another one was misread as."""
    badly = Read(LAN.number, 0.7)
    assert agreed({**only(NAME, BORN), ID: badly}, LAN_BY_CARD) == {NAME, BORN}
    assert agreed({**only(NAME), ID: badly}, LAN_BY_CARD) == frozenset()
    assert matched({**only(NAME), ID: badly}, LAN_BY_CARD) == {ID, NAME}


def test_a_card_confirms_the_second_person_of_a_paper_too() -> None:
    wife = read(
        owner_name="Đặng Văn Hùng", citizen_id="037088004321", birth_date="1988-01-01",
        spouse_name="Nguyễn Thị Lan", spouse_citizen_id=LAN.number,
    )  # fmt: skip
    assert agreed(wife, LAN_BY_CARD) == {"spouse_name", "spouse_citizen_id"}


def _one_digit_off(number: str) -> Iterator[str]:
    for place, right in enumerate(number):
        for digit in "0123456789":
            if digit != right:
                yield number[:place] + digit + number[place + 1 :]


@pytest.mark.parametrize("keys", [(ID,), (ID, NAME), (ID, BORN), (ID, NAME, BORN)])
def test_a_number_that_is_one_digit_off_is_never_confirmed(keys: tuple[str, ...]) -> None:
    for wrong in _one_digit_off(LAN.number):
        assert agreed(only(*keys, citizen_id=wrong), LAN_BY_CARD) == frozenset()


@given(
    st.sets(st.sampled_from([ID, NAME, BORN])),
    st.sampled_from([LAN.number, "037088004321", ""]),
    st.sampled_from([LAN.name, "NGUYEN THI LAN", "Lê Văn Bảy"]),
    st.sampled_from(["1985-03-05", "1985-05-03"]),
)
def test_what_is_confirmed_says_what_the_card_says(
    keys: set[str], number: str, name: str, born: str
) -> None:
    paper = only(*keys, citizen_id=number, owner_name=name, birth_date=born)
    found = agreed(paper, LAN_BY_CARD)
    assert ID not in found or number == LAN.number
    assert BORN not in found or born == "1985-03-05"
    assert not found or found == keys


def test_another_birth_date_than_the_cards_is_doubted_on_the_owners_own_paper() -> None:
    other = read(birth_date="1985-05-03")
    assert doubts_of(other, owner=LAN_BY_CARD, today=TODAY)[BORN] == (Doubt.OTHER_BIRTH_DATE,)
    assert doubts_of(other, owner=LAN, today=TODAY)[BORN] == ()
    childs = only(NAME, BORN, owner_name="Đặng Lan Anh", birth_date="2015-05-03")
    assert doubts_of(childs, owner=LAN_BY_CARD, today=TODAY)[BORN] == ()


@pytest.mark.parametrize(("sex", "expected"), [("Nữ", ()), ("Nam", (Doubt.UNLIKE_SEX,)), ("?", ())])
def test_the_sex_within_the_number_is_that_on_the_paper(
    sex: str, expected: tuple[Doubt, ...]
) -> None:
    found = doubts_of(read(sex=sex), owner=LAN, today=TODAY)
    assert found["citizen_id"] == expected
