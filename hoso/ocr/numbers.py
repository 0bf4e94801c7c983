"""A second look at numbers that were read with doubt: a citizen's id has no check digit.

A letter misread makes a word odd; a digit misread makes another person. What two looks, at two
sizes and with different ideas of what may stand there, do not agree upon is shown as doubtful.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels
from hoso.ocr.engine import RawLine, RawWord
from hoso.ocr.lines import Layout

Look = Callable[[list[Pixels], float], list[RawLine]]
"""Reads pictures of numbers at a factor of the page's resolution."""

_LEAST_DIGITS = 6  # of dates, ids, telephone and paper numbers
_MOSTLY = 0.6
_SURE = 0.93  # of 213 ids read with more, on scans of all qualities, none was wrong
_DOUBTFUL = 0.5
_LARGER = 1.5
_DIGITS_HEIGHT = 0.4  # of the picture's
_DOTS_HEIGHT = 0.4  # of its digit's
_PAPER = 255
_ROOM = 0.2  # of the word's height, around it


def looked_at_again(layout: Layout, lines: Sequence[RawLine], look: Look) -> list[RawLine]:
    """The lines, their doubtful numbers read once more."""
    doubtful = [
        (at, place)
        for at, line in enumerate(lines)
        for place, word in enumerate(line)
        if word.confidence < _SURE and _is_number(word.text)
    ]
    if not doubtful:
        return list(lines)
    pictures = [_picture(layout, at, lines[at][place]) for at, place in doubtful]
    changed = [list(line) for line in lines]
    for (at, place), again in zip(doubtful, look(pictures, _LARGER), strict=True):
        changed[at][place] = _agreed(changed[at][place], again)
    return [tuple(line) for line in changed]


def _is_number(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return digits >= _LEAST_DIGITS and digits >= _MOSTLY * len(text)


def _picture(layout: Layout, at: int, word: RawWord) -> Pixels:
    """The word with some room, larger."""
    left, top = (round(side) for side in layout.lines[at][:2])
    room = _ROOM * word.height
    x, y = left + word.x, top + word.y
    rows = slice(max(0, round(y - room)), round(y + word.height + room))
    columns = slice(max(0, round(x - 2 * room)), round(x + word.width + 2 * room))
    cut = layout.pixels[rows, columns]
    large = cv2.resize(cut, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC)
    return _with_plain_zeros(np.ascontiguousarray(large, np.uint8))


def _with_plain_zeros(picture: Pixels) -> Pixels:
    """Without the dots that typewriter faces put into a zero: they make it a 9 or a 6."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)  # noqa: PLR2004
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, spots, stats, _ = cv2.connectedComponentsWithStats(ink)
    boxes = stats[1:, :4]
    digits = boxes[boxes[:, 3] >= _DIGITS_HEIGHT * picture.shape[0]]
    plain = picture.copy()
    for number, box in enumerate(boxes, start=1):
        if _is_dot_in_one_of(digits, box):
            plain[cv2.dilate((spots == number).astype(np.uint8), np.ones((3, 3))) > 0] = _PAPER
    return plain


def _is_dot_in_one_of(digits: NDArray[np.int32], box: NDArray[np.int32]) -> bool:
    x, y, width, height = box
    inside = (
        (digits[:, 0] < x)
        & (x + width < digits[:, 0] + digits[:, 2])
        & (digits[:, 1] < y)
        & (y + height < digits[:, 1] + digits[:, 3])
        & (height <= _DOTS_HEIGHT * digits[:, 3])
    )
    return bool(inside.any())


def _agreed(first: RawWord, again: RawLine) -> RawWord:
    """The word both looks agree upon; else the surer reading, as doubtful."""
    digits = "".join(_digits(word.text) for word in again)
    if not digits:
        return replace(first, confidence=min(first.confidence, _DOUBTFUL))
    if digits == _digits(first.text):
        return first
    confidence = min(word.confidence for word in again)
    text = digits if first.text.isalnum() and confidence > first.confidence else first.text
    return replace(first, text=text, confidence=min(first.confidence, _DOUBTFUL))


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
