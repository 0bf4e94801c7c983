import io
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageChops
from PIL.TiffImagePlugin import TiffImageFile

from hoso.errors import FileDamaged
from hoso.imaging import pages
from hoso.imaging.geometry import Box
from hoso.imaging.pages import LoadedPage, count_pages, load_page
from hoso.imaging.rendering import render
from tests.unit.imaging.papers import (
    A4,
    a_drawn_page,
    a_picture,
    a_placed_picture,
    a_scan,
    middle_of_red,
    saved,
)
from tests.unit.imaging.scans_of_all_kinds import KINDS

TURNS = (0, 90, 180, 270)
FULL_PAGE = (595, 0, 0, 842, 0, 0)
MARKER = b"1 0 0 rg 140 600 40 20 re f 0 0 1 RG 200 100 m 300 700 l S"
MARKER_MIDDLE = (160.0, 610.0)


def middle_in_points(page: LoadedPage) -> tuple[float, float]:
    x, y, _ = page.to_points @ (*middle_of_red(page.image.pixels), 1.0)
    return float(x), float(y)


@pytest.fixture
def no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        pytest.fail("a plain scan was rendered")

    monkeypatch.setattr(pages, "render", refuse)


@pytest.mark.parametrize(
    "boxes",
    [
        {},
        {"media": (-50, 40, 545, 882)},
        {"crop": (100, 80, 500, 790)},
        {"media": (20, 30, 620, 860), "crop": (0, 0, 400, 900)},
    ],
)
@pytest.mark.parametrize("rotate", TURNS)
def test_a_marker_on_a_drawn_page_is_found_at_its_points(
    tmp_path: Path, rotate: int, boxes: dict[str, tuple[float, ...]]
) -> None:
    pdf = a_drawn_page(tmp_path / "a.pdf", content=MARKER, rotate=rotate, **boxes)
    page = load_page(pdf, 1, dpi=100)
    assert middle_in_points(page) == pytest.approx(MARKER_MIDDLE, abs=0.36)  # half a pixel
    assert page.rotate == rotate


@pytest.mark.usefixtures("no_rendering")
@pytest.mark.parametrize(
    ("matrix", "middle"),
    [
        # The red square's middle lies at 15 % from the left and 7.5 % from the top.
        ((595, 0, 0, 842, 0, 0), (0.15 * 595, 0.925 * 842)),
        ((-595, 0, 0, 842, 595, 0), (0.85 * 595, 0.925 * 842)),
        ((595, 0, 0, -842, 0, 842), (0.15 * 595, 0.075 * 842)),
        ((-595, 0, 0, -842, 595, 842), (0.85 * 595, 0.075 * 842)),
        ((0, 842, -595, 0, 595, 0), (0.075 * 595, 0.15 * 842)),
        ((0, -842, 595, 0, 0, 842), (0.925 * 595, 0.85 * 842)),
        ((0, 842, 595, 0, 0, 0), (0.925 * 595, 0.15 * 842)),
        ((0, -842, -595, 0, 595, 842), (0.075 * 595, 0.85 * 842)),
    ],
)
@pytest.mark.parametrize("rotate", TURNS)
def test_a_scan_laid_on_the_page_in_any_way_is_found_at_its_points(
    tmp_path: Path, matrix: tuple[float, ...], middle: tuple[float, float], rotate: int
) -> None:
    sideways = matrix[0] == 0
    picture = a_picture((842, 595) if sideways else (595, 842))
    pdf = a_placed_picture(tmp_path / "a.pdf", picture, matrix=matrix, rotate=rotate)
    page = load_page(pdf, 1)
    assert middle_in_points(page) == pytest.approx(middle, abs=1)
    assert (page.image.width, page.image.height) == (595, 842)
    assert page.rotate == rotate


