"""Stacks of paper as the split sees them: sheets, slips, papers and blank backs."""

from dataclasses import dataclass, replace
from datetime import date

from hoso.barcode.code import DossierCode, LegalQr, Meaning, SeparatorLabel, TrackingLink
from hoso.scanner_ingest.split import Directory, SeenPage

OURS = DossierCode.make("H57.22.10", date(2026, 11, 26), 1)
OTHER = DossierCode.make("H57.22.10", date(2026, 11, 26), 2)
STRANGE = DossierCode.make("H11.03.05", date(2026, 11, 26), 7)

BIRTH, MARRIAGE, LAND = "birth_certificate", "marriage_certificate", "land_use_certificate"
_NUMBER_OF_TYPE = {BIRTH: 11, MARRIAGE: 12, LAND: 13}
_NUMBER_OF_DOSSIER = {OURS: 1, OTHER: 2}

KNOWN = Directory(
    types={number: type_ for type_, number in _NUMBER_OF_TYPE.items()},
    dossiers={number: code for code, number in _NUMBER_OF_DOSSIER.items()},
    codes=frozenset({OURS, OTHER}),
)


@dataclass(frozen=True)
class Look:
    """A page before it has a place in a stack."""

    meanings: tuple[Meaning, ...] = ()
    blank: bool = False

    def with_code(self, *meanings: Meaning) -> "Look":
        """The same page with further codes on it."""
        return replace(self, meanings=(*self.meanings, *meanings))


PAPER = Look()
BLANK = Look(blank=True)


def sheet(type_: str, dossier: DossierCode | None = None) -> Look:
    """A separator sheet for a kind of paper, perhaps with its dossier."""
    number = _NUMBER_OF_DOSSIER[dossier] if dossier else None
    return Look((SeparatorLabel(_NUMBER_OF_TYPE[type_], number),))


UNKNOWN_SHEET = Look((SeparatorLabel(9999),))
SHEET_OF_UNKNOWN_DOSSIER = Look((SeparatorLabel(_NUMBER_OF_TYPE[BIRTH], 999_999),))


def slip(code: DossierCode) -> Look:
    """A dossier's appointment slip with all its codes."""
    return Look((code, LegalQr(code), TrackingLink("opaque")))


# Its tracking QR is all that could be read.
WORN_SLIP = Look((TrackingLink("opaque"),))


def stamped(code: DossierCode) -> Look:
    """A paper that was archived before and printed out again: it bears its dossier's code."""
    return Look((code,))


def stack(*looks: Look) -> list[SeenPage]:
    """The pages in this order, numbered from 1."""
    return [SeenPage(place, look.blank, look.meanings) for place, look in enumerate(looks, start=1)]
