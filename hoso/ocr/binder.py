"""Pages of several files put into one, each fit for PDF/A."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pikepdf
from pikepdf import Name

from hoso.imaging.geometry import turn_of, visible_box
from hoso.imaging.pdf import open_pdf
from hoso.ocr import conforming
from hoso.ocr.geometry import as_shown, chain, operands, turned_size, undo, upwards
from hoso.ocr.textlayer import FONT, glyphless_font, text_layer
from hoso.ocr.words import Word


class Binder:
    """A PDF in the making, `pdf`. Pictures of its pages are only read when it is saved.

    The sources stay open until the binder is left: save before.
    """

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self._open_files = ExitStack()
        self._sources: dict[Path, pikepdf.Pdf] = {}
        self._font: pikepdf.Object | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pdf.close()
        self._open_files.close()

    def source(self, path: Path) -> pikepdf.Pdf:
        """A source, opened once, what was filled in or signed on its pages made part of them."""
        if path not in self._sources:
            pdf = self._open_files.enter_context(open_pdf(path, name=path.name))
            if any("/Annots" in page for page in pdf.pages):
                pdf.flatten_annotations("screen")
            self._sources[path] = pdf
        return self._sources[path]

    def add(self, source: Path, number: int) -> tuple[pikepdf.Page, bool]:
        """Add page `number` (from 1) of `source`; also says whether only its picture could be.

        A picture bears no words: give them back with `write_words`.
        """
        original = self.source(source).pages.p(number)
        self.pdf.pages.append(original)
        page = self.pdf.pages[-1]
        conforming.strip_extras(page)
        if conforming.conforms(original):
            return page, False
        conforming.replace_by_picture(page, self.pdf, source, number)
        return page, True

    def write_words(self, page: pikepdf.Page, words: Sequence[Word]) -> None:
        """Lay words invisibly over the page as it is shown now."""
        if not words:
            return
        self._font = self._font or glyphless_font(self.pdf)
        page.add_resource(self._font, Name.Font, FONT)
        box, turn = visible_box(page), turn_of(page)
        _, height = turned_size(turn, box.width, box.height)
        to_user = chain(undo(as_shown(box, turn)), upwards(height))
        layer = text_layer(words, height)
        page.contents_add(f"q {operands(to_user)} cm\n".encode() + layer + b"\nQ")
