"""File names as they come from scanners, phones and attackers, made fit to show and to keep."""

import re
import unicodedata
from pathlib import PurePosixPath

from hoso.text import nfc

MOST_CHARACTERS = 120
_SEPARATORS = re.compile(r"[/\\]")


def shown_name(name: str) -> str:
    """The last part of a name, composed (NFC), without control characters, not too long.

    The ending is kept when the name is cut. The result never holds a path and is never empty.
    """
    last = _SEPARATORS.split(name)[-1]
    printable = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    whole = nfc(" ".join(printable.split()).strip(". ")) or "scan"
    if len(whole) <= MOST_CHARACTERS:
        return whole
    ending = PurePosixPath(whole).suffix[:10]
    return whole[: MOST_CHARACTERS - len(ending) - 1] + "…" + ending
