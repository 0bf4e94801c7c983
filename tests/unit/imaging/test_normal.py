import io
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from hoso.errors import FileDamaged
from hoso.imaging.files import FileKind
from hoso.imaging.normal import as_pdf, paper_size
from hoso.imaging.pages import count_pages, load_page
from tests.unit.imaging.papers import a_picture, a_scan, middle_of_red, saved

A4_POINTS = (595.3, 841.9)


def wrapped(source: Path, kind: FileKind) -> Path:
    target = source.with_suffix(".wrapped.pdf")
    as_pdf(source, kind, target)
    return target


def first_stream(pdf: Path) -> bytes:
    with pikepdf.open(pdf) as opened:
        (picture,) = opened.pages[0].resources.XObject.values()
        return bytes(picture.read_raw_bytes())


def test_a_pdf_stays_itself(tmp_path: Path) -> None:
    source = a_scan(tmp_path / "a.pdf")
    assert wrapped(source, FileKind.PDF).read_bytes() == source.read_bytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_the_bytes_of_a_jpeg_are_kept(tmp_path: Path, mode: str) -> None:
    source = saved(a_picture(mode=mode), tmp_path / "a.jpg", dpi=(100, 100))
    assert first_stream(wrapped(source, FileKind.JPEG)) == source.read_bytes()


@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        ("1", FileKind.PNG, {}),
        ("L", FileKind.PNG, {}),
        ("P", FileKind.PNG, {}),
        ("RGB", FileKind.PNG, {}),
        ("RGB", FileKind.WEBP, {"lossless": True}),
        ("1", FileKind.TIFF, {"compression": "group4"}),
        ("1", FileKind.TIFF, {"compression": "packbits"}),
        ("L", FileKind.TIFF, {"compression": "tiff_lzw"}),
        ("RGB", FileKind.TIFF, {}),
        ("P", FileKind.TIFF, {}),
    ],
)
def test_pixels_are_kept_exactly(
    tmp_path: Path, mode: str, kind: FileKind, options: dict[str, Any]
) -> None:
    picture = a_picture(mode=mode)
    source = saved(picture, tmp_path / "a", format=kind.value, dpi=(100, 100), **options)
    pixels = load_page(wrapped(source, kind), 1).image.pixels
    expected = np.asarray(picture.convert("L" if mode in {"1", "L"} else "RGB"))
    assert np.array_equal(pixels if pixels.ndim == 2 else pixels[:, :, ::-1], expected)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("rows", [16, 128, 1600])
def test_the_jpeg_in_a_tiff_is_not_encoded_again(tmp_path: Path, mode: str, rows: int) -> None:
    source = a_copiers_tiff(tmp_path / "a.tif", a_picture(mode=mode), rows)
    pdf = wrapped(source, FileKind.TIFF)
    assert first_stream(pdf)[:2] == b"\xff\xd8"
    assert pdf.stat().st_size < 1.02 * source.stat().st_size + 1000
    page = load_page(pdf, 1)
    assert page.image.dpi == pytest.approx(100, abs=0.1)
    shown = page.image.pixels if mode == "L" else page.image.pixels[:, :, ::-1]
    with Image.open(source) as tiff:
        apart = np.abs(shown.astype(int) - np.asarray(tiff.convert(mode)))
    assert apart.mean() < 0.5  # two decoders round in their own ways


def test_a_jpeg_in_a_tiff_whose_colours_jpeg_files_do_not_have_is_decoded(tmp_path: Path) -> None:
    source = saved(a_picture(), tmp_path / "a.tif", compression="jpeg")  # RGB, not YCbCr
    with Image.open(source) as tiff:
        expected = np.asarray(tiff)[:, :, ::-1]
    assert np.array_equal(load_page(wrapped(source, FileKind.TIFF), 1).image.pixels, expected)


def a_copiers_tiff(path: Path, picture: Image.Image, rows: int) -> Path:
    """JPEG strips as copiers write them: colours as YCbCr, halved (Pillow can only do RGB)."""
    coloured, strips = picture.mode == "RGB", []
    halved = {"subsampling": "4:2:0"} if coloured else {}
    for top in range(0, picture.height, rows):
        held = io.BytesIO()
        box = (0, top, picture.width, min(top + rows, picture.height))
        picture.crop(box).save(held, "JPEG", quality=75, **halved)
        strips.append(held.getvalue())
    count = len(strips)
    body = struct.pack("<HHHII", 8, 8, 8, 100, 1) + b"".join(strips)
    starts = [22 + sum(map(len, strips[:place])) for place in range(count)]
    tables = 8 + len(body)  # where the strips' places and lengths are listed
    listed = struct.pack(f"<{2 * count}I", *starts, *map(len, strips))
    one = count == 1
    tags = [
        (256, 4, 1, picture.width), (257, 4, 1, picture.height),
        (258, 3, 3, 8) if coloured else (258, 3, 1, 8),
        (259, 3, 1, 7), (262, 3, 1, 6 if coloured else 1),
        (273, 4, count, starts[0] if one else tables), (277, 3, 1, 3 if coloured else 1),
        (278, 4, 1, rows), (279, 4, count, len(strips[0]) if one else tables + 4 * count),
        (282, 5, 1, 14), (283, 5, 1, 14), (296, 3, 1, 2),
    ]  # fmt: skip
    tags += [(530, 3, 2, 2 | 2 << 16)] if coloured else []
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    head = b"II*\0" + struct.pack("<I", tables + len(listed))
    path.write_bytes(head + body + listed + directory + bytes(4))
    return path


