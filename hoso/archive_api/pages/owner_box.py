"""The box for a person's or organisation's number: typed, or scanned from the card's QR."""

from dataclasses import dataclass
from datetime import date

from hoso.barcode.code import CitizenCardQr, interpret
from hoso.dossier import owners
from hoso.dossier.numbers import (
    CitizenId,
    OldCitizenNumber,
    OwnerNumber,
    parse_owner_number,
)
from hoso.wiring import Archive


@dataclass(frozen=True, slots=True)
class OwnerGiven:
    """Whom the box names. `name` and `old_number` stand on a scanned card only."""

    number: OwnerNumber
    name: str = ""
    old_number: OldCitizenNumber | None = None

    @property
    def warnings(self) -> list[str]:
        """Stable codes of what is odd about a number that may still be right."""
        number = self.number
        return [found.value for found in number.warnings] if isinstance(number, CitizenId) else []


def read_owner(text: str, *, today: date) -> OwnerGiven:
    """What the box holds; refuses as `numbers` does."""
    card = interpret("QRCode", text)
    if isinstance(card, CitizenCardQr):
        old_number = OldCitizenNumber(card.old_number) if card.old_number else None
        number = CitizenId.parse(card.citizen_id, today=today)
        return OwnerGiven(number, card.full_name, old_number)
    return OwnerGiven(parse_owner_number(text, today=today))


def known_owner(archive: Archive, owner_id: str) -> OwnerGiven:
    """An owner whom a search found by name; refuses with OwnerUnknown."""
    with archive.database.read() as session:
        row = owners.by_id(session, owner_id)
    return OwnerGiven(parse_owner_number(row.number), row.name)
