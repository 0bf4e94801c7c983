import subprocess
from dataclasses import replace
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pytest
from PIL import Image

from hoso.imaging.page import PageImage
from hoso.imaging.pages import load_page
from hoso.imaging.skew import ink_map, measure_skew
from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
from tests.paper.scoring import character_error
from tests.unit.ocr import scans
from tests.unit.ocr.scans import a_reading, a_scan, failures, shown_images

NAMES = {"title": "Giấy khai sinh & <bản sao>", "identifier": scans.CODE}
SHA = "ab" * 32


def archived(source: Path, reading: PageReading, *, pages: int = 1) -> Path:
    target = source.with_name("archived.pdf")
    entries = [ArchivePage(source, number + 1, reading) for number in range(pages)]
    write_archive(entries, target, source_sha256=SHA, **NAMES)
    return target


def text_in(pdf: Path) -> str:
    found = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True)
    return found.stdout.decode()


@pytest.fixture(scope="module")
def kept(
    skewed: tuple[Path, PageReading], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, PageReading]:
    """Source, archived copy and reading of a page fed on its side and askew."""
    source, reading = skewed
    target = tmp_path_factory.mktemp("archive") / "archived.pdf"
    write_archive([ArchivePage(source, 1, reading)], target, source_sha256=SHA, **NAMES)
    return source, target, reading


def test_the_archived_copy_is_pdf_a(kept: tuple[Path, Path, PageReading]) -> None:
    assert failures(kept[1]) == []
    subprocess.run(["qpdf", "--check", kept[1]], check=True, capture_output=True)


def test_the_scanners_picture_is_copied_byte_for_byte(
    kept: tuple[Path, Path, PageReading],
) -> None:
    source, target, _ = kept
    assert shown_images(target) == shown_images(source)


def test_the_words_are_found_and_copied_in_their_order(
    kept: tuple[Path, Path, PageReading],
) -> None:
    _, target, reading = kept
    assert character_error(reading.text, text_in(target)) < 0.02