def test_every_page_of_a_tiff_is_kept_in_order(tmp_path: Path) -> None:
    pages = [a_picture((165, 234), mode="1", lines=lines) for lines in range(40)]
    source = saved(
        pages[0],
        tmp_path / "a.tif",
        save_all=True,
        append_images=pages[1:],
        compression="group4",
        dpi=(200, 200),
    )
    pdf = wrapped(source, FileKind.TIFF)
    assert count_pages(pdf) == 40
    for number in (1, 32, 33, 40):
        page = load_page(pdf, number)
        assert np.array_equal(page.image.pixels, np.asarray(pages[number - 1].convert("L")))
        assert page.image.dpi == pytest.approx(200, rel=0.01)


def test_a_tiff_of_mixed_pages_is_kept(tmp_path: Path) -> None:
    pages = [a_picture((165, 234), mode=mode) for mode in ("1", "RGB", "L")]
    source = saved(pages[0], tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    pdf = wrapped(source, FileKind.TIFF)
    assert [load_page(pdf, number).image.pixels.ndim for number in (1, 2, 3)] == [2, 3, 2]


@pytest.mark.parametrize(("orientation", "rotate"), [(1, 0), (6, 90), (3, 180), (8, 270)])
def test_a_cameras_turn_becomes_the_pages(tmp_path: Path, orientation: int, rotate: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = saved(a_picture(), tmp_path / "a.jpg", exif=exif)
    page = load_page(wrapped(source, FileKind.JPEG), 1)
    assert page.rotate == rotate
    assert (page.image.width, page.image.height) == (827, 1169)


@pytest.mark.parametrize("kind", [FileKind.JPEG, FileKind.TIFF, FileKind.PNG])
def test_a_mirrored_picture_is_put_right(tmp_path: Path, kind: FileKind) -> None:
    exif = Image.Exif()
    exif[0x0112] = 2
    mirrored = a_picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    source = saved(mirrored, tmp_path / "a", format=kind.value, exif=exif, dpi=(100, 100))
    page = load_page(wrapped(source, kind), 1)
    assert middle_of_red(page.image.pixels)[0] == pytest.approx(0.15 * 827, abs=1)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white_paper(tmp_path: Path, mode: str) -> None:
    clear = Image.new("RGBA", (80, 120), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (20, 20, 40, 40))
    source = saved(clear.convert(mode), tmp_path / "a.png")
    pixels = load_page(wrapped(source, FileKind.PNG), 1).image.pixels
    assert pixels[5, 5].min() == 255
    assert pixels[30, 30].max() == 0


@pytest.mark.parametrize("kind", [FileKind.PNG, FileKind.TIFF])
def test_sixteen_bits_become_eight(tmp_path: Path, kind: FileKind) -> None:
    steps = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (50, 1))
    source = saved(Image.fromarray(steps), tmp_path / "a", format=kind.value)
    pixels = load_page(wrapped(source, kind), 1).image.pixels
    assert pixels[0].tolist() == list(range(256))


@pytest.mark.parametrize(
    ("size", "dpi", "points"),
    [
        ((2480, 3508), (300, 300), (595.2, 841.9)),
        ((1728, 1145), (204, 98), (609.9, 841.2)),
        ((4961, 7016), (200, 200), (1786, 2525.8)),
        # Phones: 72 dpi would be a sheet of more than a metre.
        ((3000, 4000), (72, 72), (595.4, 793.9)),
        ((4000, 3000), (96, 96), (793.9, 595.4)),
        ((2480, 3508), (0, 0), A4_POINTS),
        ((2480, 3508), (1, 1), A4_POINTS),
        ((2480, 3508), (math.nan, math.inf), A4_POINTS),
        ((20000, 30000), (300, 300), (561.1, 841.7)),
        # No claim, but just the pixels of an A5 sheet at 300 dpi, or of a card.
        ((2480, 1748), (0, 0), (595.2, 419.5)),
        ((1011, 638), (72, 72), (242.6, 153.1)),
        ((2480, 3508), (9600, 9600), A4_POINTS),
    ],
)
def test_the_paper_has_a_credible_size(
    size: tuple[int, int], dpi: tuple[float, float], points: tuple[float, float]
) -> None:
    assert paper_size(*size, dpi) == pytest.approx(points, abs=0.4)


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    for kind in (FileKind.JPEG, FileKind.TIFF, FileKind.WEBP):
        source = saved(a_picture((165, 234)), tmp_path / "a", format=kind.value)
        first = wrapped(source, kind).read_bytes()
        assert wrapped(source, kind).read_bytes() == first


def test_a_picture_cut_short_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    source = saved(a_picture(), tmp_path / "a.tif")
    source.write_bytes(source.read_bytes()[:-5000])
    with pytest.raises(FileDamaged):
        wrapped(source, FileKind.TIFF)
    assert list(tmp_path.iterdir()) == [source]
