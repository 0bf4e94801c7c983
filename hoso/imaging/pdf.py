"""PDF files opened once: working page by page must not parse a thousand pages a thousand times."""

import threading
from pathlib import Path

import pikepdf

from hoso.errors import FileDamaged, FileEncrypted

# One per thread: qpdf's objects may not be shared between threads.
_last = threading.local()


def opened(path: Path) -> pikepdf.Pdf:
    """The PDF at `path`, kept open until this thread asks for another one.

    Do not close it. A file that changed since is opened anew. Refuses with FileEncrypted
    or FileDamaged.
    """
    facts = path.stat()
    key = (path, facts.st_ino, facts.st_size, facts.st_mtime_ns)
    if getattr(_last, "key", None) != key:
        forget()
        _last.pdf = open_pdf(path, name=path.name)
        _last.key = key
    pdf: pikepdf.Pdf = _last.pdf
    return pdf


def forget() -> None:
    """Close what `opened` kept in this thread."""
    if pdf := getattr(_last, "pdf", None):
        pdf.close()
    _last.__dict__.clear()


def open_pdf(path: Path, *, name: str) -> pikepdf.Pdf:
    """Open a PDF for reading; `name` is what a refusal calls it.

    A file that the empty password opens is as good as an open one: its owner only forbade
    changes. Refuses with FileEncrypted or FileDamaged.
    """
    try:
        return pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise FileEncrypted(name=name) from error
    except pikepdf.PdfError as error:
        raise FileDamaged(name=name) from error
