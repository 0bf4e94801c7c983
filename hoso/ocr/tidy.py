"""Small repairs of what engines misread alike on every page; rules, not a dictionary."""

import re

from hoso.ocr.engine import RawWord

_DASHES = frozenset("-–—~¬−")
# Stands alone on paper: everything else without a letter or digit is a fold, a rule or a stain.
_PUNCTUATION = frozenset('-/&+%()"“”.,:;…*=?!<>°□☐☑☒✓')
_SURE_OF_PUNCTUATION = 0.6
# The model takes the left serif of a capital for a quotation mark.
_LONE_QUOTE = re.compile(r"^['‘’`´](?=[^\W\d_])(?!.*['‘’`´])")
_REPLACED = (
    (re.compile("ĐÐ|ÐĐ"), "Đ"),  # the second is Icelandic eth, the look-alike
    (re.compile("Ð"), "Đ"),
    (re.compile("ð"), "đ"),
    (re.compile(r"(?<=\w)\(?@+\)?(?=\w)"), "@"),
    (re.compile("{"), "("),
    (re.compile("}"), ")"),
)


def tidied(word: RawWord) -> RawWord | None:
    """The word as it most likely stands on the paper; None for what is no word at all."""
    text = _LONE_QUOTE.sub("", word.text)
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    if set(text) <= _DASHES:
        text = "-"
    if not any(sign.isalnum() for sign in text) and not _is_punctuation(text, word.confidence):
        return None
    return RawWord(text, word.confidence, word.x, word.y, word.width, word.height)


def _is_punctuation(text: str, confidence: float) -> bool:
    return set(text) <= _PUNCTUATION and confidence >= _SURE_OF_PUNCTUATION
