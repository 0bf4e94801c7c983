import numpy as np
import pytest

from hoso.imaging.geometry import Box
from hoso.ocr.geometry import as_shown, bounds, number, quarter_turn, straightening, undo

LETTER = Box(10.0, 20.0, 622.0, 812.0)


@pytest.mark.parametrize(
    ("turn", "corner"), [(0, (0, 792)), (90, (0, 0)), (180, (612, 0)), (270, (792, 612))]
)
def test_the_lower_left_corner_is_shown_where_the_turn_puts_it(
    turn: int, corner: tuple[float, float]
) -> None:
    assert tuple((as_shown(LETTER, turn) @ [10, 20, 1])[:2]) == pytest.approx(corner)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_quarter_turn_moves_pixels_as_numpy_does(turn: int) -> None:
    picture = np.zeros((4, 7))
    picture[1, 5] = 1
    turned = np.rot90(picture, -turn // 90)
    x, y = (quarter_turn(turn, 7, 4) @ [5.5, 1.5, 1])[:2]
    assert turned[int(y), int(x)] == 1


def test_straightening_turns_counter_clockwise_as_seen() -> None:
    right_of_middle = straightening(2.0, 100, 100) @ [100, 50, 1]
    assert right_of_middle[1] < 50


def test_every_way_has_a_way_back() -> None:
    there = straightening(1.5, 612, 792) @ as_shown(LETTER, 270)
    assert undo(there) @ there == pytest.approx(np.eye(3))


def test_a_box_stays_around_its_rectangle_when_turned() -> None:
    assert bounds(quarter_turn(90, 100, 50), 10, 5, 20, 8) == pytest.approx((37, 10, 8, 20))


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (-0.0, "0"), (1e-9, "0"), (-1e-9, "0"), (12.5, "12.5")]
)
def test_numbers_are_written_as_pdf_reads_them(value: float, written: str) -> None:
    assert number(value) == written