def test_a_taken_out_scan_and_a_rendered_one_look_the_same(tmp_path: Path) -> None:
    placing = (0, 842, -595, 0, 595, 0)
    picture = a_picture((842, 595))
    taken = load_page(a_placed_picture(tmp_path / "a.pdf", picture, matrix=placing), 1)
    drawn = load_page(
        a_placed_picture(tmp_path / "b.pdf", picture, matrix=placing, after=b"0 0 m 1 0 l S"),
        1,
        dpi=72,
    )
    assert drawn.image.pixels.shape == taken.image.pixels.shape
    apart = np.abs(drawn.image.pixels.astype(int) - taken.image.pixels)
    assert apart.mean() < 3


@pytest.mark.usefixtures("no_rendering")
def test_the_scanners_own_jpeg_is_handed_out(tmp_path: Path) -> None:
    page = load_page(a_scan(tmp_path / "a.pdf", dpi=100), 1)
    assert page.image.dpi == pytest.approx(100, abs=0.1)
    assert page.image.pixels.shape == (1169, 827, 3)
    assert not page.has_text


@pytest.mark.usefixtures("no_rendering")
@pytest.mark.parametrize(
    ("mode", "name", "options"),
    [
        ("L", "a.jpg", {}),
        ("L", "a.png", {}),
        ("P", "a.png", {}),
        ("1", "a.png", {}),
        ("1", "a.tif", {"compression": "group4"}),
        ("1", "b.tif", {"compression": "group3"}),
    ],
)
def test_every_kind_of_scan_comes_out_with_its_colours(
    tmp_path: Path, mode: str, name: str, options: dict[str, str]
) -> None:
    picture = a_picture(mode=mode)
    source = saved(picture, tmp_path / name, dpi=(100, 100), **options)
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(img2pdf.convert(str(source)))
    pixels = load_page(pdf, 1).image.pixels
    colour = mode == "P"
    expected = np.asarray(picture.convert("RGB" if colour else "L"))
    assert pixels.ndim == (3 if colour else 2)
    shown = pixels[:, :, ::-1] if colour else pixels
    assert np.abs(shown.astype(int) - expected).mean() < 3


@pytest.mark.parametrize(
    ("wish", "size"), [(None, 1169), (100, 1169), (56, 1169), (55, 585), (27, 293), (10, 147)]
)
def test_no_more_pixels_than_wished_are_decoded(
    tmp_path: Path, wish: float | None, size: int
) -> None:
    page = load_page(a_scan(tmp_path / "a.pdf", dpi=100), 1, dpi=wish)
    assert page.image.height == size
    assert middle_in_points(page) == pytest.approx((0.15 * 595.4, 0.925 * 841.7), abs=1.5)


def test_a_fax_with_flat_dots_becomes_square(tmp_path: Path) -> None:
    fax = a_picture((1728, 1145), mode="L")
    pdf = a_placed_picture(tmp_path / "a.pdf", fax, matrix=FULL_PAGE)
    page = load_page(pdf, 1)
    assert page.image.width / page.image.height == pytest.approx(595 / 842, abs=0.001)


INVERTED = {"/Decode": pikepdf.Array([1, 0])}


@pytest.mark.parametrize(
    ("mode", "extra", "expected"),
    [
        ("L", INVERTED, 0),
        ("L", {}, 255),
        ("1", INVERTED, 0),
    ],
)
def test_an_inverted_picture_looks_as_viewers_show_it(
    tmp_path: Path, mode: str, extra: dict[str, object], expected: int
) -> None:
    white = Image.new(mode, (80, 120), 255)
    pdf = a_placed_picture(tmp_path / "a.pdf", white, matrix=FULL_PAGE, extra=extra)
    assert load_page(pdf, 1, dpi=20).image.pixels.mean() == expected


@pytest.mark.usefixtures("no_rendering")
@pytest.mark.parametrize("extra", [{"/Decode": pikepdf.Array([0, 1])}, {"/ImageMask": False}])
def test_what_only_says_the_usual_does_not_need_a_renderer(
    tmp_path: Path, extra: dict[str, object]
) -> None:
    white = Image.new("L", (80, 120), 255)
    pdf = a_placed_picture(tmp_path / "a.pdf", white, matrix=FULL_PAGE, extra=extra)
    assert load_page(pdf, 1).image.pixels.min() == 255


