"""Where the lines of print are on a straightened page: found here, read by the engine.

Tesseract's own layout analysis loses words under seals (mode 3) or the full stops of short pieces
and dashes of lists (mode 11), and reads the rules of tables as letters.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.imaging.page import Pixels
from hoso.ocr.rules import Rules, find_rules
from hoso.ocr.tickboxes import find_tick_boxes

PixelBox = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels of the picture."""

_Boxes = NDArray[np.float64]
"""N×4: x0, y0, x1, y1."""

LAYOUT_DPI = 150.0
_BACKGROUND_MM = 5.0
_FAINTEST = 20  # levels below the paper around it that ink must at least have
_OF_THRESHOLD = 0.75
# Levels by which the ink of common print is darker than paper; less is stretched to it.
_FAINT_PRINT = 100.0
_LEAST_LETTERS = 3
# Sizes as multiples of the usual letter's height.
_LETTER_HEIGHTS = (0.55, 3.2)
_WIDEST_LETTER = 8.0
_SMALL_MARK = (1.2, 3.0)  # tone marks, full stops, dashes: height and width at most
_WIDEST_GAP = 2.0
_ABOVE, _BELOW = 0.9, 0.6  # as far as capitals and tails stand out from the usual letter
_WITH_LINE = 0.35
_SLIVER = (0.2, 1.6)  # narrower and taller than any letter: what is left of a rule
_CROSSED = 0.6  # of a line's height: more of an upright rule parts it into cells
_ROOM = 0.12  # around a line, for what the threshold cut off its letters


@dataclass(frozen=True, slots=True)
class Layout:
    """What there is to read on a page.

    `lines` are the boxes of lines and of parts of lines that stand apart, in no order;
    `letter_height` is the usual one in pixels, 0 where there is nothing to read. `pixels` is the
    picture without its rules, `rules` are where they were.
    """

    pixels: Pixels
    lines: tuple[PixelBox, ...]
    letter_height: float
    rules: Rules


def find_lines(pixels: Pixels, dpi: float) -> Layout:
    """The lines on `pixels`, a straightened page in grey (H×W)."""
    step = min(1.0, LAYOUT_DPI / dpi)
    small = _shrunk(pixels, step)
    paper = _paper(small, dpi * step)
    darker = np.asarray(cv2.subtract(paper, small), np.uint8)
    ink = _ink(darker)
    rules = find_rules(ink, dpi * step)
    mask = rules.mask
    marks, areas = _marks(np.asarray(ink & (1 - mask), np.uint8))
    frames = find_tick_boxes(ink, marks, dpi * step)
    if frames is not None:
        mask = np.asarray(mask | frames, np.uint8)
        marks, areas = _marks(np.asarray(ink & (1 - mask), np.uint8))
    clean = _strengthened(_without_rules(pixels, mask, paper), darker, ink)
    height = _letter_height(marks, dpi * step)
    if not height:
        return Layout(clean, (), 0.0, rules)
    letters = _are_letters(marks, areas, height)
    lines = _chained(marks[letters], height, rules.upright)
    _take_in_small_marks(lines, marks[~letters & _are_small(marks, areas, height)])
    boxes = tuple(_with_room(line, pixels) for line in (lines / step).tolist())
    return Layout(clean, boxes, height / step, rules)


