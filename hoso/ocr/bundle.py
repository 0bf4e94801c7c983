"""Several PDF/A files as one: the appointment slip first, then the dossier's components."""

from collections.abc import Sequence
from pathlib import Path

from hoso.ocr.binder import Binder
from hoso.ocr.pdfa import Description, save_as_pdfa
from hoso.ocr.printed import printed_words


def write_bundle(parts: Sequence[Path], target: Path, *, title: str, identifier: str) -> None:
    """Write all pages of `parts` to `target` as one PDF/A-2b.

    Parts that are PDF/A already (slips, what `write_archive` makes) keep their pages as they
    are; others, such as signed originals, are made fit. The same parts give the same bytes.
    Refuses with FileDamaged or FileEncrypted what cannot be opened.
    """
    with Binder() as binder:
        for part in parts:
            for number in range(1, len(binder.source(part).pages) + 1):
                page, is_picture = binder.add(part, number)
                if is_picture:
                    binder.write_words(page, printed_words(part, number))
        save_as_pdfa(binder.pdf, target, Description(title, identifier))
