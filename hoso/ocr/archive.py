"""The archived copy: pages as scanned, upright and straight, with their words, as PDF/A-2b.

Scanned pictures are copied byte for byte: turning is the page's /Rotate, straightening a matrix
before its content, and the words lie invisibly over it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Name

from hoso.imaging.geometry import Box, turn_of, visible_box
from hoso.ocr import geometry
from hoso.ocr.binder import Binder, bound
from hoso.ocr.hidden import remove_hidden_text
from hoso.ocr.pdfa import Description, save_as_pdfa
from hoso.ocr.reading import PageReading
from hoso.ocr.stamp import Stamp, put_stamp


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
    places = [(page.source, page.number) for page in pages]
    with bound(places, target.parent) as binder:
        for page, entry in zip(binder.pdf.pages, pages, strict=True):
            if entry.reading.recognised:
                remove_hidden_text(page, binder.pdf)
        for (page, is_picture), entry in zip(binder.pages(), pages, strict=True):
            _lay_out(binder, page, entry.reading, is_picture=is_picture)
        if stamp:
            put_stamp(binder.pdf, binder.pdf.pages[0], stamp)
        save_as_pdfa(binder.pdf, target, Description(title, identifier, source_sha256))


def _lay_out(binder: Binder, page: pikepdf.Page, reading: PageReading, *, is_picture: bool) -> None:
    """Do to a page what its reading says."""
    _settle(page, reading)
    binder.write_words(page, reading.words if is_picture else reading.recognised)


def _settle(page: pikepdf.Page, reading: PageReading) -> None:
    """Turn the page upright and lay it straight; its one box is what a viewer shows."""
    box, turn = visible_box(page), (turn_of(page) + reading.turn) % 360
    page.mediabox = pikepdf.Array([box.x0, box.y0, box.x1, box.y1])
    if Name.CropBox in page:
        del page[Name.CropBox]
    page[Name.Rotate] = turn
    left_open = _states_left_open(page)
    page.contents_add(f"q {_straighten(box, turn, reading.skew)}\n".encode(), prepend=True)
    page.contents_add(b"\nQ" * (1 + left_open))


def _states_left_open(page: pikepdf.Page) -> int:
    """How many `q` lack their `Q`: sloppy scanners would move all that comes after."""
    operators = [str(instruction.operator) for instruction in pikepdf.parse_content_stream(page)]
    return max(0, operators.count("q") - operators.count("Q"))


def _straighten(box: Box, turn: int, skew: float) -> str:
    if not skew:
        return ""
    shown = geometry.as_shown(box, turn)
    seen = geometry.straightening(skew, *geometry.turned_size(turn, box.width, box.height))
    return f"{geometry.operands(geometry.chain(geometry.undo(shown), seen, shown))} cm"
