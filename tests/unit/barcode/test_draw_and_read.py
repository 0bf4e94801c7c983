"""What we draw is what is read, whichever way the paper lies; what is no code is not read."""

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoso.barcode.code import CommandLabel, DeskLabel, DossierCode, SeparatorLabel, StaffLabel
from hoso.barcode.draw import (
    code128_modules,
    code128_svg,
    code128_width_mm,
    draw_code128,
    draw_qr,
    qr_svg,
)
from hoso.barcode.label import stamp_pdf
from hoso.barcode.read import look_for_codes, read_codes
from hoso.barcode.sheets import Card, SeparatorSheet, cards_pdf, separator_sheets_pdf
from hoso.barcode.suspects import suspects
from hoso.barcode.typeset import printable
from tests.unit.barcode.pictures import Pixels, drawn, on_paper, scanned, worn

CODE = DossierCode.make("H57.22.10", date(2026, 11, 22), 1)
VIETNAMESE = "Giấy chứng nhận quyền sử dụng đất|Nguyễn Thị Thùy Dương|Đắk Lắk"


def texts(pixels: Pixels, dpi: float = 200) -> list[str]:
    return [code.text for code in read_codes(pixels, dpi)]


@pytest.mark.parametrize(
    "text",
    [
        str(CODE),
        "000.00.12.H62-201105-000412",
        SeparatorLabel(12).digits(),
        SeparatorLabel(9999, 999_999_999).digits(),
        DeskLabel(0).digits(),
        CommandLabel(7).digits(),
        StaffLabel(12_345_678).digits(),
    ],
)
def test_a_code128_reads_as_drawn(text: str, tmp_path: Path) -> None:
    assert texts(drawn(draw_code128(text), tmp_path)) == [text]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=4, max_size=24))
def test_any_printable_ascii_reads_as_drawn(text: str, tmp_path: Path) -> None:
    assert texts(drawn(draw_code128(text), tmp_path)) == [text]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(number=st.integers(0, 9999), dossier=st.none() | st.integers(0, 999_999_999))
def test_every_separator_label_reads_as_drawn(
    number: int, dossier: int | None, tmp_path: Path
) -> None:
    digits = SeparatorLabel(number, dossier).digits()
    assert texts(drawn(draw_code128(digits), tmp_path)) == [digits]


@pytest.mark.parametrize("text", ["https://example.vn/track/9fK2xQ7LmA0bT3cZ", VIETNAMESE, "Đ"])
def test_a_qr_reads_as_drawn_vietnamese_included(text: str, tmp_path: Path) -> None:
    assert texts(drawn(draw_qr(text), tmp_path, dpi=300), 300) == [text]


def test_labels_pack_two_digits_in_a_symbol() -> None:
    """Start, 5 pairs, check and stop: 8 symbols of 11 modules and two more bars' worth."""
    assert len(code128_modules(SeparatorLabel(1).digits())) == 8 * 11 + 2


def test_a_drawing_says_its_size_in_millimetres_quiet_zones_included() -> None:
    drawing = draw_code128("4810000208", module_mm=0.5, height_mm=20)
    assert drawing.width_mm == pytest.approx((90 + 20) * 0.5)
    assert drawing.width_mm == pytest.approx(code128_width_mm("4810000208", 0.5))
    assert 'width="55.000mm" height="20.000mm"' in drawing.svg


def test_pages_get_the_same_drawing_as_plain_svg() -> None:
    assert code128_svg("4810000208") == draw_code128("4810000208").svg
    assert qr_svg("x") == draw_qr("x").svg
    assert "<script" not in qr_svg("<script>")


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_page_reads_whichever_way_it_was_fed(quarter_turns: int) -> None:
    digits = SeparatorLabel(12).digits()
    page = scanned(separator_sheets_pdf([SeparatorSheet(SeparatorLabel(12), "Giấy")]), 150)
    assert texts(np.rot90(page, quarter_turns), 150) == [digits, digits]


