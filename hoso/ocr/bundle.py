"""Several PDF/A files as one: the appointment slip first, then the dossier's components."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pikepdf

from hoso.imaging.pdf import open_pdf
from hoso.ocr.conforming import strip_extras
from hoso.ocr.pdfa import Description, save_as_pdfa


def write_bundle(parts: Sequence[Path], target: Path, *, title: str, identifier: str) -> None:
    """Write all pages of `parts` (PDF/A-2b files, such as `write_archive` makes) to `target`.

    The same parts give the same bytes. Refuses with FileDamaged what cannot be opened.
    """
    with ExitStack() as open_files, pikepdf.new() as bundle:
        for part in parts:
            pdf = open_files.enter_context(open_pdf(part, name=part.name))
            bundle.pages.extend(pdf.pages)
        for page in bundle.pages:
            strip_extras(page)
        save_as_pdfa(bundle, target, Description(title, identifier))
