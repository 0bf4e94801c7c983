"""Pages of several files put into one, each fit for PDF/A.

qpdf binds them from file to file first: pages appended to an open PDF would have all their
pictures copied into memory.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from pikepdf import Name

from hoso.errors import FileDamaged
from hoso.imaging.geometry import turn_of, visible_box
from hoso.imaging.pdf import open_pdf
from hoso.ocr import conforming
from hoso.ocr.geometry import as_shown, chain, operands, turned_size, undo, upwards
from hoso.ocr.pdfa import is_fit, make_fit
from hoso.ocr.textlayer import FONT, glyphless_font, text_layer
from hoso.ocr.words import Word

Place = tuple[Path, int]
"""A PDF and the number of one of its pages, from 1."""


class Binder:
    """A PDF in the making, `pdf`: its pages are those at `places`, in that order."""

    def __init__(self, pdf: pikepdf.Pdf, places: Sequence[Place]) -> None:
        self.pdf, self._places = pdf, places
        self._font: pikepdf.Object | None = None

    def pages(self) -> Iterator[tuple[pikepdf.Page, bool]]:
        """Every page, made fit; also says whether only its picture could be kept.

        A picture bears no words: give them back with `write_words`.
        """
        for page in self.pdf.pages:
            conforming.strip_extras(page)
        # Many scans name a font that nothing is written with; it need not be embedded then.
        self.pdf.remove_unreferenced_resources()
        make_fit(self.pdf)
        all_fit = is_fit(self.pdf)
        for page, (source, number) in zip(self.pdf.pages, self._places, strict=True):
            # One by one only where need be: a page copied to be looked at stays in memory.
            is_picture = not (all_fit or conforming.conforms(page))
            if is_picture:
                conforming.replace_by_picture(page, self.pdf, source, number)
            yield page, is_picture

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


@contextmanager
def bound(places: Sequence[Place], folder: Path) -> Iterator[Binder]:
    """Bind the pages at `places`; what lies half done in `folder` meanwhile goes at the end.

    Save before leaving. Refuses with FileDamaged or FileEncrypted what cannot be opened.
    """
    for path in sorted({path for path, _ in places}):
        open_pdf(path, name=path.name).close()  # refuses by name what qpdf would by its own words
    with TemporaryDirectory(dir=folder, prefix=".bound-") as scratch:
        together = Path(scratch) / "together.pdf"
        _bind(places, together)
        with pikepdf.open(together) as pdf:
            for key in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
                del pdf.Root[key]
            yield Binder(pdf, places)


def _bind(places: Sequence[Place], target: Path) -> None:
    job = {
        "empty": "",
        "pages": [{"file": str(path), "range": str(number)} for path, number in places],
        "outputFile": str(target),
        "deterministicId": "",  # the first half of a file's ID stays for life
        # What was filled in or signed by hand becomes part of the page.
        "generateAppearances": "",
        "flattenAnnotations": "screen",
        "noWarn": "",
        "warningExit0": "",
    }
    try:
        pikepdf.Job(json.dumps(job)).run()
    except (pikepdf.PdfError, RuntimeError) as error:
        raise FileDamaged(name=places[0][0].name) from error
