"""What a code says: dossier codes, our own labels, and the codes of others.

Pure: text in, a meaning out. Nothing here draws, reads or looks anything up. Texts that may hold
personal data (a citizen's card, a stranger's QR) are kept out of every repr, so out of every log.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal, Self

from stdnum.iso7064 import mod_97_10

from hoso.barcode.card import looks_like_card
from hoso.errors import DossierCodeMalformed, LabelNumberOutOfRange
from hoso.text import nfc

Symbology = Literal["Code128", "QRCode"]

_AGENCY = r"[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,3}|[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}"
_YEARS = range(2000, 2100)
_DOSSIER_CODE = re.compile(rf"({_AGENCY})-([0-9]{{6}})-([0-9]{{4,6}})")


@dataclass(frozen=True, slots=True)
class DossierCode:
    """`<agency id>-YYMMDD-<tail>`, e.g. H57.22.10-261122-0001.

    The tail is the day's ordinal in our own codes; others issue 5 and 6 digits, leading zeros
    included, so it is kept as written.
    """

    agency: str
    received_on: date
    tail: str

    def __post_init__(self) -> None:
        # YYMMDD names no century: a day outside this one would come back as a different day.
        if self.received_on.year not in _YEARS or not _DOSSIER_CODE.fullmatch(str(self)):
            raise DossierCodeMalformed

    def __str__(self) -> str:
        return f"{self.agency}-{self.received_on:%y%m%d}-{self.tail}"

    @property
    def ordinal(self) -> int:
        """The tail as a number; a meaning only in codes of our own making."""
        return int(self.tail)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code as printed or typed; a keyboard's Caps Lock is forgiven.

        Raises `DossierCodeMalformed`.
        """
        match = _DOSSIER_CODE.fullmatch(text.strip().upper()) if text.isascii() else None
        day = _day(match[2], "%y%m%d") if match else None
        if match is None or day is None:
            raise DossierCodeMalformed
        # strptime reads 69–99 as the 1900s; dossier codes are all of this century.
        return cls(match[1], day.replace(year=2000 + day.year % 100), match[3])

    @classmethod
    def make(cls, agency: str, day: date, ordinal: int) -> Self:
        """The agency's `ordinal`-th code of the day: four digits, more when the day needs them.

        Raises `DossierCodeMalformed` for an agency id that is none, or an ordinal outside 1–999999.
        """
        if ordinal < 1:
            raise DossierCodeMalformed
        return cls(agency, day, f"{ordinal:04d}")


# Our own labels: 48, a kind digit, a payload, two ISO 7064 MOD 97-10 check digits. Digits only,
# so that no input method can garble them, and an even number, so that Code 128 packs them in pairs.

_PREFIX = "48"


def _label(kind: int, *numbers: tuple[int, int]) -> str:
    """The digits of a label; each number comes with its width in digits."""
    for number, digits in numbers:
        if not 0 <= number < 10**digits:
            raise LabelNumberOutOfRange(number=number, digits=digits)
    body = f"{_PREFIX}{kind}" + "".join(f"{number:0{digits}d}" for number, digits in numbers)
    return body + str(mod_97_10.calc_check_digits(body))


@dataclass(frozen=True, slots=True)
class SeparatorLabel:
    """On a separator sheet: the component type that follows, and perhaps its dossier.

    `sheet_number` has up to 4 digits (the component type's), `dossier_number` up to 9.
    """

    KIND: ClassVar[int] = 1
    KIND_WITH_DOSSIER: ClassVar[int] = 2

    sheet_number: int
    dossier_number: int | None = None

    def digits(self) -> str:
        """As printed: 10 digits, 18 with a dossier. Raises `LabelNumberOutOfRange`."""
        if self.dossier_number is None:
            return _label(self.KIND, (0, 1), (self.sheet_number, 4))
        return _label(self.KIND_WITH_DOSSIER, (self.sheet_number, 4), (self.dossier_number, 9))


@dataclass(frozen=True, slots=True)
class DeskLabel:
    """On a desk's card; `number` has up to 4 digits."""

    KIND: ClassVar[int] = 3

    number: int

    def digits(self) -> str:
        """As printed: 10 digits. Raises `LabelNumberOutOfRange`."""
        return _label(self.KIND, (0, 1), (self.number, 4))