@pytest.mark.usefixtures("no_rendering")
@pytest.mark.parametrize("black_bit", [0, 1])
def test_a_fax_page_is_black_on_white_whichever_bit_is_black(
    tmp_path: Path, black_bit: int
) -> None:
    picture = a_picture((400, 560), mode="1")
    as_tiff = io.BytesIO()
    written = picture if black_bit else ImageChops.invert(picture)
    written.save(as_tiff, "TIFF", compression="group4", tiffinfo={278: 560, 262: 1})
    with Image.open(as_tiff) as tiff:
        assert isinstance(tiff, TiffImageFile)
        at, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    path = a_placed_picture(tmp_path / "a.pdf", picture, matrix=FULL_PAGE)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        parms = pikepdf.Dictionary(K=-1, Columns=400, Rows=560, BlackIs1=bool(black_bit))
        fax = pdf.pages[0].resources.XObject.Im0
        fax.write(
            as_tiff.getvalue()[at : at + length],
            filter=pikepdf.Name.CCITTFaxDecode,
            decode_parms=parms,
        )
        pdf.save(path)
    taken = load_page(path, 1).image.pixels
    drawn = render(path, 1, shown=Box(0, 0, *A4), rotate=0, dots_per_point=48 / 72).pixels
    assert taken.mean() > 200
    assert taken.mean() == pytest.approx(drawn.mean(), abs=6)


@pytest.mark.parametrize("colours", ["separation", "cmyk"])
def test_colours_of_printing_inks_are_left_to_the_renderer(tmp_path: Path, colours: str) -> None:
    def ink(pdf: pikepdf.Pdf) -> pikepdf.Object:
        if colours == "cmyk":
            return pikepdf.Name.DeviceCMYK
        tint = pikepdf.Dictionary(
            FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 0, 0, 1], N=1
        )
        name = pikepdf.Name("/Black")
        return pikepdf.Array([pikepdf.Name.Separation, name, pikepdf.Name.DeviceCMYK, tint])

    no_ink = Image.new("CMYK" if colours == "cmyk" else "L", (80, 120), 0)
    path = a_placed_picture(tmp_path / "a.pdf", no_ink, matrix=FULL_PAGE)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].resources.XObject.Im0.ColorSpace = ink(pdf)
        pdf.save(path)
    assert load_page(path, 1, dpi=30).image.pixels.min() == 255


def test_a_cmyk_jpeg_keeps_its_colours(tmp_path: Path) -> None:
    source = saved(a_picture(mode="CMYK"), tmp_path / "a.jpg", dpi=(100, 100))
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(img2pdf.convert(str(source)))
    page = load_page(pdf, 1, dpi=100)
    assert middle_in_points(page) == pytest.approx((0.15 * 595.4, 0.925 * 841.7), abs=1)
    assert page.image.pixels[600, 5].min() == 255


def test_a_masked_picture_looks_as_viewers_show_it(tmp_path: Path) -> None:
    black = Image.new("L", (80, 120), 0)
    pdf = a_placed_picture(
        tmp_path / "a.pdf",
        black,
        matrix=FULL_PAGE,
        extra={"/Mask": pikepdf.Array([0, 10])},
    )
    assert load_page(pdf, 1, dpi=20).image.pixels.mean() == 255


@pytest.mark.parametrize(
    "around",
    [
        {"before": b"100 100 200 200 re W n"},
        {"after": b"BT /F1 20 Tf 50 50 Td (Scanned with CamScanner) Tj ET"},
        {"after": b"1 0 0 rg 10 10 50 50 re f"},
        {"matrix": (200, 0, 0, 280, 50, 50)},
        {"matrix": (594, 30, -30, 842, 0, 0)},
        {"matrix": FULL_PAGE, "crop": (0, 0, 595, 400)},
    ],
    ids=("clipped", "with text", "with drawing", "small", "skewed", "cropped"),
)
def test_a_picture_that_is_not_the_whole_page_is_rendered(
    tmp_path: Path, around: dict[str, object]
) -> None:
    placing: dict[str, object] = {"matrix": FULL_PAGE, **around}
    pdf = a_placed_picture(tmp_path / "a.pdf", a_picture((600, 848)), **placing)  # type: ignore[arg-type]
    page = load_page(pdf, 1, dpi=50)
    assert page.image.dpi == pytest.approx(50, rel=0.01)
    assert page.image.width == pytest.approx(page.width_points * 50 / 72, abs=1)


