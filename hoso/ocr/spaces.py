"""Spaces that the engine did not see between capitals, put back where the paper shows them.

In `SỞ Y TẾ` the engine reads `SỞY`: capitals stand wide, and it hardly knows words of one letter.
The letters stay as they were read; only the gap between two of them is measured.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from hoso.imaging.page import Pixels
from hoso.ocr.engine import RawLine, RawWord
from hoso.ocr.lines import Layout

_SURE = 0.93  # words read with more were hardly ever two
# The space of joined words measures 0.28 to 0.35 letter heights and twice the next gap; the widest
# gap within a word 0.25 and 1.7 times the next.
_SPACE = 0.275
_CLEARLY = 2.0


def with_spaces(layout: Layout, lines: Sequence[RawLine]) -> list[RawLine]:
    """The lines, words in capitals cut where a space stands between their letters."""
    return [
        tuple(part for word in line for part in _parts(layout, at, word))
        for at, line in enumerate(lines)
    ]


def _parts(layout: Layout, at: int, word: RawWord) -> list[RawWord]:
    if word.confidence >= _SURE or not (word.text.isalpha() and word.text.isupper()):
        return [word]
    return cut_at_space(word, _picture(layout, at, word), layout.letter_height)


def cut_at_space(word: RawWord, pixels: Pixels, letter_height: float) -> list[RawWord]:
    """The word in two where one gap on its picture is a space; else the word as it is.

    Only where each letter stands by itself is it certain which letters a gap parts.
    """
    letters = _columns_of_ink(pixels)
    gaps = [right[0] - left[1] for left, right in pairwise(letters)]
    if len(letters) != len(word.text) or not gaps:
        return [word]
    # Of two letters there is no other gap to compare with: they stay together.
    *others, widest = sorted(gaps)
    if widest < max(_SPACE * letter_height, _CLEARLY * max(others, default=widest)):
        return [word]
    end = gaps.index(widest) + 1
    ends_at, goes_on_at = letters[end - 1][1], letters[end][0]
    return [
        replace(word, text=word.text[:end], width=float(ends_at)),
        replace(
            word, text=word.text[end:], x=word.x + goes_on_at, width=float(word.width - goes_on_at)
        ),
    ]


def _picture(layout: Layout, at: int, word: RawWord) -> Pixels:
    left, top = (round(side) for side in layout.lines[at][:2])
    x, y = left + round(word.x), top + round(word.y)
    return layout.pixels[y : y + round(word.height), x : x + round(word.width)]


def _columns_of_ink(pixels: Pixels) -> list[tuple[int, int]]:
    """From where to where across there is ink without a break."""
    if not pixels.size:
        return []
    level, _ = cv2.threshold(np.ascontiguousarray(pixels), 0, 255, cv2.THRESH_OTSU)
    inked = (pixels <= level).any(axis=0).astype(np.int8)
    edges = np.flatnonzero(np.diff(inked, prepend=0, append=0)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