@dataclass(frozen=True, slots=True)
class CommandLabel:
    """On a command card (undo, take over, …); `command` has up to 2 digits."""

    KIND: ClassVar[int] = 4

    command: int

    def digits(self) -> str:
        """As printed: 8 digits. Raises `LabelNumberOutOfRange`."""
        return _label(self.KIND, (0, 1), (self.command, 2))


@dataclass(frozen=True, slots=True)
class StaffLabel:
    """On a badge; `number` has up to 8 digits."""

    KIND: ClassVar[int] = 5

    number: int

    def digits(self) -> str:
        """As printed: 14 digits. Raises `LabelNumberOutOfRange`."""
        return _label(self.KIND, (0, 1), (self.number, 8))


Label = SeparatorLabel | DeskLabel | CommandLabel | StaffLabel

# The zero that makes a payload odd in length (and the label even) is spelt out: a label with
# another digit there is not ours.
_LABEL = re.compile(
    rf"{_PREFIX}(?:10(?P<sheet>[0-9]{{4}})|2(?P<filed>[0-9]{{4}})(?P<dossier>[0-9]{{9}})"
    r"|30(?P<desk>[0-9]{4})|40(?P<command>[0-9]{2})|50(?P<staff>[0-9]{8}))[0-9]{2}"
)


def _read_label(text: str) -> Label | None:
    match = _LABEL.fullmatch(text)
    if match is None or not mod_97_10.is_valid(text):
        return None
    numbers = {name: int(digits) for name, digits in match.groupdict().items() if digits}
    match numbers:
        case {"sheet": sheet}:
            return SeparatorLabel(sheet)
        case {"filed": sheet, "dossier": dossier}:
            return SeparatorLabel(sheet, dossier)
        case {"desk": desk}:
            return DeskLabel(desk)
        case {"command": command}:
            return CommandLabel(command)
    return StaffLabel(numbers["staff"])


# QR texts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrackingLink:
    """The small QR of a slip: a public address that ends in an opaque token.

    The token opens the public page, so it is kept out of the repr as well.
    """

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LegalQr:
    """The legal QR of a slip; its other fields name a person and are not kept."""

    dossier_code: DossierCode


@dataclass(frozen=True, slots=True)
class CitizenCardQr:
    """The QR of a citizen's card, readable (`card.parse_card`) or not; as it came, in no repr."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Somebody else's code, or one of ours with a wrong digit. May hold personal data."""

    text: str = field(repr=False)


Meaning = DossierCode | Label | TrackingLink | LegalQr | CitizenCardQr | Foreign

_TRACKING = re.compile(r"https?://[^\s/?#]+(?:/[^\s/?#]+)*/track/([A-Za-z0-9_-]{8,128})")
_LEGAL_FIELDS = 7


def interpret(symbology: Symbology | None, text: str) -> Meaning:
    """What a code that was read means; never raises.

    `symbology` is None when the reader does not say (one that types like a keyboard). Labels are
    ours only in Code 128, links and cards only in a QR: that is how they are printed.
    """
    text = text.strip()
    meaning: Meaning | None = _as_dossier_code(text)
    if meaning is None and symbology != "QRCode":
        meaning = _read_label(text)
    if meaning is None and symbology != "Code128":
        meaning = _read_qr(text)
    return meaning or Foreign(text)


def _as_dossier_code(text: str) -> DossierCode | None:
    try:
        return DossierCode.parse(text)
    except DossierCodeMalformed:
        return None


def _read_qr(text: str) -> Meaning | None:
    if match := _TRACKING.fullmatch(text):
        return TrackingLink(match[1])
    if looks_like_card(text):  # as it came: composed letters would hide how they were garbled
        return CitizenCardQr(text)
    return _read_legal(nfc(text).split("|"))


def _read_legal(fields: list[str]) -> LegalQr | None:
    code = _as_dossier_code(fields[0])
    return LegalQr(code) if code and len(fields) == _LEGAL_FIELDS else None


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007  # a calendar day has no zone
    except ValueError:
        return None
