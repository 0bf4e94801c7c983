"""What codes and labels mean, and that a wrong digit never means anything."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hoso.barcode.code import (
    CitizenCardQr,
    CommandLabel,
    DeskLabel,
    DossierCode,
    Foreign,
    Label,
    LegalQr,
    Meaning,
    SeparatorLabel,
    StaffLabel,
    TrackingLink,
    interpret,
)
from hoso.errors import DossierCodeMalformed, LabelNumberOutOfRange

CARD = "001085012345|012345678|Nguyễn Thị Thùy Dương|05031985|Nữ|Hà Nội|01022022"

labels: st.SearchStrategy[Label] = st.one_of(
    st.builds(
        SeparatorLabel,
        st.integers(0, 9999),
        st.none() | st.integers(0, 999_999_999),
    ),
    st.builds(DeskLabel, st.integers(0, 9999)),
    st.builds(CommandLabel, st.integers(0, 99)),
    st.builds(StaffLabel, st.integers(0, 99_999_999)),
)

agencies = st.from_regex(r"\A[A-Z][0-9]{2}(\.[0-9]{1,3}){0,3}\Z") | st.just("000.00.12.H62")
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(agencies, days, st.integers(1, 999_999))
def test_a_dossier_code_survives_being_printed_and_parsed(
    agency: str, day: date, ordinal: int
) -> None:
    code = DossierCode.make(agency, day, ordinal)
    assert DossierCode.parse(str(code)) == code
    assert (code.agency, code.received_on, code.ordinal) == (agency, day, ordinal)


@pytest.mark.parametrize(
    "text",
    [
        "000.00.12.H62-201105-0004",
        "H57.22.10-210415-0003",
        "G22.99-251225-020175",
        "G22.99.08-260921-896048",
    ],
)
def test_live_codes_are_understood_and_printed_as_they_came(text: str) -> None:
    assert str(DossierCode.parse(text)) == text
    assert interpret("Code128", text) == DossierCode.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H57.22.10-260230-0001",
        "H57.22.10-261322-0001",
        "H57.22.10-261122-001",
        "H57.22.10-261122-0000001",
        "H57.22.10.1.1-261122-0001",
        "57.22.10-261122-0001",
        "H57.22.10-261122-000١",
        "001085012345",
    ],
)
def test_what_is_no_dossier_code_is_refused(text: str) -> None:
    with pytest.raises(DossierCodeMalformed, match="scan the slip's barcode again"):
        DossierCode.parse(text)


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(DossierCodeMalformed) as refused:
        DossierCode.parse("001085012345")
    assert "001085012345" not in refused.value.sentence("vi") + str(refused.value)


def test_caps_lock_and_blanks_are_forgiven() -> None:
    assert str(DossierCode.parse(" h57.22.10-261122-0001\n")) == "H57.22.10-261122-0001"


def test_the_ordinal_grows_past_four_digits_but_not_past_six() -> None:
    assert str(DossierCode.make("H57", date(2026, 11, 22), 7)).endswith("-0007")
    assert str(DossierCode.make("H57", date(2026, 11, 22), 10_000)).endswith("-10000")
    for ordinal in (0, -1, 1_000_000):
        with pytest.raises(DossierCodeMalformed):
            DossierCode.make("H57", date(2026, 11, 22), ordinal)


def test_a_day_of_another_century_cannot_be_written() -> None:
    with pytest.raises(DossierCodeMalformed):
        DossierCode.make("H57", date(1999, 1, 1), 1)


@given(labels)
def test_a_label_comes_back_as_itself(label: Label) -> None:
    digits = label.digits()
    assert interpret("Code128", digits) == label
    assert interpret(None, digits + "\n") == label
    assert digits.isdigit()
    assert digits.startswith("48")
    assert len(digits) % 2 == 0


@given(labels, st.data())
def test_any_one_wrong_digit_makes_a_label_foreign(label: Label, data: st.DataObject) -> None:
    digits = label.digits()
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(st.sampled_from("0123456789"))
    assume(wrong != digits[place])
    assert isinstance(interpret("Code128", digits[:place] + wrong + digits[place + 1 :]), Foreign)


@given(labels, st.data())
def test_any_two_neighbours_swapped_make_a_label_foreign(label: Label, data: st.DataObject) -> None:
    digits = label.digits()
    place = data.draw(st.integers(0, len(digits) - 2))
    assume(digits[place] != digits[place + 1])
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert isinstance(interpret("Code128", swapped), Foreign)


@given(st.sampled_from(["Code128", "QRCode", None]), st.text())
def test_interpreting_never_raises(symbology: object, text: str) -> None:
    found = interpret(symbology, text)  # type: ignore[arg-type]  # hypothesis gives the literals
    assert isinstance(found, Meaning)


@given(st.lists(st.text(st.characters(exclude_characters="|")), max_size=9))
def test_any_fields_between_pipes_are_borne(fields: list[str]) -> None:
    found = interpret("QRCode", "|".join(fields))
    assert isinstance(found, DossierCode | CitizenCardQr | Foreign)


@pytest.mark.parametrize(
    "label",
    [SeparatorLabel(10_000), SeparatorLabel(1, 10**9), DeskLabel(-1), CommandLabel(100)],
)
def test_a_number_too_large_for_its_label_is_refused(label: Label) -> None:
    with pytest.raises(LabelNumberOutOfRange, match="at most"):
        label.digits()


def test_a_label_in_a_qr_is_not_ours() -> None:
    assert isinstance(interpret("QRCode", DeskLabel(3).digits()), Foreign)


def test_a_tracking_link_gives_its_token() -> None:
    url = "https://dichvucong.example.vn/ho-so/track/9fK2xQ7LmA0bT3cZ5wYh1g"
    assert interpret("QRCode", url) == TrackingLink("9fK2xQ7LmA0bT3cZ5wYh1g")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.vn/track/",
        "https://example.vn/track/a b c d e f",
        "https://example.vn/other/9fK2xQ7LmA0b",
        "javascript:alert(1)/track/9fK2xQ7LmA0b",
        "https://example.vn/track/9fK2xQ7LmA0b?next=1",
    ],
)
def test_other_addresses_are_foreign(text: str) -> None:
    assert isinstance(interpret("QRCode", text), Foreign)


def test_a_legal_qr_gives_the_dossier_and_nothing_of_the_person() -> None:
    text = "H57.22.10-261122-0001|1.001193|001085012345|Giấy|hoso|2026-11-22|2026-11-25"
    meaning = interpret("QRCode", text)
    assert meaning == LegalQr(DossierCode.parse("H57.22.10-261122-0001"))
    assert "001085012345" not in repr(meaning)


def test_a_citizens_card_is_known_and_keeps_silent() -> None:
    card = interpret("QRCode", CARD)
    assert card == CitizenCardQr(CARD)
    assert repr(card) == "CitizenCardQr()"


@pytest.mark.parametrize(
    "text",
    [
        CARD.replace("05031985", "31021985"),
        CARD.replace("|012345678|", "|"),  # by a reader that drops the old number
        CARD.encode().decode("latin-1"),
        f"]Q1{CARD}|Nguyễn Văn An\r\n",
        CARD.replace("001085012345", "CCCD: 001085012345"),
    ],
)
def test_a_card_that_cannot_be_relied_on_is_still_known_for_a_card(text: str) -> None:
    meaning = interpret("QRCode", text)
    assert isinstance(meaning, CitizenCardQr)
    assert repr(meaning) == "CitizenCardQr()"


@pytest.mark.parametrize(
    "text",
    [
        CARD.replace("001085012345", "00108501234"),
        CARD.replace("05031985", "1985"),
        CARD.replace("Nữ", "2"),  # an insurance card's
        "|".join(CARD.split("|")[:5]),
    ],
)
def test_what_only_resembles_a_card_is_foreign_and_keeps_silent(text: str) -> None:
    meaning = interpret("QRCode", text)
    assert isinstance(meaning, Foreign)
    assert repr(meaning) == "Foreign()"
