"""Both readers give our symbols, and every Vietnamese text exactly as it was printed."""

import numpy as np
import pytest
import segno

from hoso.barcode.code import CitizenCardQr, interpret
from hoso.barcode.draw import code128_modules
from hoso.barcode.engines import Grey, Sighting, zbar, zxing
from tests.paper.people import dice, draw_person
from tests.unit.barcode.pictures import nameless_qr, picture_of

CARD = "001185012345|012345678|Nguyễn Thị Thùy Dương|01021985|Nữ|thôn Đoài, xã Ea Kiết|02072021"


def readers(picture: Grey) -> list[list[str | None]]:
    return [[code.text for code in read(picture, "QRCode")] for read in (zxing, zbar)]


@pytest.mark.parametrize("seed", range(60))
def test_a_citizens_card_reads_to_the_letter(seed: int) -> None:
    person = draw_person(dice("card", seed))
    old = "" if seed % 3 else "012345678"
    text = (
        f"{person.citizen_id}|{old}|{person.name}|{person.born:%d%m%Y}|{person.sex.value}|"
        f"{person.address}|{person.card_issued_on:%d%m%Y}"
    )
    assert readers(nameless_qr(text)) == [[text], [text]]
    assert interpret("QRCode", text) == CitizenCardQr(text)


@pytest.mark.parametrize("text", ["Đ", "ưTuấn", "Lương", "Ơ", "ưỡn ẹo", "ﾃﾞ", "漢字"])
def test_a_few_letters_are_not_taken_for_another_alphabet(text: str) -> None:
    assert readers(nameless_qr(text)) == [[text], [text]]


def test_a_text_in_a_named_character_set_reads_as_meant() -> None:
    picture = picture_of(segno.make("Müller", encoding="iso-8859-1", eci=True, micro=False))
    assert readers(picture)[0] == ["Müller"]


def test_a_qr_that_continues_another_breaks_no_reader() -> None:
    parts = segno.make_sequence("Một văn bản dài. " * 20, symbol_count=3, encoding="utf-8")
    for part in parts:
        readers(picture_of(part))


def test_both_readers_read_bars_and_name_their_place() -> None:
    modules = [
        255 * (module == "0") for module in "0" * 12 + code128_modules("4810001276") + "0" * 12
    ]
    picture = np.full((120, 3 * len(modules)), 255, np.uint8)
    picture[30:90] = np.repeat(modules, 3)
    for read in (zxing, zbar):
        (code,) = read(picture, "Code128")
        assert code.text == "4810001276"
        assert code.box == pytest.approx((36, 30, picture.shape[1] - 36, 90), abs=12)


def test_only_the_two_symbologies_that_we_print_are_read() -> None:
    ean = "101" + "0001101" * 6 + "01010" + "1110010" * 6 + "101"
    row = np.repeat([255 * (module == "0") for module in "0" * 12 + ean + "0" * 12], 3)
    picture = np.tile(row, (100, 1)).astype(np.uint8)
    assert zxing(picture) == zbar(picture, "Code128") == zbar(picture, "QRCode") == []


def test_a_torn_qr_is_seen_though_not_read() -> None:
    picture = nameless_qr(CARD)
    middle = picture.shape[0] // 2
    picture[middle - 40 : middle + 40, middle - 40 : middle + 40] = 0
    assert {(code.symbology, code.text) for code in zxing(picture)} == {("QRCode", None)}


def test_a_sighting_knows_its_length_when_it_lies_askew() -> None:
    askew = Sighting("Code128", "x", ((0.0, 0.0), (30.0, 40.0), (26.0, 43.0), (-4.0, 3.0)))
    assert askew.length == pytest.approx(50)
    assert askew.box == (-4, 0, 30, 43)
