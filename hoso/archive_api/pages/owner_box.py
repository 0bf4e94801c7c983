"""The box for a person's or organisation's number: typed, or scanned from the card's QR."""

from dataclasses import dataclass
from datetime import date

from hoso.dossier import owners
from hoso.dossier.cards import Card
from hoso.dossier.numbers import (
    CitizenId,
    OldCitizenNumber,
    OwnerNumber,
    parse_owner_number,
)
from hoso.dossier.tables import Owner
from hoso.wiring import Archive

MOST_CHARACTERS = 2000
"""A card with further fields, each letter garbled into several."""


@dataclass(frozen=True, slots=True)
class OwnerGiven:
    """Whom the box names, and by which card; None where the number was typed."""

    number: OwnerNumber
    name: str = ""
    card: Card | None = None

    @property
    def old_number(self) -> OldCitizenNumber | None:
        """The number before today's, as it stands on the card."""
        return self.card.old_number if self.card else None

    @property
    def warnings(self) -> list[str]:
        """Stable codes of what is odd about a number or card that may still be right."""
        number = self.number.warnings if isinstance(self.number, CitizenId) else ()
        return [*number, *(self.card.warnings if self.card else ())]

    def differences(self, on_file: Owner | None, *, name: str) -> list[str]:
        """How the card is unlike the owner on file; unlike `name` where nobody is."""
        if self.card is None:
            return []
        known = (on_file.name, on_file.birth_date) if on_file else (name, None)
        return [*self.card.differences(*known)]


def read_owner(text: str, *, today: date) -> OwnerGiven:
    """What the box holds; refuses as `numbers` and `cards` do."""
    if "|" in text:  # no number has that, and a card's fields are kept apart by it
        card = Card.read(text, today=today)
        return OwnerGiven(card.number, card.name, card)
    return OwnerGiven(parse_owner_number(text, today=today))


def known_owner(archive: Archive, owner_id: str) -> OwnerGiven:
    """An owner whom a search found by name; refuses with OwnerUnknown."""
    with archive.database.read() as session:
        row = owners.by_id(session, owner_id)
    return OwnerGiven(parse_owner_number(row.number), row.name)
