"""Vietnamese text made comparable: one fold for everything that is searched or matched."""

import re
import unicodedata

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+", re.UNICODE)


def nfc(text: str) -> str:
    """The composed form in which all text is stored and shown."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case, no marks, đ as d, everything but letters and digits a single space.

    SQLite's and PostgreSQL's own folding leaves đ alone and swallows numbers such as
    `12/HĐ-LĐ`, so both index what this gives.
    """
    plain = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    unmarked = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_ALPHANUMERIC.sub(" ", unmarked.casefold()).strip()


def letters_of(text: str) -> str:
    """Like `fold`, and without spaces: what is compared where readers lose or add one."""
    return fold(text).replace(" ", "")


def exact_terms(text: str) -> str:
    """Like `fold`, but with the accents kept: what an accent-exact search looks at."""
    return _NOT_ALPHANUMERIC.sub(" ", nfc(text).casefold()).strip()
