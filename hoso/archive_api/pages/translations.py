"""The languages of the pages: Vietnamese stands in the templates, English in a catalogue.

`locale/en/LC_MESSAGES/hoso.po` is read as it is; there is no compiled file to forget.
"""

from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

ENGLISH = Path(__file__).parents[1] / "locale/en/LC_MESSAGES/hoso.po"


@lru_cache
def translations(language: str) -> NullTranslations:
    """What gettext needs for `vi` (the texts as they stand) or `en`."""
    if language != "en":
        return NullTranslations()
    with ENGLISH.open("rb") as file:
        catalogue = read_po(file, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
