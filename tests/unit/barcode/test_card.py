"""A card's QR: every way in which readers give it, and that no field is ever taken for another."""

import pickle
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyzbar import pyzbar

from hoso.barcode.card import CardFault, CardFields, CardSex, looks_like_card, parse_card
from hoso.barcode.engines import zbar, zxing
from hoso.barcode.vietnamese import Letters
from hoso.errors import CardQrMalformed
from tests.paper.people import Person, dice, draw_person
from tests.unit.barcode.garbling import EASTERN, WESTERN, twice
from tests.unit.barcode.pictures import nameless_qr

NUMBER, OLD, NAME = "001185012345", "012345678", "Nguyễn Thị Thùy Dương"
ADDRESS = "thôn Đoài, xã Ea Kiết, Đắk Lắk"
CARD = f"{NUMBER}|{OLD}|{NAME}|01021985|Nữ|{ADDRESS}|02072021"
LABELLED = (
    f"CCCD:{NUMBER}|CMND:{OLD}|Họ và tên: {NAME}|Ngày sinh: 01/02/1985|Giới tính: Nữ"
    f"|Nơi thường trú: {ADDRESS}|Ngày cấp: 02/07/2021"
)
READ = CardFields(
    NUMBER, OLD, NAME, date(1985, 2, 1), CardSex.FEMALE, ADDRESS, date(2021, 7, 2), (),
    Letters.WHOLE,
)  # fmt: skip

people = st.integers(0, 10**6).map(lambda seed: draw_person(dice("card", seed)))
olds = st.sampled_from(["", "012345678", "012345678901"])
# An old number of 12 digits in the other's place is told by the sex and year within it alone.
short_olds = st.sampled_from(["", "012345678"])


def card_of(person: Person, old: str = "", further: tuple[str, ...] = ()) -> str:
    return "|".join(
        (
            person.citizen_id, old, person.name, f"{person.born:%d%m%Y}", person.sex.value,
            person.address, f"{person.card_issued_on:%d%m%Y}", *further,
        )
    )  # fmt: skip


def fault_of(text: str) -> str:
    with pytest.raises(CardQrMalformed) as refused:
        parse_card(text)
    return str(refused.value.facts["fault"])


# As it should be ---------------------------------------------------------------------------------


def test_a_card_gives_its_fields() -> None:
    assert parse_card(CARD) == READ


@given(people, olds, st.lists(st.sampled_from(["", "Lê Văn Bảy", "123"]), max_size=4))
def test_every_card_comes_back_field_by_field(person: Person, old: str, further: list[str]) -> None:
    found = parse_card(card_of(person, old, tuple(further)))
    assert found.citizen_id == person.citizen_id
    assert (found.old_id, found.full_name, found.born_on) == (old, person.name, person.born)
    assert (found.sex, found.issued_on) == (CardSex(person.sex.value), person.card_issued_on)
    assert (found.address, found.further) == (person.address, tuple(further))


@pytest.mark.parametrize(
    "text",
    [
        CARD + "\r\n",
        f"\x02]Q1{CARD}\x03",
        f"\ufeff {CARD} \t",
        CARD.replace("01021985", "01/02/1985").replace("02072021", "02-07-2021"),
        LABELLED,
        CARD.replace(NAME, f"  {NAME.replace(' ', '  ')} "),
        CARD.replace("Nữ", "NỮ"),
    ],
)
def test_what_readers_put_around_and_between_changes_nothing(text: str) -> None:
    assert looks_like_card(text)
    assert parse_card(text) == READ


def test_further_fields_are_kept_apart() -> None:
    assert parse_card(CARD + "|Lê Văn Bảy||x").further == ("Lê Văn Bảy", "", "x")


@pytest.mark.parametrize("old", ["-", "1234", "012345678, 024012345", "0123456789"])
def test_what_is_no_old_number_is_left_out(old: str) -> None:
    assert parse_card(CARD.replace(OLD, old)).old_id == ""


def test_a_card_may_be_silent_about_its_issue() -> None:
    assert parse_card(CARD.removesuffix("02072021")).issued_on is None


