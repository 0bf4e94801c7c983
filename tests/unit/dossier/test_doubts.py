"""What is odd about fields read from a paper, and when two sources agree."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.doubts import Doubt, Owner, Read, agrees, doubts_of

TODAY = date(2026, 11, 26)
LAN = Owner("001185012345", "Nguyễn Thị Lan")
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
    assert agrees(read(), LAN)


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
    assert agrees(read(owner_name=name), LAN)


def test_a_paper_of_two_people_is_either_ones() -> None:
    husband = Owner("037088004321", "Đặng Văn Hùng")
    both = read(spouse_name="ĐẶNG VĂN HÙNG", spouse_citizen_id="037088004321")

    assert not any(doubts_of(both, owner=husband, today=TODAY).values())
    assert not any(doubts_of(both, owner=LAN, today=TODAY).values())


def test_an_organisations_papers_name_its_people_and_nobody_is_asked_why() -> None:
    company = Owner("0366941366", "Công ty TNHH Huỳnh Phát")

    assert not any(doubts_of(read(), owner=company, today=TODAY).values())
    assert not agrees(read(), company)


def test_what_was_read_badly_is_asked_about_whatever_it_says() -> None:
    found = doubts_of(read(confidence=0.6), owner=LAN, today=TODAY)

    assert set(found.values()) == {(Doubt.READ_BADLY,)}


@pytest.mark.parametrize("missing", ["citizen_id", "owner_name"])
def test_one_source_alone_confirms_nobody(missing: str) -> None:
    partial = {key: field for key, field in read().items() if key != missing}

    assert not agrees(partial, LAN)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.floats(0, 1)))
def test_doubts_are_of_what_was_read_and_each_is_said_once(confidences: dict[str, float]) -> None:
    some = {key: Read(GOOD[key], confidence) for key, confidence in confidences.items()}

    found = doubts_of(some, owner=LAN, today=TODAY)

    assert found.keys() == some.keys()
    assert all(len(set(each)) == len(each) for each in found.values())
    for key, field in some.items():
        assert (Doubt.READ_BADLY in found[key]) == (field.confidence < 0.9)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_no_other_number_is_ever_agreed_upon(digits: str) -> None:
    assert agrees(read(citizen_id=digits), LAN) == (digits == LAN.number)


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
