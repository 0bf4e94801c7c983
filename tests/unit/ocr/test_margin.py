import numpy as np
import pytest

from hoso.ocr.margin import INK_DPI, Zone, find_free_zone, ink_of

A4 = (877, 620)
STAMP = (75.0, 15.0)


def page(*inked: tuple[float, float, float, float]) -> np.ndarray:
    """A4 with ink in boxes of millimetres (x0, y0, x1, y1)."""
    ink = np.zeros(A4, np.uint8)
    for x0, y0, x1, y1 in (tuple(round(mm / 25.4 * INK_DPI) for mm in box) for box in inked):
        ink[y0:y1, x0:x1] = 1
    return ink


def zone_on(*inked: tuple[float, float, float, float]) -> Zone:
    zone = find_free_zone(page(*inked), *STAMP)
    assert zone is not None
    return zone


def test_the_bottom_margin_comes_first() -> None:
    zone = zone_on((20, 20, 190, 270))
    assert not zone.turned
    assert 272 <= zone.y_mm <= 297 - 4 - 15


def test_a_page_number_at_the_bottom_is_gone_round() -> None:
    zone = zone_on((20, 20, 190, 270), (100, 280, 110, 285))
    assert zone.x_mm >= 112 or zone.x_mm + 75 <= 98


def test_a_full_bottom_leaves_the_right_margin_on_its_side() -> None:
    zone = zone_on((20, 0, 180, 297))
    assert zone.turned
    assert zone.x_mm >= 182
    assert zone.y_mm >= 40


def test_a_full_right_leaves_the_left_margin() -> None:
    zone = zone_on((30, 0, 210, 297))
    assert zone.turned
    assert zone.x_mm + 15 <= 28


def test_a_free_head_between_the_signatures_is_the_last_choice() -> None:
    zone = find_free_zone(page((0, 60, 210, 297)), 50, 15)
    assert zone is not None
    assert 75 <= zone.x_mm <= 210 - 75 - 50
    assert zone.y_mm < 40


@pytest.mark.parametrize("corner", [(0, 0), (135, 0)])
def test_the_corners_kept_for_signatures_stay_free(corner: tuple[float, float]) -> None:
    x, y = corner
    others = ((0, 40, 210, 297), (75, 0, 135, 40))
    assert find_free_zone(page(*others), 20, 15) is None
    assert find_free_zone(page((x, y, x + 75, y + 40), *others), 20, 15) is None


def test_a_full_page_has_no_free_zone() -> None:
    assert find_free_zone(page((10, 10, 200, 287)), *STAMP) is None


def test_a_page_smaller_than_the_stamp_has_no_free_zone() -> None:
    assert find_free_zone(np.zeros((100, 100), np.uint8), *STAMP) is None


def test_faint_red_ink_and_large_dark_areas_count() -> None:
    sheet = np.full((*A4, 3), 250, np.uint8)
    sheet[100:104, 100:200] = (190, 190, 250)
    sheet[400:600, 300:500] = (40, 40, 40)
    ink = ink_of(sheet)
    assert ink[102, 150]
    assert ink[500, 400]
    assert ink.mean() < 0.1


def test_uneven_light_is_no_ink() -> None:
    light = np.linspace(255, 205, A4[0]).astype(np.uint8)
    assert not ink_of(np.broadcast_to(light[:, None, None], (*A4, 3)).copy()).any()
