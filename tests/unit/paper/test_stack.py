from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageSequence

from tests.paper.optics import jpeg
from tests.paper.stack import ScanPage, write_jpeg, write_pdf, write_tiff


def a_page(dpi: int, *, grey: bool = False) -> ScanPage:
    shape = (round(11.69 * dpi), round(8.27 * dpi))
    pixels = np.full(shape if grey else (*shape, 3), 250, np.uint8)
    pixels[dpi : dpi + 40, dpi : 3 * dpi] = 30 if grey else (30, 30, 200)
    return ScanPage(pixels, dpi, 80)


PAGES = (a_page(100), a_page(75, grey=True))


def test_a_pdf_holds_the_scanners_own_jpegs(tmp_path: Path) -> None:
    write_pdf(PAGES, tmp_path / "stack.pdf")
    with pikepdf.open(tmp_path / "stack.pdf") as pdf:
        for page, scanned in zip(pdf.pages, PAGES, strict=True):
            (image,) = page.get_images().values()
            assert image.Filter == pikepdf.Name.DCTDecode
            assert image.ColorSpace == ("/DeviceRGB" if scanned.pixels.ndim == 3 else "/DeviceGray")
            # All but the header, which learns the resolution.
            assert image.read_raw_bytes()[18:] == jpeg(scanned.pixels, 80)[18:]
            width, height = (float(side) for side in page.mediabox[2:])
            assert width == pytest.approx(scanned.image.width / scanned.dpi * 72, abs=0.1)
            assert height == pytest.approx(scanned.image.height / scanned.dpi * 72, abs=0.1)


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        write_pdf(PAGES, tmp_path / name)
    one, other = ((tmp_path / name).read_bytes() for name in ("one.pdf", "two.pdf"))
    assert one == other
    assert b"Date" not in one


def test_a_tiff_keeps_every_pages_own_resolution_and_colour(tmp_path: Path) -> None:
    write_tiff(PAGES, tmp_path / "stack.tif")
    with Image.open(tmp_path / "stack.tif") as tiff:
        frames = [(frame.mode, frame.info["dpi"][0]) for frame in ImageSequence.Iterator(tiff)]
        assert frames == [("RGB", 100), ("L", 75)]
        tiff.seek(0)
        assert tiff.getpixel((150, 110)) == (200, 30, 30)


def test_a_fax_tiff_is_bilevel(tmp_path: Path) -> None:
    write_tiff(PAGES, tmp_path / "fax.tif", compression="group4")
    with Image.open(tmp_path / "fax.tif") as tiff:
        assert [frame.mode for frame in ImageSequence.Iterator(tiff)] == ["1", "1"]


def test_a_bilevel_page_goes_into_the_pdf_as_ccitt(tmp_path: Path) -> None:
    black_or_white = np.where(a_page(100, grey=True).pixels < 128, 0, 255).astype(np.uint8)
    write_pdf([ScanPage(black_or_white, 100, bilevel=True)], tmp_path / "copy.pdf")
    with pikepdf.open(tmp_path / "copy.pdf") as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert image.Filter in (pikepdf.Name.CCITTFaxDecode, [pikepdf.Name.CCITTFaxDecode])
        assert isinstance(image, pikepdf.Stream)
        drawn = pikepdf.PdfImage(image).as_pil_image().convert("L")
        assert np.array_equal(np.asarray(drawn), black_or_white)


@pytest.mark.parametrize("claimed", [None, 72])
def test_a_phones_picture_says_nothing_true_of_its_resolution(
    claimed: int | None, tmp_path: Path
) -> None:
    write_jpeg(PAGES[0], tmp_path / "photo.jpg", claimed_dpi=claimed)
    with Image.open(tmp_path / "photo.jpg") as picture:
        assert picture.info.get("dpi") == (None if claimed is None else (claimed, claimed))
        assert picture.size == (PAGES[0].image.width, PAGES[0].image.height)
