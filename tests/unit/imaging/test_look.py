import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hoso.imaging.look import look, small
from hoso.imaging.page import PageImage, Pixels
from tests.paper.backs import BLANK, NEARLY_BLANK, scan_back
from tests.paper.render import render_paper
from tests.unit.imaging.papers import FONT

A4_AT_300 = (2480, 3508)
MM = 300 / 25.4


def a_page(*texts: str, points: int = 11, fill: int = 0) -> NDArray[np.uint8]:
    picture = Image.new("L", A4_AT_300, 255)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(FONT, points * 300 // 72)
    for line, text in enumerate(texts):
        pen.text((350, 400 + line * 70), text, fill=fill, font=font)
    return np.array(picture)


def a_full_page() -> NDArray[np.uint8]:
    return a_page(*["Ủy ban nhân dân phường Tây Nha Trang, tỉnh Khánh Hòa"] * 40)


def noisy(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    noise = np.random.default_rng(7).normal(0, 8, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def is_blank(pixels: NDArray[np.uint8]) -> bool:
    return look(PageImage(noisy(pixels), 300.0)).blank


def test_white_paper_is_blank() -> None:
    assert is_blank(a_page())


def test_grey_paper_darkening_to_one_side_is_blank() -> None:
    shade = np.linspace(235, 150, A4_AT_300[0]).astype(np.uint8)
    assert is_blank(np.tile(shade, (A4_AT_300[1], 1)))


@pytest.mark.parametrize(
    ("text", "points", "fill"),
    [("Xác nhận", 12, 0), ("Đã nhận đủ hồ sơ", 11, 60), ("Ngày 5 tháng 3", 10, 0)],
)
def test_a_page_with_one_short_line_is_not_blank(text: str, points: int, fill: int) -> None:
    assert not is_blank(a_page(text, points=points, fill=fill))


@pytest.mark.parametrize("strength", [0.1, 0.25, 0.4])
def test_a_back_with_the_front_shining_through_is_blank(strength: float) -> None:
    front = cv2.GaussianBlur(255 - a_full_page()[:, ::-1], (0, 0), 4)
    assert is_blank(255 - (front * strength).astype(np.uint8))


@pytest.mark.parametrize("from_edge_mm", [7, 12])
@pytest.mark.parametrize("thickness", [-1, 6])
def test_punch_holes_are_no_text(from_edge_mm: int, thickness: int) -> None:
    page = a_page()
    for y in (1300, 2250):
        cv2.circle(page, (round(from_edge_mm * MM), y), round(3 * MM), 20, thickness)
    assert is_blank(page)


def test_a_light_stain_with_its_ring_is_blank() -> None:
    page = a_page()
    cv2.ellipse(page, (1200, 1500), (420, 400), 0, 0, 360, 225, -1)
    cv2.ellipse(page, (1200, 1500), (420, 400), 0, 0, 360, 190, 25)
    soaked = cv2.GaussianBlur(page, (0, 0), 5)  # what soaks into paper has no sharp edge
    assert is_blank(np.asarray(soaked, np.uint8))


def test_a_round_seal_alone_is_not_blank() -> None:
    page = np.full((*A4_AT_300[::-1], 3), 255, np.uint8)
    cv2.circle(page, (1200, 1500), round(17 * MM), (60, 60, 210), 12)
    assert not look(PageImage(page, 300.0)).blank


def test_a_page_with_a_code_is_never_blank() -> None:
    assert not look(PageImage(a_page(), 300.0), has_code=True).blank


def test_a_page_of_text_is_not_blank() -> None:
    assert not is_blank(a_full_page())


def test_a_small_picture_is_grey_and_never_enlarged() -> None:
    colour = np.zeros((300, 200, 3), np.uint8)
    assert small(PageImage(colour, 150.0), 75.0).shape == (150, 100)
    assert small(PageImage(colour, 50.0), 75.0).shape == (300, 200)


@pytest.fixture(scope="module")
def front() -> Pixels:
    return render_paper("authorisation", 31).pages[0]


@pytest.mark.parametrize("kind", BLANK)
def test_a_used_back_without_a_mark_is_blank(kind: str, front: Pixels) -> None:
    assert look(scan_back(kind, 5, front).scan.image).blank


@pytest.mark.parametrize("kind", NEARLY_BLANK)
def test_one_mark_by_hand_or_stamp_is_not_lost(kind: str, front: Pixels) -> None:
    assert not look(scan_back(kind, 5, front).scan.image).blank


@pytest.mark.parametrize("thickness_mm", [0.4, 0.8])
def test_a_tick_where_holes_are_punched_is_no_hole(thickness_mm: float) -> None:
    page = a_page()
    points = np.array([(90, 1700), (115, 1740), (165, 1665)])
    cv2.polylines(page, [points], isClosed=False, color=30, thickness=round(thickness_mm * MM))
    assert not is_blank(page)


@pytest.mark.parametrize("number", ["8", "10", "- 3 -", "12/40"])
@pytest.mark.parametrize("points", [10, 16, 22])
def test_a_page_number_is_no_hole(number: str, points: int) -> None:
    page = Image.fromarray(a_page())
    font = ImageFont.truetype(FONT, points * 300 // 72)
    ImageDraw.Draw(page).text((1240, 3508 - round(12 * MM)), number, 40, font, anchor="mm")
    assert not is_blank(np.array(page))


def test_squared_paper_with_a_word_on_it_is_not_blank() -> None:
    page = a_page("Kính gửi", points=13)
    page[::47], page[:, ::47] = np.minimum(page[::47], 190), np.minimum(page[:, ::47], 190)
    assert not is_blank(page)
    page[390:560] = page[200:370]
    assert is_blank(page)


def before_a_dark_lid(page: Pixels, degrees: float, size: float = 1.0) -> Pixels:
    turn = cv2.getRotationMatrix2D((1240, 1754), degrees, size)
    return np.asarray(cv2.warpAffine(page, turn, A4_AT_300, borderValue=30), np.uint8)


@pytest.mark.parametrize(("degrees", "size"), [(-6, 1.0), (2, 1.0), (3, 0.9), (7, 0.85)])
def test_a_blank_sheet_before_a_dark_lid_is_blank(degrees: float, size: float) -> None:
    assert is_blank(before_a_dark_lid(a_page(), degrees, size))


@pytest.mark.parametrize(("degrees", "size"), [(-6, 1.0), (2, 1.0), (3, 0.9), (7, 0.85)])
def test_a_word_on_a_sheet_before_a_dark_lid_is_not_lost(degrees: float, size: float) -> None:
    assert not is_blank(before_a_dark_lid(a_page("Bản sao"), degrees, size))


def test_a_word_within_a_ring_of_coffee_is_not_lost() -> None:
    page = a_page("Đã thu")
    cv2.circle(page, (450, 420), 440, 60, 30)
    assert not is_blank(page)
