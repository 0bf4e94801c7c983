"""How readers and what stands behind them garble a text of UTF-8 that names no character set."""

from collections.abc import Callable, Mapping
from typing import Final

Garble = Callable[[str], str]

_ASCII: Final = 0x80


def taken_for(page: str) -> Garble:
    """The bytes read as a page of one byte a letter; bytes without a letter stay control signs."""

    def letter(byte: int) -> str:
        if byte < _ASCII:
            return chr(byte)
        try:
            return bytes([byte]).decode(page)
        except UnicodeDecodeError:
            return chr(byte)

    return lambda text: "".join(letter(byte) for byte in text.encode())


def twice(garble: Garble) -> Garble:
    """Once more on what came of it, as where two stages make the same mistake."""
    return lambda text: garble(garble(text))


WESTERN: Final[Mapping[str, Garble]] = {
    page: taken_for(page) for page in ("latin_1", "cp1252", "cp1258", "cp437", "cp850", "mac_roman")
}
# They fail on most texts: only what is a text to them is taken for one.
EASTERN: Final = ("shift_jis", "cp932", "big5", "cp950", "gb18030", "euc_kr")