# Garbled -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", WESTERN)
@given(person=people, old=olds)
def test_a_garbled_card_is_read_as_it_was_meant(page: str, person: Person, old: str) -> None:
    text = card_of(person, old)
    for garble in (WESTERN[page], twice(WESTERN[page])):
        found = parse_card(garble(text))
        assert (found.citizen_id, found.full_name) == (person.citizen_id, person.name)
        assert (found.address, found.letters) == (person.address, Letters.MENDED)


@pytest.mark.parametrize("page", EASTERN)
@given(person=people)
def test_a_card_taken_for_an_eastern_text_is_read_or_refused(page: str, person: Person) -> None:
    text = card_of(person)
    try:
        garbled = text.encode().decode(page)
    except UnicodeDecodeError:
        return
    assert parse_card(garbled).full_name == person.name


@given(people, st.data())
def test_what_was_lost_is_never_made_up(person: Person, data: st.DataObject) -> None:
    """Letters lost on the way are pointed out, or stood where nobody reads."""
    text = card_of(person)
    garbled = data.draw(st.sampled_from([text, *(garble(text) for garble in WESTERN.values())]))
    places = [at for at, letter in enumerate(garbled) if not letter.isascii()]
    lost = data.draw(st.sets(st.sampled_from(places), min_size=1))
    sign = data.draw(st.sampled_from(["?", "\ufffd"]))
    torn = "".join(sign if at in lost else letter for at, letter in enumerate(garbled))

    found = parse_card(torn)

    assert found.letters is Letters.DAMAGED
    assert (found.citizen_id, found.born_on) == (person.citizen_id, person.born)


def test_letters_of_an_old_code_that_are_vietnamese_too_are_called_damaged() -> None:
    found = parse_card(f"{NUMBER}||NguyÔn Lan|01021985|Nam|Hue|02072021")
    assert found.letters is Letters.DAMAGED


@pytest.mark.parametrize("ending", ["Lê Thị Hà", "Trần Thị Lễ"])
def test_a_garbled_end_that_was_taken_for_white_space_costs_the_last_field_only(
    ending: str,
) -> None:
    found = parse_card(f"{CARD}|{ending}".encode().decode("latin-1").rstrip())
    assert (found.full_name, found.letters) == (NAME, Letters.MENDED)
    assert found.further != (ending,)


# Refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", CardFault.NO_CARD),
        ("https://example.vn", CardFault.NO_CARD),
        (CARD.replace(f"{OLD}|", ""), CardFault.SIX_FIELDS),
        (CARD.replace(f"{OLD}|", "") + "|Lê Văn Bảy", CardFault.OLD_NUMBER),
        (CARD.replace(NUMBER, NUMBER[:-1]), CardFault.NUMBER),
        (CARD.replace(NUMBER, "٠٠١١٨٥٠١٢٣٤٥"), CardFault.NUMBER),
        (CARD.replace(OLD, "02072021"), CardFault.OLD_NUMBER),
        (CARD.replace(NAME, ""), CardFault.NAME),
        (CARD.replace(NAME, "Nguye64n Lan"), CardFault.NAME),
        (CARD.replace(NAME, "Nữ"), CardFault.NAME),
        (CARD.replace(NAME, "Lan " * 40), CardFault.NAME),
        (CARD.replace("01021985", "29021985"), CardFault.BIRTH_DATE),
        (CARD.replace("01021985", "00001985"), CardFault.BIRTH_DATE),
        (CARD.replace("01021985", "01/021985"), CardFault.BIRTH_DATE),
        (CARD.replace("01021985", "19850201"), CardFault.BIRTH_DATE),
        (CARD.replace("Nữ", "F"), CardFault.SEX),
        (CARD.replace(ADDRESS, "02072021"), CardFault.ADDRESS),
        (CARD.replace("02072021", "31042021"), CardFault.ISSUE_DATE),
        (CARD.replace("02072021", ADDRESS), CardFault.ISSUE_DATE),
        (CARD.replace("02072021", "02071980"), CardFault.ISSUE_DATE),
        (CARD.replace(NAME, ADDRESS), CardFault.NAME),
        (CARD.replace(OLD, f"Họ tên: {NAME}"), CardFault.LABELS),
    ],
)
def test_what_cannot_be_a_cards_is_refused_with_the_field_that_is_wrong(
    text: str, fault: CardFault
) -> None:
    assert fault_of(text) == fault