def test_the_page_is_shown_upright_and_straight(kept: tuple[Path, Path, PageReading]) -> None:
    _, target, _ = kept
    picture = load_page(target, 1, dpi=100)
    assert picture.rotate == 270
    upright = np.ascontiguousarray(np.rot90(picture.image.pixels, -picture.rotate // 90))
    grey = np.asarray(Image.fromarray(upright).convert("L"), np.uint8)
    assert abs(measure_skew(ink_map(grey, picture.image.dpi, without=[]))) <= 0.13


def test_every_word_lies_over_its_ink(kept: tuple[Path, Path, PageReading]) -> None:
    _, target, reading = kept
    loaded = load_page(target, 1, dpi=100)
    image = PageImage(np.ascontiguousarray(np.rot90(loaded.image.pixels, 1)), loaded.image.dpi)
    dark = np.asarray(Image.fromarray(image.pixels).convert("L")) < 140
    scale = image.dpi / 72
    long_words = [word for word in reading.words if len(word.text) >= 4]
    on_ink = [
        dark[
            int(word.y * scale) : int((word.y + word.height) * scale),
            int(word.x * scale) : int((word.x + word.width) * scale),
        ].mean()
        > 0.05
        for word in long_words
    ]
    assert np.mean(on_ink) > 0.97


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_words_lie_where_they_are_seen_whatever_the_boxes_and_turns(
    rotate: int, tmp_path: Path
) -> None:
    source = scans.a_picture_pdf(tmp_path / "scan.pdf", scans.white())
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        (page,) = pdf.pages
        page.mediabox = pikepdf.Array([-20, -30, 640, 900])
        page.obj.CropBox = pikepdf.Array([40, 50, 540, 750])
        page.obj.Rotate = rotate
        pdf.save()
    target = archived(source, a_reading("Đường", "Lê", at=(100, 120)))
    box = subprocess.run(["pdftotext", "-bbox", target, "-"], capture_output=True, check=True)
    assert 'xMin="100.000000" yMin="120' in box.stdout.decode()
    assert ">Đường<" in box.stdout.decode()


def test_the_file_says_what_it_is(kept: tuple[Path, Path, PageReading]) -> None:
    with pikepdf.open(kept[1]) as pdf:
        xmp = pdf.open_metadata()
        assert xmp["dc:title"] == NAMES["title"] == str(pdf.docinfo.Title)
        assert xmp["dc:identifier"] == scans.CODE
        assert xmp["dc:source"] == f"sha256:{SHA}"


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    source = a_scan(tmp_path / "scan.pdf", pages=2)
    first = archived(source, a_reading("chữ"), pages=2).read_bytes()
    assert archived(source, a_reading("chữ"), pages=2).read_bytes() == first


def test_pages_of_several_files_are_bound_in_the_order_given(tmp_path: Path) -> None:
    red, green = (scans.white(100, 100), scans.white(100, 100))
    red[:], green[:] = (0, 0, 255), (0, 255, 0)
    one = scans.a_picture_pdf(tmp_path / "one.pdf", red)
    two = scans.a_picture_pdf(tmp_path / "two.pdf", green)
    entries = [ArchivePage(path, 1, a_reading()) for path in (two, one, two)]
    write_archive(entries, tmp_path / "out.pdf", source_sha256=SHA, **NAMES)
    pictures = [shown_images(path)[0] for path in (two, one, two)]
    assert shown_images(tmp_path / "out.pdf") == pictures


@pytest.mark.parametrize("kind", ["ccitt", "deflated"])
def test_other_compressions_are_copied_untouched_too(kind: str, tmp_path: Path) -> None:
    picture = Image.fromarray(scans.PAPER.pages[0][::4, ::4])
    name = tmp_path / ("page.tif" if kind == "ccitt" else "page.png")
    if kind == "ccitt":
        picture.convert("1").save(name, compression="group4", dpi=(75, 75))
    else:
        picture.save(name, dpi=(75, 75))
    source = tmp_path / "scan.pdf"
    source.write_bytes(img2pdf.convert(name))
    target = archived(source, a_reading("chữ", skew=1.0))
    assert shown_images(target) == shown_images(source)
    assert failures(target) == []


def test_what_pdf_a_forbids_is_taken_off(tmp_path: Path) -> None:
    source = a_scan(tmp_path / "scan.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")
        pdf.Root.OpenAction = script
        pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        next(iter(pdf.pages[0].get_images().values())).Interpolate = True
        pdf.attachments["macro.exe"] = b"MZ"
        pdf.save(encryption=pikepdf.Encryption(owner="secret", user=""))
    target = archived(source, a_reading("chữ"))
    assert failures(target) == []
    assert b"JavaScript" not in target.read_bytes()
    assert b"macro.exe" not in target.read_bytes()


def test_a_page_whose_fonts_are_missing_is_kept_as_its_picture_with_its_words(
    tmp_path: Path,
) -> None:
    source = tmp_path / "letter.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 200))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.F1)
        page.contents_add(b"BT /F1 24 Tf 50 100 Td (Chao ban) Tj ET")
        pdf.save(source)
    engine = scans.ToldEngine(lambda *_: pytest.fail("nothing is to be recognised"))
    reading = read_page(source, 1, load_page(source, 1), engine=engine, timeout_seconds=1)
    target = archived(source, reading)
    assert failures(target) == []
    assert text_in(target).split() == ["Chao", "ban"]
    assert len(shown_images(target)) == 1


def test_a_born_digital_page_stays_as_it_is(tmp_path: Path) -> None:
    source = scans.a_typeset_pdf("Đơn đề nghị", tmp_path)
    reading = replace(a_reading("Đơn", "đề", "nghị"), engine="pdf")
    target = archived(source, reading)
    assert failures(target) == []
    assert shown_images(target) == []
    assert text_in(target).split() == ["Đơn", "đề", "nghị"]


def test_an_invisible_layer_of_another_program_gives_way_to_ours(tmp_path: Path) -> None:
    once = archived(a_scan(tmp_path / "scan.pdf"), a_reading("cũ", "kỹ"))
    source = once.rename(tmp_path / "with-text.pdf")
    target = archived(source, a_reading("mới"))
    assert text_in(target).split() == ["mới"]
    assert failures(target) == []


def test_an_invisible_layer_inside_a_form_gives_way_too(tmp_path: Path) -> None:
    once = archived(a_scan(tmp_path / "scan.pdf"), a_reading("cũ", "kỹ"))
    source = once.rename(tmp_path / "with-text.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        (page,) = pdf.pages
        page.contents_coalesce()
        form = pdf.make_stream(page.Contents.read_bytes(), Subtype=pikepdf.Name.Form)
        form.BBox, form.Resources = page.mediabox, page.resources
        page.obj.Resources = pikepdf.Dictionary()
        name = page.add_resource(form, pikepdf.Name.XObject)
        page.obj.Contents = pdf.make_stream(f"q {name} Do Q".encode())
        pdf.save()
    assert text_in(source).split() == ["cũ", "kỹ"]
    target = archived(source, a_reading("mới"))
    assert text_in(target).split() == ["mới"]
    assert failures(target) == []


def test_a_photograph_that_pdf_a_has_no_colours_for_stays_small(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(100, 255, (1169, 827, 4), np.uint8)
    Image.fromarray(noise, "CMYK").save(tmp_path / "a.jpg", dpi=(100, 100), quality=90)
    source = tmp_path / "scan.pdf"
    source.write_bytes(img2pdf.convert(str(tmp_path / "a.jpg")))
    target = archived(source, a_reading("chữ"))
    assert failures(target) == []
    assert target.stat().st_size < source.stat().st_size


def test_what_was_filled_in_stays_visible(tmp_path: Path) -> None:
    source = scans.a_picture_pdf(tmp_path / "form.pdf", scans.white())
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        look = pdf.make_stream(b"0 0 1 rg 0 0 100 50 re f")
        look.stream_dict.Subtype, look.stream_dict.BBox = pikepdf.Name.Form, [0, 0, 100, 50]
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=[100, 100, 200, 150],
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])
        pdf.save()
    target = archived(source, a_reading())
    loaded = load_page(target, 1, dpi=72)
    assert tuple(loaded.image.pixels[-125, 150]) == (255, 0, 0)
    assert failures(target) == []


def test_a_failed_page_is_archived_as_it_came(tmp_path: Path) -> None:
    source = a_scan(tmp_path / "scan.pdf", turn=90)
    target = archived(source, PageReading.unread("ocr_timed_out", "told"))
    assert shown_images(target) == shown_images(source)
    assert not text_in(target).strip()
    assert failures(target) == []


def test_a_scanner_that_leaves_its_state_open_moves_no_word(tmp_path: Path) -> None:
    source = scans.a_picture_pdf(tmp_path / "scan.pdf", scans.white())
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"q 2 0 0 2 0 0 cm")
        pdf.save()
    target = archived(source, a_reading("Đường", at=(100, 120)))
    box = subprocess.run(["pdftotext", "-bbox", target, "-"], capture_output=True, check=True)
    assert 'xMin="100.000000" yMin="120' in box.stdout.decode()
    assert failures(target) == []
