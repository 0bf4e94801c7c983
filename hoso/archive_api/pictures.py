"""Pages as pictures for people, rendered in a child process."""

from io import BytesIO
from pathlib import Path

from fastapi import Response
from pdf2image import convert_from_path, pdfinfo_from_path

from hoso.dossier.tables import Page
from hoso.errors import NotArchivedYet
from hoso.ocr.reading import PageReading
from hoso.wiring import Archive

_SECONDS = 30.0
_MOST_PIXELS = 16_383  # of a side, in the WebP format; a strip of paper may be longer


def turn_of(page: Page) -> int:
    """Degrees that set a page upright, known once it was read. Needs the page's session."""
    return PageReading.from_json(page.reading).turn if page.reading else 0


def picture_of_page(archive: Archive, page: Page, *, turn: int, width: int) -> Response:
    """A scanned page, `width` pixels wide, turned so many degrees."""
    return _picture(archive, page.source, page.place, turn=turn, width=width)


def picture_of_archived(
    archive: Archive, sha256: str | None, place: int, *, width: int
) -> Response:
    """A page of an archived PDF, `width` pixels wide."""
    if sha256 is None:
        raise NotArchivedYet
    return _picture(archive, sha256, place, turn=0, width=width)


def size_of_archived(archive: Archive, sha256: str, place: int) -> tuple[float, float]:
    """Width and height, in points, of a page of an archived PDF as it is shown."""
    with archive.store.local_copy(sha256) as path:
        return archive.isolated.run(_size, path, place, timeout_seconds=_SECONDS)


def _picture(archive: Archive, sha256: str, place: int, *, turn: int, width: int) -> Response:
    with archive.store.local_copy(sha256) as path:
        webp = archive.isolated.run(_draw, path, place, turn, width, timeout_seconds=_SECONDS)
    # Content-addressed and therefore never stale; private, because it shows a person's paper.
    headers = {"Cache-Control": "private, max-age=86400"}
    return Response(webp, media_type="image/webp", headers=headers)


def _draw(path: Path, place: int, turn: int, width: int) -> bytes:
    size = (width, None) if turn % 180 == 0 else (None, width)
    image = convert_from_path(path, first_page=place, last_page=place, size=size)[0]
    drawn = BytesIO()
    image.thumbnail((_MOST_PIXELS, _MOST_PIXELS))
    image.rotate(-turn, expand=True).save(drawn, "WEBP", quality=80)
    return drawn.getvalue()


def _size(path: Path, place: int) -> tuple[float, float]:
    facts = pdfinfo_from_path(str(path), first_page=place, last_page=place)
    wide, high = facts[f"Page {place:4} size"].split(" pts")[0].split(" x ")
    turned = int(facts[f"Page {place:4} rot"]) % 180 != 0
    return (float(high), float(wide)) if turned else (float(wide), float(high))