@given(people, short_olds, st.data())
def test_a_field_more_or_less_or_out_of_place_is_never_shifted(
    person: Person, old: str, data: st.DataObject
) -> None:
    fields = card_of(person, old).split("|")
    order = data.draw(st.permutations(range(7)))
    kept = [fields[at] for at in order[: data.draw(st.integers(0, 7))]]
    try:
        found = parse_card("|".join(kept))
    except CardQrMalformed:
        return
    assert found.citizen_id == person.citizen_id
    assert (found.full_name, found.born_on) == (person.name, person.born)
    assert (found.sex, found.issued_on) == (CardSex(person.sex.value), person.card_issued_on)
    assert (found.old_id, found.address) == (old, person.address)


@given(st.text() | st.lists(st.text(max_size=12), max_size=12).map("|".join))
def test_no_text_breaks_it(text: str) -> None:
    looks_like_card(text)
    with suppress(CardQrMalformed):
        parse_card(text)


@given(people, st.data())
def test_no_torn_card_breaks_it(person: Person, data: st.DataObject) -> None:
    raw = bytearray(card_of(person, "012345678").encode())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    for text in (raw.decode("utf-8", "replace"), raw.decode("latin-1")):
        looks_like_card(text)
        with suppress(CardQrMalformed):
            parse_card(text)


# Silence -----------------------------------------------------------------------------------------


def test_nobody_is_named_by_a_repr_or_a_refusal() -> None:
    said = repr(parse_card(CARD)) + repr([parse_card(CARD + "|Lê Văn Bảy")])
    for text in (CARD.replace("Nữ", "Xx"), CARD.replace("01021985", "29021985")):
        with pytest.raises(CardQrMalformed) as refused:
            parse_card(text)
        assert refused.value.__context__ is None
        said += f"{refused.value} {refused.value!r} {refused.value.sentence('vi')}"
    for somebodys in (NUMBER, OLD, "Nguyễn", "Dương", "1985", "Ea Kiết", "Xx", "Bảy"):
        assert somebodys not in said


def test_a_refusal_survives_a_child_process() -> None:
    with pytest.raises(CardQrMalformed) as refused:
        parse_card("x")
    assert pickle.loads(pickle.dumps(refused.value)).facts == refused.value.facts  # noqa: S301


# Drawn and read ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [2, 3, 4, 7])
@pytest.mark.parametrize("seed", range(8))
def test_a_printed_card_is_read_by_both_readers_at_every_size(seed: int, scale: int) -> None:
    person = draw_person(dice("printed card", seed))
    picture = nameless_qr(card_of(person, "012345678" if seed % 2 else ""), scale=scale)
    for read in (zxing, zbar):
        (code,) = read(picture, "QRCode")
        found = parse_card(code.text or "")
        assert (found.citizen_id, found.full_name) == (person.citizen_id, person.name)
        assert (found.address, found.letters) == (person.address, Letters.WHOLE)


@pytest.mark.parametrize("seed", [40, 43, 48, 67, 145, 168, 207, 213, 240, 249])
def test_what_pyzbar_itself_makes_of_a_card_is_put_right(seed: int) -> None:
    """Three cards in a hundred it takes for Shift-JIS or Big5; these are of them."""
    person = draw_person(dice("pyzbar", seed))
    picture = nameless_qr(card_of(person))

    (seen,) = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
    garbled = seen.data.decode()

    assert person.name not in garbled or person.address not in garbled
    found = parse_card(garbled)
    assert (found.citizen_id, found.full_name) == (person.citizen_id, person.name)
    assert (found.address, found.letters) == (person.address, Letters.MENDED)


@pytest.mark.parametrize("page", WESTERN)
def test_a_card_printed_garbled_reads_the_same_through_both_readers(page: str) -> None:
    """As a printer's software garbles it before the QR is drawn."""
    picture = nameless_qr(WESTERN[page](CARD))
    for read in (zxing, zbar):
        (code,) = read(picture, "QRCode")
        assert parse_card(code.text or "").full_name == NAME
