"""What the last child of `bare` does: the pages and their words, kept on the disk, as one file."""

from collections.abc import Sequence
from pathlib import Path
from typing import overload

from hoso.imaging.pages import count_pages
from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.reading import PageReading


class _Pages(Sequence[ArchivePage]):
    """The pages of a PDF with their readings; each is taken from the disk when asked for."""

    def __init__(self, pdf: Path, readings: Path) -> None:
        self._pdf, self._readings, self._count = pdf, readings, count_pages(pdf)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> ArchivePage: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ArchivePage]: ...
    def __getitem__(self, place: int | slice) -> ArchivePage | Sequence[ArchivePage]:
        places = range(self._count)[place]
        return self._page(places) if isinstance(places, int) else [*map(self._page, places)]

    def _page(self, place: int) -> ArchivePage:
        reading = (self._readings / str(place + 1)).read_text(encoding="utf-8")
        return ArchivePage(self._pdf, place + 1, PageReading.from_json(reading))


def write(pdf: Path, readings: Path, target: Path, title: str, sha256: str) -> None:
    """Write the searchable PDF/A; `readings` holds that of page n as JSON, in the file `n`."""
    pages = _Pages(pdf, readings)
    write_archive(pages, target, title=title, identifier=sha256, source_sha256=sha256)
