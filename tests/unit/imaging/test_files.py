import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from hoso.errors import (
    FileDamaged,
    FileEmpty,
    FileEncrypted,
    FileHasNoPages,
    FileKindUnknown,
    FileRefused,
    FileTooLarge,
    FileTooManyPages,
    FileUnreadable,
    PageTooLarge,
)
from hoso.imaging.files import FileFacts, FileKind, Limits, inspect
from tests.unit.imaging.papers import a_picture, a_placed_picture, a_scan, saved

LIMITS = Limits(max_bytes=50_000_000, max_pages=5000, max_page_pixels=150_000_000)
FULL_PAGE = (595, 0, 0, 842, 0, 0)


def looked_at(path: Path, name: str = "", limits: Limits = LIMITS) -> FileFacts:
    return inspect(path, name=name or path.name, limits=limits)


def changed(path: Path, change: Callable[[pikepdf.Pdf], None], **saving: Any) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path, **saving)
    return path


def unchanged(pdf: pikepdf.Pdf) -> None:
    """Save as it is."""


def cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


@pytest.mark.parametrize("kind", [kind for kind in FileKind if kind is not FileKind.PDF])
def test_a_picture_is_known_by_its_content(tmp_path: Path, kind: FileKind) -> None:
    source = saved(a_picture((165, 234)), tmp_path / "scan", format=kind.value)
    assert looked_at(source) == FileFacts(kind, 1, signed=False, notices=())


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    facts = looked_at(a_scan(tmp_path / "a.pdf", pages=3))
    assert facts == FileFacts(FileKind.PDF, 3, signed=False, notices=())


def test_a_pdf_may_begin_with_a_little_of_something_else(tmp_path: Path) -> None:
    source = a_scan(tmp_path / "a.pdf")
    source.write_bytes(b"\xef\xbb\xbf\r\n" + source.read_bytes())
    assert looked_at(source).pages == 1


def test_all_pages_of_a_tiff_are_counted(tmp_path: Path) -> None:
    page = a_picture((165, 234), mode="1")
    source = saved(page, tmp_path / "a.tif", save_all=True, append_images=[page] * 4)
    assert looked_at(source).pages == 5


@pytest.mark.parametrize(
    ("name", "notices"),
    [
        ("giấy.pdf", ("file_mislabelled",)),
        ("giấy.JPG", ()),
        ("giấy", ()),
        ("giấy.docx", ("file_mislabelled",)),
    ],
)
def test_a_name_that_says_something_else_is_noticed(
    tmp_path: Path, name: str, notices: tuple[str, ...]
) -> None:
    source = saved(a_picture((165, 234)), tmp_path / "a.jpg")
    assert looked_at(source, name).notices == notices


def test_an_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    source = tmp_path / "stored"
    source.touch()
    with pytest.raises(FileEmpty) as refused:
        looked_at(source, "Giấy khai sinh.pdf")
    assert "Giấy khai sinh.pdf" in refused.value.sentence("vi")


@pytest.mark.parametrize("content", [b"PK\x03\x04word", b"GIF89a", b"\0" * 4000, b"<html>"])
def test_an_unknown_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(content)
    with pytest.raises(FileKindUnknown):
        looked_at(source)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    limits = Limits(max_bytes=1000, max_pages=10, max_page_pixels=10)
    with pytest.raises(FileTooLarge):
        looked_at(a_scan(tmp_path / "a.pdf"), limits=limits)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        (FileKind.JPEG, "RGB", {}),
        (FileKind.JPEG, "L", {"progressive": True}),
        (FileKind.PNG, "RGB", {}),
        (FileKind.WEBP, "RGB", {}),
        (FileKind.TIFF, "RGB", {}),
        (FileKind.TIFF, "1", {"compression": "group4"}),
        (FileKind.TIFF, "L", {"compression": "tiff_lzw"}),
        (FileKind.TIFF, "RGB", {"compression": "jpeg"}),
    ],
)
def test_a_picture_cut_short_is_refused(
    tmp_path: Path, kind: FileKind, mode: str, options: dict[str, Any], share: float
) -> None:
    source = saved(a_picture(mode=mode), tmp_path / "a", format=kind.value, **options)
    with pytest.raises(FileDamaged):
        looked_at(cut(source, share))


