"""The archived copy: pages as scanned, upright and straight, with their words, as PDF/A-2b.

Scanned pictures are copied byte for byte: turning is the page's /Rotate, straightening a matrix
before its content, and the words lie invisibly over it.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
from pikepdf import Name

from hoso.imaging.geometry import Box, turn_of, visible_box
from hoso.imaging.pdf import open_pdf
from hoso.ocr import conforming, geometry
from hoso.ocr.hidden import remove_hidden_text
from hoso.ocr.pdfa import Description, save_as_pdfa
from hoso.ocr.reading import PageReading
from hoso.ocr.stamp import Stamp, put_stamp
from hoso.ocr.textlayer import FONT, glyphless_font, text_layer


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """One page of the archived copy: page `number` (from 1) of the PDF `source`, as read."""

    source: Path
    number: int
    reading: PageReading


def write_archive(
    pages: Sequence[ArchivePage],
    target: Path,
    *,
    title: str,
    identifier: str,
    source_sha256: str,
    stamp: Stamp | None = None,
) -> None:
    """Write `pages` in their order to `target` as one searchable PDF/A-2b.

    The same input gives the same bytes. With `stamp` the first page bears it where it covers
    nothing. Refuses with FileDamaged or FileEncrypted what cannot be opened.
    """
    with ExitStack() as open_files, pikepdf.new() as archive:
        binder = _Binder(archive, open_files)
        for page in pages:
            binder.add(page)
        if stamp:
            put_stamp(archive, archive.pages[0], stamp)
        save_as_pdfa(archive, target, Description(title, identifier, source_sha256))


class _Binder:
    """Puts pages of several files into one; their pictures are only read when it is saved."""

    def __init__(self, archive: pikepdf.Pdf, open_files: ExitStack) -> None:
        self._archive, self._open_files = archive, open_files
        self._sources: dict[Path, pikepdf.Pdf] = {}
        self._font: pikepdf.Object | None = None

    def add(self, entry: ArchivePage) -> None:
        """Add one page with everything that its reading says about it."""
        original = self._source(entry.source).pages.p(entry.number)
        self._archive.pages.append(original)
        page = self._archive.pages[-1]
        conforming.strip_extras(page)
        drawn = not conforming.conforms(original)
        if drawn:
            conforming.replace_by_picture(page, self._archive, entry.source, entry.number)
        elif entry.reading.words and not entry.reading.is_printed:
            remove_hidden_text(page, self._archive)
        _settle(page, entry.reading)
        if drawn or not entry.reading.is_printed:
            self._write_words(page, entry.reading)

    def _source(self, path: Path) -> pikepdf.Pdf:
        if path not in self._sources:
            pdf = self._open_files.enter_context(open_pdf(path, name=path.name))
            if any("/Annots" in page for page in pdf.pages):
                pdf.flatten_annotations("screen")  # what is filled in belongs to the page
            self._sources[path] = pdf
        return self._sources[path]

    def _write_words(self, page: pikepdf.Page, reading: PageReading) -> None:
        if not reading.words:
            return
        self._font = self._font or glyphless_font(self._archive)
        page.add_resource(self._font, Name.Font, FONT)
        box, turn = visible_box(page), turn_of(page)
        _, height = geometry.turned_size(turn, box.width, box.height)
        to_user = np.linalg.inv(geometry.as_shown(box, turn)) @ geometry.upwards(height)
        words = text_layer(reading.words, height)
        page.contents_add(f"q {geometry.operands(to_user)} cm\n".encode() + words + b"\nQ")


def _settle(page: pikepdf.Page, reading: PageReading) -> None:
    """Turn the page upright and lay it straight; its one box is what a viewer shows."""
    box, turn = visible_box(page), (turn_of(page) + reading.turn) % 360
    page.mediabox = pikepdf.Array([box.x0, box.y0, box.x1, box.y1])
    if Name.CropBox in page:
        del page[Name.CropBox]
    page[Name.Rotate] = turn
    page.contents_add(f"q {_straighten(box, turn, reading.skew)}\n".encode(), prepend=True)
    page.contents_add(b"\nQ")


def _straighten(box: Box, turn: int, skew: float) -> str:
    if not skew:
        return ""
    shown = geometry.as_shown(box, turn)
    seen = geometry.straightening(skew, *geometry.turned_size(turn, box.width, box.height))
    return f"{geometry.operands(np.linalg.inv(shown) @ seen @ shown)} cm"