def _shrunk(pixels: Pixels, step: float) -> Pixels:
    if step == 1:
        return pixels
    small = cv2.resize(pixels, None, fx=step, fy=step, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _without_rules(pixels: Pixels, mask: Pixels, paper: Pixels) -> Pixels:
    clean = pixels.copy()
    high, wide = pixels.shape
    if mask.shape != pixels.shape:
        mask = np.asarray(cv2.resize(mask, (wide, high), interpolation=cv2.INTER_NEAREST), np.uint8)
        paper = np.asarray(cv2.resize(paper, (wide, high)), np.uint8)
    cv2.copyTo(paper, mask, clean)
    return clean


def _strengthened(pixels: Pixels, darker: Pixels, ink: Pixels) -> Pixels:
    """Faint print made black: the engine's own threshold takes it for paper."""
    print_level = float(np.median(darker[ink > 0])) if ink.any() else 255.0
    if print_level >= _FAINT_PRINT:
        return pixels
    gain = _FAINT_PRINT / max(1.0, print_level)
    paper = float(np.median(pixels))
    return (paper - (paper - pixels.astype(np.float32)) * gain).clip(0, 255).astype(np.uint8)


def _paper(pixels: Pixels, dpi: float) -> Pixels:
    """The paper as it looks without any ink, H×W."""
    high, wide = pixels.shape
    small = cv2.resize(pixels, (-(-wide // 4), -(-high // 4)), interpolation=cv2.INTER_AREA)
    reach = 2 * round(_BACKGROUND_MM / 25.4 * dpi / 8) + 1
    return np.asarray(cv2.resize(cv2.medianBlur(small, reach), (wide, high)), np.uint8)


def _ink(darker: Pixels) -> Pixels:
    """1 where there is ink; `darker` is by how many levels a pixel is darker than its paper."""
    traces = darker[darker > _FAINTEST // 2]
    if not traces.size:
        return np.zeros_like(darker)
    level, _ = cv2.threshold(traces, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = darker > max(_FAINTEST, _OF_THRESHOLD * level)
    return ink.astype(np.uint8)


def _marks(ink: Pixels) -> tuple[_Boxes, NDArray[np.float64]]:
    """Boxes and areas of everything that hangs together."""
    _, _, blobs, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, width, height, area = blobs[1:].T.astype(np.float64)
    return np.stack([x, y, x + width, y + height], axis=1), area


def _letter_height(marks: _Boxes, dpi: float) -> float:
    """The median height of what can be a letter of 5 to 30 points; 0 where there is hardly any."""
    wide, high = (marks[:, 2:] - marks[:, :2]).T
    point = dpi / 72
    fits = (high > 3 * point) & (high < 22 * point) & (wide < 30 * point) & (wide > point)
    return float(np.median(high[fits])) if fits.sum() >= _LEAST_LETTERS else 0.0


def _are_letters(marks: _Boxes, areas: NDArray[np.float64], height: float) -> NDArray[np.bool_]:
    wide, high = (marks[:, 2:] - marks[:, :2]).T
    least, most = (times * height for times in _LETTER_HEIGHTS)
    big_enough = (high > least) & (wide > 1) & (areas > 0.02 * height * height)
    sliver = (wide < _SLIVER[0] * height) & (high > _SLIVER[1] * height)
    fits = (high < most) & (wide < _WIDEST_LETTER * height) & ~sliver
    return np.asarray(big_enough & fits)


def _are_small(marks: _Boxes, areas: NDArray[np.float64], height: float) -> NDArray[np.bool_]:
    wide, high = (marks[:, 2:] - marks[:, :2]).T
    most_high, most_wide = (times * height for times in _SMALL_MARK)
    return np.asarray((high < most_high) & (wide < most_wide) & (areas > 0.008 * height * height))


class _Chain:
    """A line in the making: its letters from left to right, and how high the last of them stood."""

    def __init__(self, box: list[float]) -> None:
        self.letters = [box]
        self.left, self.top, self.right, self.foot = box

    @classmethod
    def of(cls, letters: list[list[float]]) -> Self:
        """The chain of letters, from left to right."""
        chain = cls(letters[0])
        for letter in letters[1:]:
            chain.add(letter)
        return chain

    def fit(self, box: list[float], widest_gap: float) -> float:
        """How well a letter fits on, 0 (not at all) to 1."""
        left, top, _, foot = box
        gap = left - self.right
        if gap > widest_gap or left < self.left - 1:
            return 0.0
        shared = min(foot, self.foot) - max(top, self.top)
        if shared <= 0.4 * min(foot - top, self.foot - self.top):
            return 0.0
        return (
            shared / (max(foot, self.foot) - min(top, self.top)) / (1 + max(0.0, gap) / widest_gap)
        )

    def add(self, box: list[float]) -> None:
        """Take the letter on; the line's height follows it slowly, as bent paper does."""
        self.letters.append(box)
        self.right = max(self.right, box[2])
        self.top += (box[1] - self.top) / 4
        self.foot += (box[3] - self.foot) / 4

    def cut_at(self, upright: Pixels) -> "list[_Chain]":
        """Its parts between the upright rules (1 in the picture) that cross it."""
        band = upright[round(self.top) : round(self.foot), round(self.left) : round(self.right)]
        crossed = np.flatnonzero(band.mean(axis=0) > _CROSSED) if band.any() else ()
        if not len(crossed):
            return [self]
        middles = [(left + right) / 2 - self.left for left, _, right, _ in self.letters]
        parts: defaultdict[int, list[list[float]]] = defaultdict(list)
        for cell, letter in zip(np.searchsorted(crossed, middles), self.letters, strict=True):
            parts[int(cell)].append(letter)
        return [_Chain.of(letters) for letters in parts.values()]

    def line(self) -> list[float]:
        """Box and letter height. A letter that hangs together with a seal does not count whole."""
        boxes = np.array(self.letters)
        top, foot = np.median(boxes[:, 1]), np.median(boxes[:, 3])
        height = float(np.median(boxes[:, 3] - boxes[:, 1]))
        y0 = max(boxes[:, 1].min(), top - _ABOVE * height)
        y1 = min(boxes[:, 3].max(), foot + _BELOW * height)
        return [self.left, float(y0), self.right, float(y1), height]


def _chained(letters: _Boxes, height: float, upright: Pixels) -> NDArray[np.float64]:
    """Lines as N×5 (box and letter height): each letter put on the line that it fits best.

    No line runs on across an `upright` rule: what stands beyond it is in another cell.
    """
    shelves: defaultdict[int, list[_Chain]] = defaultdict(list)
    chains: list[_Chain] = []
    widest_gap = _WIDEST_GAP * height

    def shelf(chain: _Chain) -> int:
        return int((chain.top + chain.foot) / 2 // height)

    for box in letters[np.argsort(letters[:, 0], kind="stable")].tolist():
        level = int((box[1] + box[3]) / 2 // height)
        near = [chain for at in range(level - 1, level + 2) for chain in shelves[at]]
        fits = [chain.fit(box, widest_gap) for chain in near]
        best = max(range(len(near)), key=fits.__getitem__, default=0)
        if not near or not fits[best]:
            chains.append(_Chain(box))
            shelves[shelf(chains[-1])].append(chains[-1])
            continue
        home = near[best]
        before = shelf(home)
        home.add(box)
        if shelf(home) != before:
            shelves[before].remove(home)
            shelves[shelf(home)].append(home)
    parts = [part for chain in chains for part in chain.cut_at(upright)]
    return np.array([part.line() for part in parts]).reshape(-1, 5)


def _take_in_small_marks(lines: NDArray[np.float64], marks: _Boxes) -> None:
    """Widen each line by the tone marks, stops and dashes that stand with it."""
    if not len(lines) or not len(marks):
        return
    height = lines[:, 4]
    before, after = lines[:, 0] - 1.6 * height, lines[:, 2] + 0.9 * height
    highest, lowest = lines[:, 1] - 0.6 * height, lines[:, 3] + 0.4 * height
    for x0, y0, x1, y1 in marks.tolist():
        middle = (x0 + x1) / 2
        apart = np.maximum(0, np.maximum(lines[:, 1] - y1, y0 - lines[:, 3])) / height
        apart[(middle < before) | (middle > after) | (apart > _WITH_LINE)] = np.inf
        nearest = int(np.argmin(apart))
        if np.isfinite(apart[nearest]):
            line = lines[nearest]
            line[0], line[2] = min(line[0], x0), max(line[2], x1)
            line[1] = min(line[1], max(y0, highest[nearest]))
            line[3] = max(line[3], min(y1, lowest[nearest]))


def _with_room(line: list[float], pixels: Pixels) -> PixelBox:
    """The line's box with some paper around it, as far as the picture reaches."""
    x0, y0, x1, y1, height = line
    room = _ROOM * height + 1
    high, wide = pixels.shape
    across = max(0.0, x0 - 2 * room), min(float(wide), x1 + 2 * room)
    down = max(0.0, y0 - room), min(float(high), y1 + room)
    return across[0], down[0], across[1], down[1]


def crops(layout: Layout) -> Iterator[Pixels]:
    """The picture of each line, in the order of `lines`."""
    for box in layout.lines:
        x0, y0, x1, y1 = (round(side) for side in box)
        yield np.ascontiguousarray(layout.pixels[y0:y1, x0:x1])