def test_a_page_of_drawn_text_has_text(tmp_path: Path) -> None:
    pdf = a_drawn_page(tmp_path / "a.pdf", content=b"BT /F1 12 Tf 50 700 Td (Giay khai sinh) Tj ET")
    assert load_page(pdf, 1, dpi=50).has_text


def test_a_watermark_over_a_scan_is_no_text(tmp_path: Path) -> None:
    pdf = a_placed_picture(
        tmp_path / "a.pdf",
        a_picture((300, 424)),
        matrix=FULL_PAGE,
        after=b"BT /F1 9 Tf 400 10 Td (Scanned with CamScanner) Tj ET",
    )
    assert not load_page(pdf, 1, dpi=50).has_text


@pytest.mark.usefixtures("no_rendering")
def test_an_invisible_layer_is_told_apart_from_text(tmp_path: Path) -> None:
    pdf = a_placed_picture(
        tmp_path / "a.pdf",
        a_picture((300, 424)),
        matrix=FULL_PAGE,
        after=b"BT 3 Tr /F1 9 Tf 40 10 Td (Giay khai sinh) Tj ET",
    )
    page = load_page(pdf, 1)
    assert page.has_hidden_text
    assert not page.has_text


@pytest.mark.usefixtures("no_rendering")
def test_a_scan_wrapped_in_a_form_is_taken_out(tmp_path: Path) -> None:
    path = a_placed_picture(tmp_path / "a.pdf", a_picture(A4_SMALL), matrix=(0.5, 0, 0, 1, 0, 0))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        form = pdf.make_stream(
            b"q 595 0 0 842 0 0 cm /Im0 Do Q",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, *A4],
            Matrix=[0.5, 0, 0, 0.5, 0, 0],
            Resources=pikepdf.Dictionary(XObject=page.obj.Resources.XObject),
        )
        page.obj.Resources.XObject = pikepdf.Dictionary(Fm0=form)
        page.Contents = pdf.make_stream(b"q 2 0 0 2 0 0 cm /Fm0 Do Q")
        pdf.save(path)
    assert load_page(path, 1).image.pixels.shape == (424, 300, 3)


A4_SMALL = (300, 424)


def test_a_form_that_draws_itself_comes_to_an_end(tmp_path: Path) -> None:
    path = a_drawn_page(tmp_path / "a.pdf", content=b"/Fm0 Do")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        form = pdf.make_indirect(
            pdf.make_stream(b"/Fm0 Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        )
        form.BBox = pikepdf.Array([0, 0, *A4])
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm0=form))
        pdf.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Fm0=form)
        pdf.save(path)
    assert load_page(path, 1, dpi=50).image.pixels.min() == 255


def test_a_page_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    pdf = a_scan(tmp_path / "a.pdf", pages=2)
    assert count_pages(pdf) == 2
    for number in (0, 3):
        with pytest.raises(FileDamaged):
            load_page(pdf, number)


def test_a_file_that_changed_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    assert count_pages(a_scan(path, pages=2)) == 2
    assert count_pages(a_scan(path, pages=3)) == 3


