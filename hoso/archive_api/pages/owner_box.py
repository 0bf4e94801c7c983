"""The box for a person's or organisation's number: typed, or scanned from the card's QR."""

from dataclasses import dataclass
from datetime import date

from hoso.barcode.code import CitizenCardQr, interpret
from hoso.dossier.numbers import CitizenId, OwnerNumber, parse_owner_number


@dataclass(frozen=True, slots=True)
class OwnerGiven:
    """Whom the box names. `name` stands on a scanned card only."""

    number: OwnerNumber
    name: str = ""

    @property
    def warnings(self) -> list[str]:
        """Stable codes of what is odd about a number that may still be right."""
        number = self.number
        return [found.value for found in number.warnings] if isinstance(number, CitizenId) else []


def read_owner(text: str, *, today: date) -> OwnerGiven:
    """What the box holds; refuses as `numbers` does."""
    card = interpret("QRCode", text)
    if isinstance(card, CitizenCardQr):
        return OwnerGiven(CitizenId.parse(card.citizen_id, today=today), card.full_name)
    return OwnerGiven(parse_owner_number(text, today=today))
