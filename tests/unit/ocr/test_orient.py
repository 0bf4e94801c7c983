import cv2
import numpy as np
import pytest

from hoso.imaging.skew import ink_map
from hoso.ocr.lines import find_lines
from hoso.ocr.orient import Lines, on_its_head, run_of_lines, sample, upright_turn
from tests.paper import optics
from tests.unit.ocr import scans
from tests.unit.ocr.scans import PAPER

PAGE = np.asarray(cv2.cvtColor(PAPER.pages[0], cv2.COLOR_BGR2GRAY), np.uint8)


@pytest.mark.parametrize("turn", [0, 180])
def test_upright_and_upside_down_lines_run_level(turn: int) -> None:
    ink = ink_map(np.ascontiguousarray(np.rot90(PAGE, turn // 90)), 300, without=[])
    assert run_of_lines(ink) is Lines.LEVEL


@pytest.mark.parametrize("turn", [90, 270])
def test_a_page_on_its_side_is_seen_also_when_skewed(turn: int) -> None:
    skewed = np.asarray(cv2.cvtColor(optics.skew(PAPER.pages[0], 2), cv2.COLOR_BGR2GRAY), np.uint8)
    ink = ink_map(np.ascontiguousarray(np.rot90(skewed, turn // 90)), 300, without=[])
    assert run_of_lines(ink) is Lines.SIDEWAYS


def test_a_page_without_lines_is_unclear() -> None:
    disc = np.zeros((600, 600), np.uint8)
    cv2.circle(disc, (300, 300), 100, 1, -1)
    assert run_of_lines(disc.astype(np.float32)) is Lines.UNCLEAR
    assert run_of_lines(np.zeros((800, 600), np.float32)) is Lines.UNCLEAR


@pytest.mark.parametrize(
    ("sureness", "turn"),
    [
        ({0: 0.9, 90: 0.3, 180: 0.4, 270: 0.2}, 0),
        ({0: 0.4, 90: 0.3, 180: 0.9, 270: 0.2}, 180),
        ({0: 0.4, 90: 0.3, 180: 0.5, 270: 0.8}, 270),
        ({0: 0.9, 90: 0.3, 180: 0.85, 270: 0.2}, None),  # two read well: tables of figures do
        ({0: 0.45, 90: 0.2, 180: 0.2, 270: 0.1}, None),  # none reads like text
        ({0: 0.0, 90: 0.0, 180: 0.0, 270: 0.0}, None),
    ],
)
def test_the_way_up_that_reads_clearly_best_is_believed(
    sureness: dict[int, float], turn: int | None
) -> None:
    assert upright_turn(sureness) == turn


def test_the_longest_lines_are_the_sample() -> None:
    page = np.asarray(scans.lined(30, 50, 70)[:, :, 0])
    page[round(50 / 25.4 * 100) :, 150:] = 255
    sampled = sample(find_lines(page, 100))
    assert [it.shape[1] for it in sampled] == sorted((it.shape[1] for it in sampled), reverse=True)
    assert sampled[0].shape[1] > 480
    assert (on_its_head(sampled[0])[0] == sampled[0][-1, ::-1]).all()
