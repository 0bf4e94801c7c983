import cv2
import numpy as np
import pytest

from hoso.imaging.page import Pixels
from hoso.ocr.lines import find_lines
from hoso.ocr.tickboxes import find_tick_boxes

DPI = 150
SIDE = 24  # pixels, 4 mm


def ink_with(draw: Pixels) -> Pixels:
    page = np.zeros((80, 120), np.uint8)
    page[30 : 30 + draw.shape[0], 40 : 40 + draw.shape[1]] = draw
    return page


def frame(thickness: int = 2) -> Pixels:
    box = np.zeros((SIDE, SIDE), np.uint8)
    box[:thickness], box[-thickness:], box[:, :thickness], box[:, -thickness:] = 1, 1, 1, 1
    return box


def found_in(ink: Pixels) -> Pixels | None:
    _, _, blobs, _ = cv2.connectedComponentsWithStats(ink)
    x, y, wide, high = blobs[1:, :4].T.astype(float)
    return find_tick_boxes(ink, np.stack([x, y, x + wide, y + high], axis=1), DPI)


def letter(text: str, face: int = cv2.FONT_HERSHEY_SIMPLEX) -> Pixels:
    page = np.zeros((60, 60), np.uint8)
    cv2.putText(page, text, (15, 45), face, 1.2, 1, 3)
    ys, xs = np.nonzero(page)
    return page[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]


def test_the_frame_is_found_and_the_tick_in_it_left() -> None:
    box = frame()
    box[9:15, 9:15] = np.eye(6, dtype=np.uint8)
    mask = found_in(ink_with(box))
    assert mask is not None
    assert mask[ink_with(frame()) > 0].all()
    assert not mask[39:45, 49:55].any()


@pytest.mark.parametrize("text", list("BDEOQUHM08"))
def test_no_letter_is_taken_for_a_box(text: str) -> None:
    assert found_in(ink_with(letter(text))) is None


@pytest.mark.parametrize("size", [8, 70])
def test_dots_and_cells_of_tables_are_no_boxes(size: int) -> None:
    box = cv2.resize(frame(), (size, size), interpolation=cv2.INTER_NEAREST)
    assert found_in(cv2.copyMakeBorder(box, 5, 5, 5, 5, cv2.BORDER_CONSTANT)) is None


def test_a_black_square_is_a_bullet() -> None:
    assert found_in(ink_with(np.ones((SIDE, SIDE), np.uint8))) is None


def test_a_box_is_off_the_picture_that_is_read() -> None:
    page = np.full((400, 900), 250, np.uint8)
    cv2.putText(page, "nnnnnn nnnnn", (40, 200), cv2.FONT_HERSHEY_SIMPLEX, 1, 0, 2)
    page[180:204, 500:524][frame() > 0] = 0
    layout = find_lines(page, DPI)
    assert layout.pixels[175:210, 495:530].min() > 200
    assert max(x1 for _, _, x1, _ in layout.lines) < 480
