"""A first look at a page: ink, codes and how good the scan is, before anything is read.

What is kept of a code is what it means to us. The text of other people's codes, and of a
citizen's card, goes no further than this module.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hoso.barcode.code import (
    CitizenCardQr,
    DossierCode,
    Foreign,
    LegalQr,
    Meaning,
    SeparatorLabel,
    TrackingLink,
    interpret,
)
from hoso.barcode.read import FoundCode, UnreadCode, look_for_codes
from hoso.dossier.tables import Page
from hoso.imaging.look import look
from hoso.imaging.page import PageImage
from hoso.imaging.pages import load_page
from hoso.imaging.quality import judge, with_unread_code
from hoso.scanner_ingest.split import SeenPage

_NAMELESS = {TrackingLink: "tracking", CitizenCardQr: "citizen_card", Foreign: "foreign"}


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What was seen on a page; `codes` and `quality` are ready to be kept as JSON."""

    place: int
    blank: bool
    codes: list[dict[str, Any]]
    quality: dict[str, Any]


def look_at_page(source: Path, place: int) -> FirstLook:
    """Look at page `place` of a PDF. Runs in a child process: the file is a stranger's."""
    page = load_page(source, place)
    image = page.image
    codes = look_for_codes(image.pixels, image.dpi)
    blank = look(image, has_code=bool(codes.found)).blank
    # A page drawn as text is as sharp as one likes, and on a blank one there is nothing to judge.
    quality = {} if blank or page.has_text else _quality(image, codes.unread)
    return FirstLook(place, blank, [_kept(code, image) for code in codes.found], quality)


def _quality(image: PageImage, unread: list[UnreadCode]) -> dict[str, Any]:
    quality = judge(image)
    return asdict(with_unread_code(quality) if unread else quality)


def as_seen(page: Page) -> SeenPage:
    """A kept page as the split takes it."""
    return SeenPage(page.place, page.blank, tuple(_meaning(code) for code in page.codes))


def is_card(page: Page) -> bool:
    """Whether a citizen's card lies on it."""
    return any(code["kind"] == _NAMELESS[CitizenCardQr] for code in page.codes)


def _kept(code: FoundCode, image: PageImage) -> dict[str, Any]:
    kind, value = _kind_and_value(interpret(code.symbology, code.text))
    x0, y0, x1, y1 = code.box
    wide, high = image.width, image.height
    return {
        "symbology": code.symbology,
        # Shares of the picture's width and height: true at every resolution.
        "box": [round(share, 5) for share in (x0 / wide, y0 / high, x1 / wide, y1 / high)],
        "rung": code.rung,
        "kind": kind,
        "value": value,
    }


def _kind_and_value(meaning: Meaning) -> tuple[str, str]:
    if isinstance(meaning, TrackingLink | CitizenCardQr | Foreign):
        return _NAMELESS[type(meaning)], ""
    if isinstance(meaning, DossierCode):
        return "dossier", str(meaning)
    if isinstance(meaning, LegalQr):
        return "slip", str(meaning.dossier_code)
    return ("separator" if isinstance(meaning, SeparatorLabel) else "label"), meaning.digits()


def _meaning(code: dict[str, Any]) -> Meaning:
    match code["kind"]:
        case "slip":
            return LegalQr(DossierCode.parse(code["value"]))
        case "tracking":
            return TrackingLink("")
        case "citizen_card":
            return CitizenCardQr("")
        case "foreign":
            return Foreign("")
    return interpret(code["symbology"], code["value"])
