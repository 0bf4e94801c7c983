"""Vietnamese text that a reader garbled on its way, put right where that can be proved. Pure.

A card's QR holds UTF-8 and does not say so. Readers that type, and libraries that guess, take the
bytes for Latin-1, for a page of Windows or DOS, for Shift-JIS or Big5. Taken back to bytes by the
same wrong page, and read as what they are, they give Vietnamese letters or nothing at all: chance
makes no UTF-8. What cannot be proved stays as it came and is called damaged; nothing is guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

from hoso.text import nfc

_VOWELS: Final = "aăâeêioôơuưy"
_TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_LETTERS: Final = frozenset(
    nfc(case + tone) for vowel in _VOWELS for case in (vowel, vowel.upper()) for tone in _TONES
) | frozenset("đĐ")
_SIGNS: Final = frozenset("\u2019\u2018\u2013\u2026")  # typographers' ’ ‘ – …

# Pages of one byte a letter: Western and Vietnamese Windows, DOS, the Macintosh.
_PAGES: Final = ("latin_1", "cp1252", "cp1258", "cp437", "cp850", "mac_roman")
# What zbar and its kin take a few accented letters for.
_EASTERN: Final = ("shift_jis", "cp932", "big5", "cp950", "gb18030", "euc_kr")
_MOST_TIMES: Final = 3
_LONGEST: Final = 4000
_ASCII: Final = 0x80


class Letters(Enum):
    """How a text's letters came."""

    WHOLE = "whole"
    MENDED = "mended"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, repr=False)
class Mended:
    """A text in NFC and how its letters came; it may be personal, so its repr is silent."""

    text: str
    letters: Letters


def mended(text: str) -> Mended:
    """The text as it was meant, as far as that can be proved; never raises."""
    if _is_vietnamese(text):
        return Mended(nfc(text), Letters.WHOLE)
    meant = _meant(text) if len(text) <= _LONGEST else set()
    if len(meant) == 1:
        return Mended(meant.pop(), Letters.MENDED)
    whole = _is_vietnamese(text, besides=_SIGNS)
    return Mended(nfc(text), Letters.WHOLE if whole else Letters.DAMAGED)


def _is_vietnamese(text: str, *, besides: frozenset[str] = frozenset()) -> bool:
    """Whether it is printable ASCII, letters of the Vietnamese alphabet and `besides` alone."""
    allowed = _LETTERS | besides
    return all(
        letter in allowed or (letter.isascii() and letter.isprintable()) for letter in nfc(text)
    )


def _meant(text: str) -> set[str]:
    """Every Vietnamese text of which this is a garbled one; with typographers' signs if need be."""
    seen, level = {text}, {text}
    for _ in range(_MOST_TIMES):
        level = {once for garbled in level for once in _taken_back(garbled)} - seen
        seen |= level
    came = seen - {text}
    plain = {nfc(once) for once in came if _is_vietnamese(once)}
    # A letter garbled once may look like another with a sign behind it: Ò like Ă’.
    return plain or {nfc(once) for once in came if _is_vietnamese(once, besides=_SIGNS)}


def _taken_back(text: str) -> Iterator[str]:
    """The text as UTF-8, its letters taken for bytes by each page that has them all."""
    for data in _as_bytes(text):
        try:
            yield data.decode("utf-8")
        except UnicodeDecodeError:
            continue


def _as_bytes(text: str) -> Iterator[bytes]:
    for page in _PAGES:
        table = _bytes_of(page)
        if all(letter in table for letter in text):
            yield bytes(table[letter] for letter in text)
    for page in _EASTERN:
        try:
            yield text.encode(page)
        except UnicodeEncodeError:
            continue


@cache
def _bytes_of(page: str) -> Mapping[str, int]:
    """Each letter's byte. Bytes without a letter come through as control signs, as in browsers."""
    table = {chr(byte): byte for byte in range(_ASCII)}
    for byte in range(_ASCII, 0x100):
        try:
            table[bytes([byte]).decode(page)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte
    return table


def is_oddly_cased(name: str) -> bool:
    """Whether a capital stands inside a word of small letters, as in `NguyÔn`: nobody's name."""
    words = "".join(letter if letter.isalpha() else " " for letter in nfc(name)).split()
    return any(not (word.isupper() or word[1:].islower() or len(word) == 1) for word in words)
