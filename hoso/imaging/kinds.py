"""The kinds of files taken in, told by what they hold and never by their names."""

from enum import Enum
from pathlib import Path, PurePath

# A PDF may begin with a little of something else; readers look this far.
_PDF_HEADER_WITHIN = 1024


class FileKind(Enum):
    """What a file really is."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


_ENDINGS = {
    FileKind.PDF: {".pdf"},
    FileKind.TIFF: {".tif", ".tiff"},
    FileKind.JPEG: {".jpg", ".jpeg", ".jpe", ".jfif"},
    FileKind.PNG: {".png"},
    FileKind.WEBP: {".webp"},
}
_STARTS = {
    b"II*\0": FileKind.TIFF,
    b"MM\0*": FileKind.TIFF,
    b"II+\0": FileKind.TIFF,
    b"MM\0+": FileKind.TIFF,
    b"\xff\xd8\xff": FileKind.JPEG,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
}


def kind_of(path: Path) -> FileKind | None:
    """What the file's first bytes say that it is; None: nothing we take in."""
    with path.open("rb") as file:
        start = file.read(_PDF_HEADER_WITHIN)
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return FileKind.WEBP
    named = (kind for magic, kind in _STARTS.items() if start.startswith(magic))
    return next(named, FileKind.PDF if b"%PDF-" in start else None)


def is_mislabelled(name: str, kind: FileKind) -> bool:
    """Whether the name's ending promises something else; a name without ending promises nothing."""
    ending = PurePath(name).suffix.lower()
    return bool(ending) and ending not in _ENDINGS[kind]