@pytest.mark.parametrize("share", [0.001, 0.3, 0.7, 0.9, 0.99, 0.9999])
@pytest.mark.parametrize(
    "saving",
    [{}, {"linearize": True}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}],
    ids=("plain", "linear", "object streams"),
)
def test_a_pdf_cut_short_is_refused(tmp_path: Path, saving: dict[str, Any], share: float) -> None:
    source = changed(a_scan(tmp_path / "a.pdf", pages=3), unchanged, **saving)
    with pytest.raises((FileDamaged, FileKindUnknown)):
        looked_at(cut(source, share))


def test_a_pdf_with_a_wrong_table_but_all_its_pages_is_taken(tmp_path: Path) -> None:
    source = a_scan(tmp_path / "a.pdf", pages=2)
    content = source.read_bytes()
    at = content.rindex(b"startxref")
    source.write_bytes(content[:at] + b"startxref\n17\n%%EOF\n")
    assert looked_at(source).pages == 2


@pytest.mark.parametrize("lost", ["/Contents", "/XObject"])
def test_a_pdf_whose_pages_lost_parts_is_refused(tmp_path: Path, lost: str) -> None:
    source = a_scan(tmp_path / "a.pdf", pages=2)
    content = source.read_bytes()
    with pikepdf.open(source) as pdf:
        page = pdf.pages[1].obj
        parts = (
            page.Contents if lost == "/Contents" else next(iter(page.Resources.XObject.values()))
        )
        number = parts.objgen[0]
    # Its number in the table of objects points at nothing any more.
    source.write_bytes(content.replace(b"\n%d 0 obj" % number, b"\n%d 0 abc" % number))
    with pytest.raises(FileDamaged):
        looked_at(source)


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    locked = pikepdf.Encryption(user="secret", owner="secret")
    source = changed(a_scan(tmp_path / "a.pdf"), unchanged, encryption=locked)
    with pytest.raises(FileEncrypted):
        looked_at(source)


def test_a_pdf_whose_owner_only_forbids_changes_is_taken(tmp_path: Path) -> None:
    guarded = pikepdf.Encryption(user="", owner="secret")
    source = changed(a_scan(tmp_path / "a.pdf"), unchanged, encryption=guarded)
    assert looked_at(source).pages == 1


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.save(tmp_path / "a.pdf")
    with pytest.raises(FileHasNoPages):
        looked_at(tmp_path / "a.pdf")


