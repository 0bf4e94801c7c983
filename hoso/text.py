"""Vietnamese text made comparable: one fold for everything that is searched or matched."""

import re
import unicodedata
from functools import lru_cache

Phrase = tuple[str, ...]
"""Terms that stand side by side, in this order."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+", re.UNICODE)
# A syllable bears one tone; it is noted behind it by the letter that Telex has for it, as a sign
# that no page and no keyboard writes.
_TONE_SIGNS = {
    "\N{COMBINING GRAVE ACCENT}": "\N{MODIFIER LETTER SMALL F}",
    "\N{COMBINING ACUTE ACCENT}": "\N{MODIFIER LETTER SMALL S}",
    "\N{COMBINING HOOK ABOVE}": "\N{MODIFIER LETTER SMALL R}",
    "\N{COMBINING TILDE}": "\N{MODIFIER LETTER SMALL X}",
    "\N{COMBINING DOT BELOW}": "\N{MODIFIER LETTER SMALL J}",
}
_TONE = re.compile(f"[{''.join(_TONE_SIGNS)}]")


def nfc(text: str) -> str:
    """The composed form in which all text is stored and shown."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case, no marks, đ as d, everything but letters and digits a single space.

    SQLite's and PostgreSQL's own folding leaves đ alone and swallows numbers such as
    `12/HĐ-LĐ`, so both index what this gives.
    """
    plain = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return _NOT_ALPHANUMERIC.sub(" ", _unmarked(plain).casefold()).strip()


def letters_of(text: str) -> str:
    """Like `fold`, and without spaces: what is compared where readers lose or add one."""
    return fold(text).replace(" ", "")


def exact_terms(text: str) -> str:
    """Like `fold`, but with the accents kept: what an accent-exact search looks at.

    The tone stands behind its syllable, wherever it was written: `hòa` and `hoà` are one word.
    """
    kept = _unmarked(nfc(text))  # marks that belong to no letter part no word, as in `fold`
    terms = _NOT_ALPHANUMERIC.sub(" ", _unmarked(nfc(kept.casefold()))).split()
    return " ".join(map(tone_last, terms))


@lru_cache(maxsize=16_384)  # the words of a language come again and again
def tone_last(word: str) -> str:
    """A syllable without its tone mark, and the tone behind it; other words as they are.

    Where the mark stands is the writer's habit (`thúy` and `thuý`, `qúy` and `quý`) and tells no
    two words apart. Two marks are two syllables without a space, and foreign words keep theirs.
    """
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word)
    tones = _TONE.findall(plain)
    if len(tones) != 1:
        return word
    return nfc(_TONE.sub("", plain)) + _TONE_SIGNS[tones[0]]


def _unmarked(text: str) -> str:
    """Without combining marks; those that are part of a letter stay in it."""
    if text.isascii():
        return text
    return "".join(letter for letter in text if not unicodedata.combining(letter))
