import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hoso.imaging.look import look, small
from hoso.imaging.page import PageImage
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
    cv2.ellipse(page, (1200, 1500), (420, 400), 0, 0, 360, 200, 25)
    assert is_blank(page)


def test_a_round_seal_alone_is_not_blank() -> None:
    page = np.full((*A4_AT_300[::-1], 3), 255, np.uint8)
    cv2.circle(page, (1200, 1500), round(17 * MM), (60, 60, 210), 12)
    assert not look(PageImage(page, 300.0)).blank


def test_a_page_with_a_code_is_never_blank() -> None:
    assert not look(PageImage(a_page(), 300.0), has_code=True).blank


def test_a_page_of_text_has_ink() -> None:
    assert look(PageImage(a_full_page(), 300.0)).ink > 0.018


def test_a_small_picture_is_grey_and_never_enlarged() -> None:
    colour = np.zeros((300, 200, 3), np.uint8)
    assert small(PageImage(colour, 150.0)).shape == (150, 100)
    assert small(PageImage(colour, 50.0)).shape == (300, 200)