def test_ten_thousand_pages_are_refused_quickly(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        for _ in range(10_000):
            pdf.add_blank_page()
        pdf.save(tmp_path / "a.pdf")
    start = time.process_time()
    with pytest.raises(FileTooManyPages) as refused:
        looked_at(tmp_path / "a.pdf")
    assert refused.value.facts["pages"] == 10_000
    assert time.process_time() - start < 2


def a_png_header(width: int, height: int) -> bytes:
    """A PNG that claims to be this large and holds a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (
        chunk(b"IHDR", head),
        chunk(b"IDAT", zlib.compress(bytes(1000))),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_png_of_thirty_thousand_pixels_a_side_is_refused_undecoded(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(a_png_header(30_000, 30_000))
    with pytest.raises(PageTooLarge) as refused:
        looked_at(source)
    assert refused.value.facts["megapixels"] == 900


def test_a_tiff_with_one_huge_page_is_refused(tmp_path: Path) -> None:
    pages = [Image.new("1", (100, 100)), Image.new("1", (2000, 2000))]
    source = saved(
        pages[0], tmp_path / "a.tif", save_all=True, append_images=pages[1:], compression="group4"
    )
    with pytest.raises(PageTooLarge) as refused:
        looked_at(source, limits=Limits(10**9, 10, 1_000_000))
    assert refused.value.facts["page"] == 2


def test_a_pdf_with_a_huge_picture_is_refused_undecoded(tmp_path: Path) -> None:
    def grow(pdf: pikepdf.Pdf) -> None:
        picture = pdf.pages[0].resources.XObject.Im0
        picture.Width = picture.Height = 60_000

    source = a_placed_picture(tmp_path / "a.pdf", a_picture((80, 120)), matrix=FULL_PAGE)
    with pytest.raises(PageTooLarge):
        looked_at(changed(source, grow))


def test_a_huge_picture_hidden_in_a_form_is_refused(tmp_path: Path) -> None:
    def hide(pdf: pikepdf.Pdf) -> None:
        resources = pdf.pages[0].resources
        resources.XObject.Im0.Width = resources.XObject.Im0.Height = 60_000
        form = pdf.make_stream(
            b"/Im0 Do",
            Subtype=pikepdf.Name.Form,
            Resources=pikepdf.Dictionary(XObject=resources.XObject),
        )
        resources.XObject = pikepdf.Dictionary(Fm0=form)

    source = a_placed_picture(tmp_path / "a.pdf", a_picture((80, 120)), matrix=FULL_PAGE)
    with pytest.raises(PageTooLarge):
        looked_at(changed(source, hide))


def test_operators_that_inflate_without_end_are_refused(tmp_path: Path) -> None:
    squeezer, bomb = zlib.compressobj(9), bytearray()
    for _ in range(100):
        bomb += squeezer.compress(b"q " * 500_000)
    bomb += squeezer.flush()

    def plant(pdf: pikepdf.Pdf) -> None:
        contents = pdf.make_stream(b"")
        contents.write(bytes(bomb), filter=pikepdf.Name.FlateDecode)
        pdf.pages[0].obj.Contents = contents

    source = changed(a_scan(tmp_path / "a.pdf"), plant, compress_streams=False)
    assert source.stat().st_size < 500_000
    with pytest.raises(FileUnreadable):
        looked_at(source)


def test_operators_deflated_twice_are_refused(tmp_path: Path) -> None:
    def plant(pdf: pikepdf.Pdf) -> None:
        contents = pdf.make_stream(b"")
        twice = zlib.compress(zlib.compress(b"q " * 1000))
        flate = pikepdf.Name.FlateDecode
        contents.write(twice, filter=pikepdf.Array([flate, flate]))
        pdf.pages[0].obj.Contents = contents

    source = changed(
        a_scan(tmp_path / "a.pdf"),
        plant,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    with pytest.raises(FileUnreadable):
        looked_at(source)


def with_script_at_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_named_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[]))


def with_script_on_a_page(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.pages[0].obj.AA = pikepdf.Dictionary(O=action)


def with_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["bảng.txt"] = pikepdf.AttachedFileSpec.from_filepath(pdf, Path(__file__))


def with_attachment_on_a_page(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment)
    pdf.pages[0].obj.Annots = pikepdf.Array([note])


def with_signature(pdf: pikepdf.Pdf) -> None:
    signature = pikepdf.Dictionary(Type=pikepdf.Name.Sig)
    kid = pikepdf.Dictionary(V=signature)
    field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, Kids=pikepdf.Array([kid]))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))


def with_a_place_to_sign(pdf: pikepdf.Pdf) -> None:
    field = pikepdf.Dictionary(FT=pikepdf.Name.Sig)
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=1)


@pytest.mark.parametrize(
    ("change", "notices"),
    [
        (with_script_at_opening, ("has_javascript",)),
        (with_named_script, ("has_javascript",)),
        (with_script_on_a_page, ("has_javascript",)),
        (with_attachment, ("has_attachments",)),
        (with_attachment_on_a_page, ("has_attachments",)),
        (with_signature, ("is_signed",)),
        (with_a_place_to_sign, ()),
    ],
)
def test_what_a_pdf_brings_along_is_noticed(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None], notices: tuple[str, ...]
) -> None:
    facts = looked_at(changed(a_scan(tmp_path / "a.pdf"), change))
    assert facts.notices == notices
    assert facts.signed is ("is_signed" in notices)


def test_a_form_tree_that_is_its_own_child_comes_to_an_end(tmp_path: Path) -> None:
    def tie(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Tx))
        field.Kids = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))

    assert not looked_at(changed(a_scan(tmp_path / "a.pdf"), tie)).signed


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n%%EOF\n",
        b"II*\0\x08\0\0\0",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x10\0\0\0WEBPVP8 ",
    ],
)
def test_a_file_that_is_only_a_beginning_is_refused(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "a"
    source.write_bytes(content)
    with pytest.raises(FileRefused):
        looked_at(source)