def test_a_separator_with_one_code_torn_off_still_reads() -> None:
    page = scanned(separator_sheets_pdf([SeparatorSheet(SeparatorLabel(12), "Giấy")]), 150)
    page = page.copy()
    page[: page.shape[0] // 2] = 255
    assert texts(page, 150) == [SeparatorLabel(12).digits()]


def test_the_box_is_where_the_bars_are() -> None:
    page = np.full((800, 1200), 255, np.uint8)
    stamp = scanned(stamp_pdf(CODE), 200)
    height, width = stamp.shape
    page[300 : 300 + height, 400 : 400 + width] = stamp
    (code,) = read_codes(page, 200)
    x0, y0, x1, y1 = code.box
    assert 400 < x0 < 440
    assert 400 + width - 40 < x1 < 400 + width
    assert 299 <= y0 < y1 <= 300 + height
    assert code.symbology == "Code128"


def test_every_hit_names_the_rung_that_read_it() -> None:
    separator = scanned(separator_sheets_pdf([SeparatorSheet(SeparatorLabel(12), "Giấy")]), 150)
    assert [code.rung for code in read_codes(separator, 150)] == ["page", "page"]
    assert [code.rung for code in read_codes(on_paper(stamp_pdf(CODE), 150), 150)] == ["weighed"]


def test_bars_that_a_plain_look_misses_are_straightened_and_placed() -> None:
    page = np.full((1600, 1600), 255, np.uint8)
    stamp = scanned(stamp_pdf(CODE), 200)
    height, width = stamp.shape
    page[760 : 760 + height, 500 : 500 + width] = stamp
    tilted = worn(page, degrees=25)
    (code,) = read_codes(tilted, 200)
    assert code.text == str(CODE)
    assert code.rung != "page"
    assert (code.box[0] + code.box[2]) / 2 == pytest.approx(500 + width / 2, abs=25)
    assert (code.box[1] + code.box[3]) / 2 == pytest.approx(760 + height / 2, abs=40)


def test_heavy_noise_is_smoothed_away() -> None:
    page = np.full((1200, 1400), 255, np.uint8)
    stamp = scanned(stamp_pdf(CODE), 300)
    page[500 : 500 + stamp.shape[0], 300 : 300 + stamp.shape[1]] = stamp
    assert texts(worn(page, noise=60), 300) == [str(CODE)]


def test_colour_and_grey_pages_read_alike() -> None:
    stamp = scanned(stamp_pdf(CODE), 300)
    assert texts(cv2.cvtColor(stamp, cv2.COLOR_GRAY2BGR), 300) == texts(stamp, 300) == [str(CODE)]


@pytest.mark.parametrize("degrees", [20, 45, 70, 110, 135, 160, 200, 250, 315])
def test_fine_bars_read_at_any_angle(degrees: float) -> None:
    page = worn(on_paper(stamp_pdf(CODE), 150), degrees=degrees, noise=8, quality=75)
    assert texts(page, 150) == [str(CODE)]


def test_codes_near_each_other_at_an_angle_are_all_read() -> None:
    page = on_paper(cards_pdf([Card(DeskLabel(n), f"Quầy {n}") for n in range(6)]), 150)
    turned = worn(page, degrees=45)
    assert sorted(texts(turned, 150)) == [DeskLabel(n).digits() for n in range(6)]


def test_bars_of_a_pixel_are_read() -> None:
    page = worn(on_paper(stamp_pdf(CODE), 110), degrees=1.5, noise=8, quality=60)
    assert texts(page, 110) == [str(CODE)]


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_code_cut_off_is_not_read_and_said_to_be_there(kept: float) -> None:
    page = on_paper(stamp_pdf(CODE), 200)
    columns = np.flatnonzero((page < 128).any(axis=0))
    page[:, : round(columns[-1] - kept * (columns[-1] - columns[0]))] = 255
    reading = look_for_codes(page, 200)
    assert reading.found == []
    (unread,) = reading.unread
    assert unread.symbology == "Code128"
    assert page.shape[1] / 2 < unread.box[2] < columns[-1] + 5


def test_a_pen_stroke_through_the_bars_never_makes_another_code() -> None:
    page = on_paper(stamp_pdf(CODE), 150)
    columns = np.flatnonzero((page < 128).any(axis=0))
    for left in range(columns[0] + 20, columns[-1] - 20, 17):
        struck = page.copy()
        struck[:, left : left + 7] = 20
        assert texts(struck, 150) in ([], [str(CODE)])


def test_a_qr_written_over_is_said_to_be_there(tmp_path: Path) -> None:
    page = cv2.copyMakeBorder(
        drawn(draw_qr(VIETNAMESE), tmp_path, dpi=200), 300, 300, 300, 300, 0, value=(255.0,)
    )
    middle = page.shape[0] // 2
    page[middle - 35 : middle + 35, middle - 35 : middle + 35] = 0
    reading = look_for_codes(page, 200)
    assert reading.found == []
    assert [code.symbology for code in reading.unread] == ["QRCode"]


def test_a_page_whose_codes_are_read_has_nothing_unread() -> None:
    page = scanned(cards_pdf([Card(DeskLabel(1), "Quầy 1"), Card(CommandLabel(9), "Lùi")]), 150)
    assert look_for_codes(worn(page, degrees=2, noise=8), 150).unread == []


def test_a_photo_of_a_sheet_reads_though_its_resolution_is_a_guess(tmp_path: Path) -> None:
    page = on_paper(stamp_pdf(CODE), 400)
    height, width = page.shape
    seen = np.array([(120, 60), (width - 40, 180), (width - 140, height - 99), (40, height - 20)])
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)])
    lens = cv2.getPerspectiveTransform(flat.astype(np.float32), seen.astype(np.float32))
    shade = np.linspace(0.5, 1, width)
    desk = (60.0,)
    photo = cv2.warpPerspective(page, lens, (width, height), borderValue=desk) * shade
    for guess in (100, 200, 400):
        assert texts(photo.astype(np.uint8), guess) == [str(CODE)]


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (3000, 1), (40, 40)])
def test_a_scrap_of_a_page_holds_no_code_and_breaks_nothing(shape: tuple[int, int]) -> None:
    assert read_codes(np.full(shape, 128, np.uint8), 300) == []


