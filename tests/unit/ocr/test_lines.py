import cv2
import numpy as np
import pytest

from hoso.imaging.page import Pixels
from hoso.ocr.lines import crops, find_lines
from hoso.ocr.rules import cell_around
from tests.paper import optics
from tests.paper.render import Paper, render_paper
from tests.unit.ocr.scans import PAPER, lined


def grey(page: Pixels, dpi: float = 150) -> Pixels:
    return optics.grey(optics.downscale(page, 300, dpi))


def in_mm(box: tuple[float, ...], dpi: float = 150) -> tuple[float, ...]:
    return tuple(side / dpi * 25.4 for side in box)


@pytest.fixture(scope="module")
def table() -> Paper:
    """A paper with a ruled table of the household's members."""
    return render_paper("residence_confirmation", 3)


def holds(lines: list[tuple[float, ...]], word: tuple[float, float, float, float]) -> bool:
    x0, y0, x1, y1 = word
    slack = 0.7  # mm; a printed word's box reaches to the tips of marks that it may not have
    return any(
        a0 - slack <= x0 and x1 <= a1 + slack and b0 - slack <= y0 and y1 <= b1 + slack
        for a0, b0, a1, b1 in lines
    )


@pytest.mark.parametrize("kind", ["residence_confirmation", "marital_status_certificate"])
def test_every_printed_word_lies_on_a_line(kind: str) -> None:
    paper = render_paper(kind, 3)
    lines = [in_mm(box) for box in find_lines(grey(paper.pages[0]), 150).lines]
    words = [(w.left, w.top, w.right, w.bottom) for w in paper.words[0] if not w.by_hand]
    missed = [word for word in words if not holds(lines, word)]
    assert len(missed) <= 0.02 * len(words)


def test_lines_do_not_run_over_one_another() -> None:
    boxes = find_lines(grey(PAPER.pages[0]), 150).lines
    for at, (x0, y0, x1, y1) in enumerate(boxes):
        for a0, b0, a1, b1 in boxes[at + 1 :]:
            wide, high = min(x1, a1) - max(x0, a0), min(y1, b1) - max(y0, b0)
            assert not (wide > 0 and high > 0.5 * min(y1 - y0, b1 - b0))


def test_rules_go_and_the_letters_beside_them_stay(table: Paper) -> None:
    page = grey(table.pages[0])
    layout = find_lines(page, 150)
    assert layout.rules.level.any()
    assert layout.rules.upright.any()
    assert layout.pixels[layout.rules.mask > 0].min() > 200
    untouched = cv2.dilate(layout.rules.mask, np.ones((5, 5), np.uint8)) == 0
    assert (layout.pixels[untouched] == page[untouched]).all()


def test_a_cell_is_found_around_what_stands_in_it(table: Paper) -> None:
    layout = find_lines(grey(table.pages[0]), 150)
    centres = [((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in layout.lines]
    cells = [cell_around(layout.rules, x, y) for x, y in centres]
    assert sum(cell is not None for cell in cells) > 20
    for (x, y), cell in zip(centres, cells, strict=True):
        assert cell is None or (cell[0] < x < cell[2] and cell[1] < y < cell[3])
    assert cell_around(layout.rules, 10, 10) is None


def test_a_line_ends_at_the_rule_between_two_cells() -> None:
    page = lined(50, dpi=150)[:, :, 0].copy()
    ((x0, y0, x1, y1),) = find_lines(page, 150).lines
    rule = round((x0 + x1) / 2)
    page[round(y0) - 60 : round(y1) + 60, rule - 3 : rule + 4] = 255
    page[round(y0) - 60 : round(y1) + 60, rule - 1 : rule + 1] = 0
    left, right = sorted(find_lines(page, 150).lines)
    assert left[2] <= rule + 4
    assert right[0] >= rule - 4
    assert (left[0], right[2]) == pytest.approx((x0, x1), abs=3)


def test_marks_above_and_below_belong_to_their_line() -> None:
    page = lined(50, dpi=150)[:, :, 0].copy()
    layout = find_lines(page, 150)
    ((x0, y0, x1, y1),) = layout.lines
    top = round(50 / 25.4 * 150)
    page[top - 5 : top - 3, 300:306] = 0  # a tone mark
    page[top + 14 : top + 18, 880:883] = 0  # a comma after the last letter
    ((a0, b0, a1, b1),) = find_lines(page, 150).lines
    assert (a0, a1) == pytest.approx((x0, x1), abs=8)
    assert b0 < y0
    assert b1 > y1


def test_faint_print_is_made_black() -> None:
    page = np.clip(lined(50, 70)[:, :, 0].astype(int) // 5 + 204, 0, 255).astype(np.uint8)
    layout = find_lines(page, 100)
    assert len(layout.lines) == 2
    assert layout.pixels.min() < 170 < page.min() + 1


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_page_has_no_lines(level: int) -> None:
    layout = find_lines(np.full((900, 600), level, np.uint8), 100)
    assert (layout.lines, layout.letter_height) == ((), 0.0)
    assert list(crops(layout)) == []


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (40, 7)])
def test_odd_pictures_have_no_lines_either(size: tuple[int, int]) -> None:
    assert find_lines(np.zeros(size, np.uint8), 150).lines == ()
