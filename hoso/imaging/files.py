"""A file looked at before it is let in: what it is, how many pages, what it brings along."""

from dataclasses import dataclass
from pathlib import Path

from hoso.errors import FileEmpty, FileKindUnknown
from hoso.imaging.kinds import FileKind, is_mislabelled, kind_of
from hoso.imaging.limits import Limits
from hoso.imaging.pdf_file import PdfFacts, check_pdf
from hoso.imaging.pictures import check_picture

__all__ = ["FileFacts", "FileKind", "Limits", "inspect"]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file that may come in holds.

    `notices` are stable codes of what a clerk may want to know, none of them a reason to
    refuse: `file_mislabelled` (its name's ending says something else), `has_javascript`,
    `has_attachments` (both are left out of the archived PDF), `is_signed` (the original must
    stay as it is).
    """

    kind: FileKind
    pages: int
    signed: bool
    notices: tuple[str, ...]


def inspect(path: Path, *, name: str, limits: Limits) -> FileFacts:
    """Look at the file `path`, which its sender calls `name`.

    Refuses with a FileRefused that says what to do. Pictures are decoded once, so this belongs
    into a child process with limited memory (`isolation`), as does everything that opens files
    of strangers.
    """
    size = path.stat().st_size
    if not size:
        raise FileEmpty(name=name)
    limits.check_size(size, name=name)
    kind = kind_of(path)
    if kind is None:
        raise FileKindUnknown(name=name)
    if kind is FileKind.PDF:
        facts = check_pdf(path, name=name, limits=limits)
    else:
        pages = check_picture(path, kind, name=name, limits=limits)
        facts = PdfFacts(pages, signed=False, has_javascript=False, has_attachments=False)
    return FileFacts(kind, facts.pages, facts.signed, _notices(name, kind, facts))


def _notices(name: str, kind: FileKind, facts: PdfFacts) -> tuple[str, ...]:
    found = {
        "file_mislabelled": is_mislabelled(name, kind),
        "has_javascript": facts.has_javascript,
        "has_attachments": facts.has_attachments,
        "is_signed": facts.signed,
    }
    return tuple(code for code, holds in found.items() if holds)
