"""The number in a request's body: a citizen id (or an old one) or a tax code, exactly one."""

from datetime import date

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


def name_warnings(given: str, owner: Owner) -> list[str]:
    """A warning where the number's owner is on file under another name: a digit may be wrong."""
    return [] if fold(given) == fold(owner.name) else ["owner_name_differs"]


def warnings_of(number: OwnerNumber) -> list[str]:
    """Stable codes of what is odd about a number that may still be right."""
    return [warning.value for warning in number.warnings] if isinstance(number, CitizenId) else []
