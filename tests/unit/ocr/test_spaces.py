import numpy as np
import pytest

from hoso.imaging.page import Pixels
from hoso.ocr.engine import RawWord
from hoso.ocr.lines import Layout
from hoso.ocr.rules import Rules
from hoso.ocr.spaces import cut_at_space, with_spaces

HEIGHT = 20


def capitals(*gaps: int) -> Pixels:
    """Upright strokes, 6 wide, with these gaps between them."""
    stroke = np.zeros((HEIGHT, 6), np.uint8)
    parts = [stroke]
    for gap in gaps:
        parts += [np.full((HEIGHT, gap), 255, np.uint8), stroke]
    return np.hstack(parts)


def a_word(text: str, pixels: Pixels, confidence: float = 0.85) -> RawWord:
    return RawWord(text, confidence, 10, 5, pixels.shape[1], HEIGHT)


def test_two_words_in_capitals_are_parted_at_the_space_between_them() -> None:
    pixels = capitals(2, 7)
    first, second = cut_at_space(a_word("SỞY", pixels), pixels, HEIGHT)
    assert (first.text, second.text) == ("SỞ", "Y")
    assert (first.x, first.x + first.width) == (10, 24)
    assert (second.x, second.x + second.width) == (31, 37)


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("CHỨ", (5, 3)),  # C stands a little off
        ("HỌC", (7, 6)),  # spaced out letter by letter
        ("THỊX", (2, 7)),  # two letters touch: nobody knows which ones the gap parts
        ("Y", ()),
    ],
)
def test_what_may_be_one_word_stays_one(text: str, gaps: tuple[int, ...]) -> None:
    pixels = capitals(*gaps)
    word = a_word(text, pixels)
    assert cut_at_space(word, pixels, HEIGHT) == [word]


def test_a_blank_or_empty_picture_parts_nothing() -> None:
    for pixels in (np.full((HEIGHT, 30), 255, np.uint8), np.zeros((0, 30), np.uint8)):
        word = a_word("SỞY", pixels)
        assert cut_at_space(word, pixels, HEIGHT) == [word]


@pytest.mark.parametrize(
    ("text", "confidence", "read"),
    [
        ("SỞY", 0.85, ["SỞ", "Y"]),
        ("SỞY", 0.96, ["SỞY"]),
        ("123", 0.85, ["123"]),  # a number is never changed
        ("sởy", 0.85, ["sởy"]),
    ],
)
def test_only_doubtful_words_in_capitals_are_parted(
    text: str, confidence: float, read: list[str]
) -> None:
    drawn = capitals(2, 7)
    page = np.full((60, 80), 255, np.uint8)
    page[15 : 15 + HEIGHT, 20 : 20 + drawn.shape[1]] = drawn
    nothing = np.zeros_like(page)
    layout = Layout(page, ((10.0, 10.0, 70.0, 50.0),), HEIGHT, Rules(nothing, nothing))
    (line,) = with_spaces(layout, [(a_word(text, drawn, confidence),)])
    assert [word.text for word in line] == read
