"""Papers as a page shows them: a component with its title and the pictures of its pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from hoso.dossier.catalogue import Catalogue
from hoso.dossier.tables import Component

_API = "/api/v1"
_SMALL, _LARGE = 240, 1400


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture in two sizes; asking for one is noted with its purpose."""

    number: int
    small: str
    large: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A component to be shown. `pictures` are of the archived copy once there is one."""

    row: Component
    title: str
    pictures: list[Picture]

    @property
    def text(self) -> str:
        """What was read, page after page."""
        return "\n\n".join(entry.page.text for entry in self.row.pages if entry.page.text)


def paper(catalogue: Catalogue, row: Component, *, purpose: str) -> Paper:
    """A component as it is looked at for that purpose. Needs an open session."""
    numbers = range(1, len(row.pages) + 1)
    places = [entry.page.place for entry in row.pages]
    if row.archived:
        pictures = [_archived(row, number, purpose) for number in numbers]
    else:
        scanned = zip(numbers, places, strict=True)
        pictures = [scan_picture(row.batch_id, place, number=number) for number, place in scanned]
    return Paper(row, paper_title(catalogue, row.type), pictures)


def papers(catalogue: Catalogue, rows: Iterable[Component], *, purpose: str) -> dict[str, Paper]:
    """Papers by their component's id."""
    return {row.id: paper(catalogue, row, purpose=purpose) for row in rows}


def paper_title(catalogue: Catalogue, type_key: str) -> str:
    """A kind's title; its key where it has left the catalogue."""
    kind = catalogue.component_types.get(type_key)
    return kind.title if kind else type_key


def scan_picture(batch_id: str, place: int, *, number: int | None = None) -> Picture:
    """A page of a batch as it was scanned."""
    address = f"{_API}/scans/{batch_id}/pages/{place}.webp?width="
    return Picture(number or place, f"{address}{_SMALL}", f"{address}{_LARGE}")


def _archived(row: Component, number: int, purpose: str) -> Picture:
    address = f"{_API}/components/{row.id}/pages/{number}.webp?purpose={quote(purpose)}&width="
    return Picture(number, f"{address}{_SMALL}", f"{address}{_LARGE}")
