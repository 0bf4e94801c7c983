"""Paper that steers: separator sheets for the feeder, cards for desks, commands and badges."""

from collections.abc import Sequence
from dataclasses import dataclass

from hoso.barcode.code import Label, SeparatorLabel
from hoso.barcode.draw import draw_code128
from hoso.barcode.typeset import TEMPLATES_DIR, as_input, printable, typeset_pdf

# Feeders skew and drag: separators get bars half as wide again as a slip's, and tall ones.
_SEPARATOR_MODULE_MM, _SEPARATOR_HEIGHT_MM = 0.5, 22.0
_CARD_MODULE_MM, _CARD_HEIGHT_MM = 0.4, 16.0

# A title fills the sheet: large when short, smaller when it takes several lines.
_TITLE_SIZES_PT = ((40, 40), (90, 30), (160, 24))
_LONG_TITLE_PT = 19


@dataclass(frozen=True, slots=True)
class SeparatorSheet:
    """One separator: what follows it, in digits and in words. `note` is a second, smaller line."""

    label: SeparatorLabel
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A label to be kept at hand, with the words that say what scanning it does."""

    label: Label
    title: str


def separator_sheets_pdf(sheets: Sequence[SeparatorSheet]) -> bytes:
    """A4 PDF/A, one sheet per page, the code at top and bottom.

    Raises `LabelNumberOutOfRange`.
    """
    return typeset_pdf(
        TEMPLATES_DIR / "separators.typ", {"sheets": [_separator(sheet) for sheet in sheets]}
    )


def cards_pdf(cards: Sequence[Card]) -> bytes:
    """A4 PDF/A, ten cards a page, to be cut apart. Raises `LabelNumberOutOfRange`."""
    return typeset_pdf(TEMPLATES_DIR / "cards.typ", {"cards": [_card(card) for card in cards]})


def _separator(sheet: SeparatorSheet) -> dict[str, object]:
    title = printable(sheet.title, at_most=240)
    digits = sheet.label.digits()
    drawing = draw_code128(digits, module_mm=_SEPARATOR_MODULE_MM, height_mm=_SEPARATOR_HEIGHT_MM)
    sizes = (size for most, size in _TITLE_SIZES_PT if len(title) <= most)
    return {
        "title": title,
        "title_pt": next(sizes, _LONG_TITLE_PT),
        "note": printable(sheet.note, at_most=160),
        "digits": digits,
        "barcode": as_input(drawing),
    }


def _card(card: Card) -> dict[str, object]:
    digits = card.label.digits()
    drawing = draw_code128(digits, module_mm=_CARD_MODULE_MM, height_mm=_CARD_HEIGHT_MM)
    return {
        "title": printable(card.title, at_most=70),
        "digits": digits,
        "barcode": as_input(drawing),
    }
