"""Several PDF/A files as one: the appointment slip first, then the dossier's components."""

from collections.abc import Sequence
from pathlib import Path

from hoso.imaging.pages import count_pages
from hoso.ocr.binder import bound
from hoso.ocr.pdfa import Description, save_as_pdfa
from hoso.ocr.printed import printed_words


def write_bundle(parts: Sequence[Path], target: Path, *, title: str, identifier: str) -> None:
    """Write all pages of `parts` to `target` as one PDF/A-2b.

    Parts that are PDF/A already (slips, what `write_archive` makes) keep their pages as they
    are; others, such as signed originals, are made fit. The same parts give the same bytes.
    Refuses with FileDamaged or FileEncrypted what cannot be opened.
    """
    places = [(part, number) for part in parts for number in range(1, count_pages(part) + 1)]
    with bound(places, target.parent) as binder:
        for (page, is_picture), place in zip(binder.pages(), places, strict=True):
            if is_picture:
                binder.write_words(page, printed_words(*place))
        save_as_pdfa(binder.pdf, target, Description(title, identifier))
