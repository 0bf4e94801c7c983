"""File names that every file system takes: Vietnamese kept, nothing that has a meaning to any."""

import re
import unicodedata

from hoso.text import nfc

# Room for an ordinal before and a folder around it: Windows opens no path of over 260 characters.
_MOST_CHARACTERS = 60
# Decomposed, as macOS keeps it, a Vietnamese letter takes up to six bytes; a name at most 255.
_MOST_BYTES = 200
# What Windows, shells and BagIt (the per cent sign) read as something else.
_MEANINGFUL = re.compile(r'[<>:"/\\|?*%]+')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def safe_name(text: str) -> str:
    """The text as a file name, composed (NFC); never empty, hidden, a path or a device."""
    plain = _MEANINGFUL.sub(" ", nfc(text))
    printable = "".join(
        letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in plain
    )
    name = " ".join(printable.split()).strip(". ")
    while len(name) > _MOST_CHARACTERS or _bytes_decomposed(name) > _MOST_BYTES:
        name = name[:-1].rstrip(". ")
    if not name or _DEVICES.match(name):
        return f"_{name}"
    return name


def _bytes_decomposed(name: str) -> int:
    return len(unicodedata.normalize("NFD", name).encode())