@pytest.mark.parametrize(
    ("pixels", "page", "unit", "dpi"),
    [
        ((2480, 3508), (595, 842), 1, 300),
        ((2480, 3508), (2480, 3508), 1, 300),  # telephones: a pixel a point
        ((1748, 2480), (1748, 2480), 1, 300),  # the same of an A5 sheet
        ((1011, 638), (1011, 638), 1, 300),  # and of a citizen card
        ((2480, 3508), (60, 85), 1, 300),  # laid on a stamp
        ((1654, 2339), (297.5, 421), 2, 200),  # large units
        ((600, 849), (595, 842), 1, 72.6),  # it really is no sharper
    ],
)
@pytest.mark.parametrize("wish", [None, 150])
def test_the_resolution_is_that_of_the_paper_whatever_the_page_claims(
    tmp_path: Path,
    *,
    pixels: tuple[int, int],
    page: tuple[float, float],
    unit: float,
    dpi: float,
    wish: float | None,
) -> None:
    path = a_placed_picture(
        tmp_path / "a.pdf",
        Image.new("L", pixels, 255),
        matrix=(page[0], 0, 0, page[1], 0, 0),
        media=(0, 0, *page),
    )
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.UserUnit = unit
        pdf.save(path)
    loaded = load_page(path, 1, dpi=wish)
    reduced = wish is not None and dpi >= 1.8 * wish
    assert loaded.image.dpi == pytest.approx(dpi / 2 if reduced else dpi, rel=0.01)
    assert loaded.image.width == pytest.approx(pixels[0] / (2 if reduced else 1), abs=1)
    x, y, _ = loaded.to_points @ (loaded.image.width, 0, 1)
    assert (x, y) == pytest.approx(page, abs=0.1)


def test_words_on_a_mixed_page_are_told_from_pictures(tmp_path: Path) -> None:
    card = a_placed_picture(
        tmp_path / "a.pdf",
        a_picture((300, 190)),
        matrix=(243, 0, 0, 153, 100, 400),
        after=b"BT /F1 20 Tf 50 700 Td (Ban sao the can cuoc) Tj ET",
    )
    page, bare = load_page(card, 1, dpi=72), load_page(card, 1, dpi=72, with_text=False)
    assert page.is_mixed
    text, picture = np.s_[100:150, 40:300], np.s_[290:440, 100:340]
    assert page.image.pixels[text].min() < 100
    assert bare.image.pixels[text].min() == 255
    assert np.array_equal(page.image.pixels[picture], bare.image.pixels[picture])


def test_a_logo_does_not_make_a_page_mixed(tmp_path: Path) -> None:
    pdf = a_placed_picture(
        tmp_path / "a.pdf",
        a_picture((80, 80)),
        matrix=(60, 0, 0, 60, 50, 750),
        after=b"BT /F1 20 Tf 50 700 Td (Giay moi) Tj ET",
    )
    page = load_page(pdf, 1, dpi=50)
    assert page.has_text
    assert not page.is_mixed


def test_a_scan_in_strips_with_a_watermark_has_no_text_of_its_own(tmp_path: Path) -> None:
    path = KINDS["strips"].write(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"BT /F1 9 Tf 40 10 Td (Scanned with CamScanner) Tj ET")
        pdf.save()
    page = load_page(path, 1, dpi=50)
    assert page.is_mixed
    assert not page.has_text


def test_what_was_filled_into_a_form_is_seen(tmp_path: Path) -> None:
    path = a_drawn_page(tmp_path / "a.pdf", content=b"")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        look = pdf.make_stream(b"1 0 0 rg 0 0 40 20 re f", Subtype=pikepdf.Name.Form)
        look.BBox = pikepdf.Array([0, 0, 40, 20])
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T="signature",
                Rect=[140, 600, 180, 620],
                F=4,
                AP=pikepdf.Dictionary(N=look),
            )
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        pdf.save(path)
    assert middle_in_points(load_page(path, 1, dpi=100)) == pytest.approx(MARKER_MIDDLE, abs=0.5)


def test_a_scan_that_nobody_can_decode_does_not_pass_for_a_blank_page(tmp_path: Path) -> None:
    pdf = a_scan(tmp_path / "torn.pdf")
    with pikepdf.open(pdf, allow_overwriting_input=True) as torn:
        (picture,) = torn.pages[0].get_images().values()
        picture.write(b"\xff\xd8" + bytes(500), filter=pikepdf.Name.DCTDecode)
        torn.save()
    with pytest.raises(FileDamaged):
        load_page(pdf, 1)
