"""What a PDF file holds, looked at without decoding its pictures.

Bombs are told by what the file says of itself: a picture's size stands in its header, and
operators are inflated only up to a bound.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pikepdf

from hoso.errors import FileDamaged, FileUnreadable
from hoso.imaging.limits import Limits
from hoso.imaging.pdf import open_pdf

# The operators of an elaborate map take some 20 MB; a bomb of 300 kB takes 300.
_MOST_OPERATOR_BYTES: Final = 64 * 1024 * 1024
_END_MARK_WITHIN: Final = 1024
_DEEPEST_FORM: Final = 8
_DEEPEST_FIELD: Final = 16


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF brings along besides its pages."""

    pages: int
    signed: bool
    has_javascript: bool
    has_attachments: bool


def check_pdf(path: Path, *, name: str, limits: Limits) -> PdfFacts:
    """Look through a PDF.

    Refuses with FileEncrypted, FileDamaged (also when it ends too early or lost parts of
    pages), FileHasNoPages, FileTooManyPages, PageTooLarge (a page's picture), or FileUnreadable
    (operators that inflate without end).
    """
    with open_pdf(path, name=name) as pdf:
        try:
            return _facts(pdf, path, name=name, limits=limits)
        except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise FileDamaged(name=name) from error


def _facts(pdf: pikepdf.Pdf, path: Path, *, name: str, limits: Limits) -> PdfFacts:
    if _was_repaired(pdf) and not _has_end_mark(path):
        raise FileDamaged(name=name)
    limits.check_pages(len(pdf.pages), name=name)
    looked = _Look(name, limits)
    for number, page in enumerate(pdf.pages, start=1):
        looked.at_page(page, number)
    # An empty page may have no operators, but in a file in pieces they are more likely lost.
    if looked.empty_pages and _was_repaired(pdf):
        raise FileDamaged(name=name)
    return PdfFacts(
        pages=len(pdf.pages),
        signed=_is_signed(pdf.Root),
        has_javascript=looked.javascript or _has_javascript(pdf.Root),
        has_attachments=looked.attachments or _has_attachments(pdf.Root),
    )


def _was_repaired(pdf: pikepdf.Pdf) -> bool:
    """Whether qpdf had to search the file for its objects; it may find that out late."""
    return any("reconstruct" in str(warning) for warning in pdf.get_warnings())


def _has_end_mark(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_MARK_WITHIN))
        return b"%%EOF" in file.read()


class _Look:
    """Goes over the pages; what many pages share (fonts, letterheads) is looked at once."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.seen: set[tuple[int, int]] = set()
        self.javascript = False
        self.attachments = False
        self.empty_pages = False

    def at_page(self, page: pikepdf.Page, number: int) -> None:
        """Refuse the page, or note what it brings along."""
        for stream in _streams(page.obj.get("/Contents", pikepdf.Array())):
            if self.is_new(stream):
                self.at_operators(stream)
        self.empty_pages |= "/Contents" not in page.obj
        self.at_resources(page.resources, number, depth=0)
        self.javascript |= _runs_script(page.obj)
        for note in page.obj.get("/Annots", ()):
            self.javascript |= _runs_script(note)
            self.attachments |= note.get("/Subtype") == "/FileAttachment"

    def at_resources(self, resources: pikepdf.Object, number: int, *, depth: int) -> None:
        """Measure the pictures that a page or a form may draw."""
        for thing in _under(resources, "/XObject").values():
            if self.is_new(thing):
                self.at_thing(thing, number, depth=depth)

    def at_thing(self, thing: pikepdf.Object, number: int, *, depth: int) -> None:
        """Measure one picture, or what a form holds."""
        if not isinstance(thing, pikepdf.Stream):
            raise FileDamaged(name=self.name)
        if thing.get("/Subtype") == "/Image":
            pixels = int(thing.Width) * int(thing.Height)
            self.limits.check_page(pixels, name=self.name, page=number)
        elif depth < _DEEPEST_FORM:
            self.at_operators(thing)
            self.at_resources(_under(thing, "/Resources"), number, depth=depth + 1)

    def at_operators(self, stream: Any) -> None:
        """Refuse operators that were lost, or that inflate without end."""
        if not isinstance(stream, pikepdf.Stream):
            raise FileDamaged(name=self.name)
        if not _inflates_within(stream, _MOST_OPERATOR_BYTES):
            raise FileUnreadable(name=self.name)

    def is_new(self, thing: pikepdf.Object) -> bool:
        """Whether this object has not been looked at; it has been from now on."""
        key = thing.objgen
        if key in self.seen:
            return False
        if thing.is_indirect:
            self.seen.add(key)
        return True


def _streams(contents: pikepdf.Object) -> list[pikepdf.Object]:
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _under(holder: pikepdf.Object, key: str) -> pikepdf.Object:
    """The dictionary below `key`, or an empty one."""
    return holder.get(key, pikepdf.Dictionary())


def _inflates_within(stream: pikepdf.Stream, most: int) -> bool:
    """Whether the stream is at most `most` bytes long once inflated, found out in small steps."""
    named = stream.get("/Filter", pikepdf.Array())
    filters = [str(one) for one in (named if isinstance(named, pikepdf.Array) else [named])]
    if filters.count("/FlateDecode") > 1 or "/LZWDecode" in filters[1:]:
        return False  # nobody but a maker of bombs deflates twice
    raw = bytes(stream.read_raw_bytes())
    if filters != ["/FlateDecode"]:
        return len(raw) <= most
    inflating, length = zlib.decompressobj(), 0
    try:
        while raw and length <= most and not inflating.eof:
            length += len(inflating.decompress(raw, 1024 * 1024))
            raw = inflating.unconsumed_tail
    except zlib.error:
        return True  # a renderer shows what can be read of it
    return length <= most


def _runs_script(holder: pikepdf.Object) -> bool:
    """Whether an action of this page, note or catalog is JavaScript."""
    actions = [holder.get(key) for key in ("/A", "/OpenAction")]
    actions += _under(holder, "/AA").values()
    return any(
        isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/JavaScript"
        for action in actions
    )


def _has_javascript(root: pikepdf.Object) -> bool:
    return "/JavaScript" in _under(root, "/Names") or _runs_script(root)


def _has_attachments(root: pikepdf.Object) -> bool:
    return "/EmbeddedFiles" in _under(root, "/Names") or "/AF" in root


def _is_signed(root: pikepdf.Object) -> bool:
    """Whether a signature field holds a signature (an empty one waits for it)."""
    fields = _under(root, "/AcroForm").get("/Fields", ())
    return any("/V" in field for field in _signature_fields(fields, None, 0))


def _signature_fields(fields: Any, inherited: Any, depth: int) -> Iterator[pikepdf.Object]:
    for field in fields if depth < _DEEPEST_FIELD else ():
        kind = field.get("/FT", inherited)
        if kind == "/Sig":
            yield field
        yield from _signature_fields(field.get("/Kids", ()), kind, depth + 1)
