"""Those whom a paper names, in the order in which it names them, from words read. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from hoso.ocr.labels import SIGNS, Place, Text, Value
from hoso.ocr.words import Word
from hoso.text import fold, letters_of, nfc

_LABELS: Final = (
    "Họ, chữ đệm, tên",
    "Họ, chữ đệm và tên",
    "Họ và tên",
    "Tên người nộp thuế",
    "Tên người sử dụng đất",
    "Liệt sĩ",
)
_TITLES: Final = frozenset({"ong", "ba", "anh", "chi"})
# The next label may stand right after a name; its first word alone may be a name (Quốc, Dân).
_NEXT_LABELS: Final = frozenset(
    {
        "gioitinh",
        "quoctich",
        "dantoc",
        "ngaysinh",
        "sinhngay",
        "namsinh",
        "masinh",
        "maso",
        "hochu",
        "hova",
    }
)
_LINES_OF_A_NAME: Final = 2
_SHORTEST, _LONGEST = 2, 6
_CARRIED_OVER: Final = 2


def people_in(text: Text) -> list[Value]:
    """Those named on the paper, in order: by their labels, else as Ông or Bà."""
    labelled = [
        name
        for label in _LABELS
        for place in text.after_label(label)
        for name in [_name_at(text, place)]
        if name
    ]
    return _in_order(labelled or _addressed(text))


def _name_at(text: Text, place: Place) -> Value | None:
    """The name that answers a label: its capitalised words, after the label's colon."""
    words = text.words_at(place, lines=_LINES_OF_A_NAME)
    if not text.ends_with_colon(place):  # forms' labels go on: "… người yêu cầu:"
        words = _after_colon(words)
    return _name_in(text, words)


def _after_colon(words: list[tuple[int, Word]]) -> list[tuple[int, Word]]:
    """What follows the first colon on the same line, if there is one near."""
    for at, (line, word) in enumerate(words[:_LONGEST]):
        if line == words[0][0] and word.text.endswith(":"):
            return words[at + 1 :]
    return words


def _name_in(text: Text, words: Sequence[tuple[int, Word]]) -> Value | None:
    taken: list[Word] = []
    first = -1
    for at, (number, word) in enumerate(words):
        if not taken and fold(word.text) in _TITLES:
            continue
        if not _is_of_a_name(word) or _begins_label(words[at : at + 2]):
            break
        if taken and number != first and not _goes_on(text, first, taken, number):
            break
        first = number if not taken else first
        taken.append(word)
        if word.text[-1] in ",;." or len(taken) == _LONGEST:
            break
    return text.value(taken, first) if len(taken) >= _SHORTEST else None


def _is_of_a_name(word: Word) -> bool:
    letters = word.text.strip(SIGNS)
    return letters.isalpha() and letters[0].isupper() and not word.text.endswith(":")


def _begins_label(words: Sequence[tuple[int, Word]]) -> bool:
    return letters_of("".join(word.text for _, word in words)) in _NEXT_LABELS


def _goes_on(text: Text, first: int, taken: Sequence[Word], number: int) -> bool:
    """Whether a name goes on with the whole next line: short, in its letters, at the left edge."""
    begun, line = text.lines[first].words, text.lines[number].words
    in_capitals = all(word.text.isupper() for word in taken)
    return (
        begun[-1] is taken[-1]
        and len(line) <= _CARRIED_OVER
        and all(word.text.isupper() == in_capitals for word in line)
        and abs(line[0].x - begun[0].x) <= begun[0].height
    )


def _addressed(text: Text) -> Iterator[Value]:
    for number, line in enumerate(text.lines):
        for at, word in enumerate(line.words):
            if fold(word.text) in _TITLES:
                rest = [(number, each) for each in line.words[at + 1 :]]
                name = _name_in(text, rest)
                if name:
                    yield name


def _in_order(names: Iterable[Value]) -> list[Value]:
    """By place; labels that overlap find the same name twice."""
    by_place = {name.begins: name for name in names}
    return [by_place[place] for place in sorted(by_place)]


def as_name(text: str) -> str:
    """A name as people write it, however it was printed: capitals at its words' beginnings."""
    words = [word.strip(SIGNS) for word in nfc(text).split()]
    return " ".join(word[:1].upper() + word[1:].lower() for word in words)
