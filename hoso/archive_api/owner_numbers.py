"""Whom a request's body names: by a citizen id (or an old one), a tax code or a card, just one."""

from datetime import date

from hoso.archive_api.models import DossierGiven
from hoso.dossier.cards import Card
from hoso.dossier.numbers import CitizenId, OwnerNumber, TaxCode, parse_person_number
from hoso.dossier.tables import Owner
from hoso.errors import RequestMalformed
from hoso.text import fold


def owner_number(citizen_id: str | None, tax_code: str | None, *, today: date) -> OwnerNumber:
    """The number that was given. Refuses none and both."""
    if citizen_id and not tax_code:
        return parse_person_number(citizen_id, today=today)
    if tax_code and not citizen_id:
        return TaxCode.parse(tax_code)
    raise RequestMalformed(what="citizen_id | tax_code")


def owner_given(given: DossierGiven, *, today: date) -> tuple[OwnerNumber, Card | None]:
    """The number that was given, and the card it was on. Refuses none and several."""
    if not given.card:
        return owner_number(given.citizen_id, given.tax_code, today=today), None
    if given.citizen_id or given.tax_code:
        raise RequestMalformed(what="citizen_id | tax_code | card")
    card = Card.read(given.card, today=today)
    return card.number, card


def card_warnings(card: Card | None, on_file: Owner | None, *, name: str) -> list[str]:
    """What is odd about a card, also beside the owner on file; `name` is whom it makes if unknown.

    Asked before the card is kept: it may change what is on file.
    """
    if card is None:
        return []
    known = (on_file.name, on_file.birth_date) if on_file else (name, None)
    return [*card.warnings, *card.differences(*known)]


def name_warnings(given: str, owner: Owner) -> list[str]:
    """A warning where the number's owner is on file under another name: a digit may be wrong."""
    return [] if fold(given) == fold(owner.name) else ["owner_name_differs"]


def warnings_of(number: OwnerNumber) -> list[str]:
    """Stable codes of what is odd about a number that may still be right."""
    return [warning.value for warning in number.warnings] if isinstance(number, CitizenId) else []
