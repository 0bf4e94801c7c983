"""What a card vouches for, and what about it a clerk is warned of."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.cards import Card, CardDifference, CardWarning
from hoso.dossier.numbers import OldCitizenNumber
from hoso.errors import CardQrMalformed, CitizenIdBornInFuture
from tests.paper.people import dice, draw_person

TODAY = date(2026, 11, 26)
NUMBER, NAME = "001185012345", "Nguyễn Thị Lan"
TEXT = f"{NUMBER}|012345678|{NAME}|05031985|Nữ|thôn Đoài, xã Ea Kiết|02072021"


def card(text: str = TEXT) -> Card:
    return Card.read(text, today=TODAY)


def test_a_sound_card_vouches_for_its_owner() -> None:
    sound = card()
    assert (sound.number.digits, sound.name, sound.born_on, sound.old_number, sound.warnings) == (
        NUMBER, NAME, date(1985, 3, 5), OldCitizenNumber("012345678"), (),
    )  # fmt: skip
    assert sound.vouches_for("NGUYEN THI  LAN")
    assert not sound.vouches_for("Nguyễn Thị Loan")


@given(st.integers(0, 10**6))
def test_no_true_card_is_warned_of(seed: int) -> None:
    person = draw_person(dice("true card", seed))
    text = (
        f"{person.citizen_id}||{person.name}|{person.born:%d%m%Y}|{person.sex.value}|"
        f"{person.address}|{person.card_issued_on:%d%m%Y}"
    )
    assert card(text).warnings == ()
    assert card(text).vouches_for(person.name)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (TEXT.replace("Nữ", "Nam"), CardWarning.SEX_DIFFERS),
        (TEXT.replace("05031985", "05031986"), CardWarning.BIRTH_YEAR_DIFFERS),
        (TEXT.replace("02072021", "27112026"), CardWarning.DAYS_TO_COME),
    ],
)
def test_a_card_that_contradicts_itself_is_read_and_vouches_for_nobody(
    text: str, warning: CardWarning
) -> None:
    odd = card(text)
    assert odd.warnings == (warning,)
    assert odd.number.digits == NUMBER
    assert not odd.vouches_for(NAME)


def test_damaged_letters_are_warned_of_and_vouch_for_nobody_of_another_name() -> None:
    damaged = card(TEXT.replace("ị", "?"))
    assert damaged.warnings == (CardWarning.LETTERS_DAMAGED,)
    assert not damaged.vouches_for(NAME)
    elsewhere = card(TEXT.replace("Đoài", "?oài"))
    assert elsewhere.vouches_for(NAME)


def test_a_card_is_unlike_what_is_on_file_by_name_or_birth_date() -> None:
    assert card().differences(NAME, None) == card().differences(NAME, date(1985, 3, 5)) == []
    assert card().differences("Lê Thị Hoa", date(1985, 3, 6)) == [*CardDifference]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [(TEXT.replace(NUMBER, "001285012345"), CitizenIdBornInFuture), ("x|y", CardQrMalformed)],
)
def test_what_is_no_card_is_refused(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        card(text)


def test_a_card_names_nobody_by_its_repr() -> None:
    said = f"{card()!r} {card()} {[card()]}"
    for somebodys in (NUMBER, "Lan", "1985", "012345678", NUMBER[:6]):
        assert somebodys not in said
