import cv2
import numpy as np
import pytest

from hoso.imaging.page import Pixels
from hoso.ocr.clean import ink_map
from hoso.ocr.orient import Lines, is_upside_down, run_of_lines
from tests.paper import optics
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


def test_the_way_up_that_reads_clearly_better_is_believed() -> None:
    page = np.full((400, 300), 255, np.uint8)
    page[200:210, 20:100] = 0  # to the left: standing on its head it is to the right

    def confidence(strip: Pixels) -> float:
        return 0.9 if strip[:, :150].min() == 0 else 0.4

    assert is_upside_down(page, 100, confidence) is False
    assert is_upside_down(np.ascontiguousarray(page[::-1, ::-1]), 100, confidence) is True


def test_the_way_up_is_left_open_when_both_read_alike() -> None:
    assert is_upside_down(np.full((400, 300), 255, np.uint8), 100, lambda _: 0.5) is None