def test_print_and_noise_hold_no_code() -> None:
    page = np.full((1100, 850), 255, np.uint8)
    for line in range(30, 1080, 26):
        cv2.putText(page, "Cong hoa xa hoi chu nghia Viet Nam 0123456789", (30, line), 0, 0.8, 0, 2)
    assert read_codes(page, 100) == []
    noise = np.random.default_rng(1).integers(0, 256, (1200, 900)).astype(np.uint8)
    assert read_codes(noise, 100) == []


def test_a_blank_page_has_no_suspect() -> None:
    assert suspects(np.full((3508, 2480), 250, np.uint8), 300) == []


def test_cards_read_as_labelled() -> None:
    cards = [Card(DeskLabel(1), "Quầy 1"), Card(CommandLabel(9), "Hoàn tác")]
    page = scanned(cards_pdf(cards), 200)
    assert sorted(texts(page)) == sorted(card.label.digits() for card in cards)


def test_a_stamp_fits_a_margin_and_its_bars_are_wide_enough() -> None:
    height, width = scanned(stamp_pdf(CODE), 254).shape  # ten pixels a millimetre
    assert (width, height) == pytest.approx((660, 142), abs=2)


def test_letters_without_a_glyph_become_question_marks_and_long_texts_end_at_a_word() -> None:
    assert printable("Lý 李 Thị\u0000 Hòa\n😀") == "Lý ? Thị Hòa ?"
    assert printable("một hai ba bốn", at_most=9) == "một hai…"
    assert printable("a" * 50, at_most=10) == "a" * 9 + "…"
