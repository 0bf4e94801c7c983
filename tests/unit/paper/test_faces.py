from pathlib import Path
from unicodedata import normalize

import pikepdf
import pytest
import typst
from PIL import ImageFont

from tests.paper.render import _FONTS, Face

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
SMALL = "".join(normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES)
ALPHABET = f"{SMALL}đ{SMALL.upper()}ĐABCDFGHJKLMNPQRSTVWXZbcdfghjklmnpqrstvwxz0123456789²–“”…"
PRINT = {face.value[0] for face in Face}
FILES = sorted(file for folder in _FONTS for file in Path(folder).glob("*.ttf"))
HANDS = {face.value[1] for face in Face} | {"Paper Typewriter"}


@pytest.mark.parametrize("family", sorted(PRINT | HANDS))
def test_a_face_has_every_vietnamese_letter(family: str, tmp_path: Path) -> None:
    # typst takes a missing letter from another face and says nothing: then two stand in the file.
    styles = ("normal/regular", "normal/bold", "italic/regular") if family in PRINT else [""]
    for style in styles:
        slant, weight = (style or "normal/regular").split("/")
        font = f'font: "{family}", style: "{slant}", weight: "{weight}"'
        template = tmp_path / "letters.typ"
        template.write_text(f"#set text({font})\n{ALPHABET}", encoding="utf-8")
        made = typst.compile(str(template), font_paths=_FONTS, ignore_system_fonts=True)
        assert isinstance(made, bytes)
        (tmp_path / "letters.pdf").write_bytes(made)
        assert len(fonts_in(tmp_path / "letters.pdf")) == 1
        assert family.replace(" ", "") in fonts_in(tmp_path / "letters.pdf").pop()


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_no_letter_of_a_face_looks_like_another(file: Path) -> None:
    # A composed letter that has lost a mark is drawn without complaint: Ộ as Ọ.
    font = ImageFont.truetype(str(file), 80)
    letters = set(SMALL + SMALL.upper())
    assert len({(mask.size, bytes(mask)) for mask in map(font.getmask, letters)}) == len(letters)


def fonts_in(pdf: Path) -> set[str]:
    with pikepdf.open(pdf) as document:
        fonts = document.pages[0].resources.Font.as_dict().values()
        return {str(font.BaseFont) for font in fonts}
