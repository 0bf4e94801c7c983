"""However the work is dealt out, a page is read the same, and no page's end is another's."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from hoso.barcode.typeset import FONTS_DIR
from hoso.imaging.isolation import PageProcesses
from hoso.imaging.limits import Limits
from hoso.ocr.bare import PRELOAD, BareFile, BarePage
from hoso.ocr.engines import EngineChoice
from tests.paper.stack import ScanPage, write_pdf
from tests.unit.ocr.failing import FailingChoice

pytestmark = pytest.mark.slow

DPI, SECONDS = 200, 60.0
WORKERS = (1, 2, 3)
TEXTS = (
    "Giấy khai sinh\nHọ và tên: Đỗ Hữu Nghĩa",
    "Quyển số 12\nngày 05/9/2026",
    "",
    "Nơi cấp",
    "",
)
TOO_LONG = "Một dòng dài hơn mọi dòng khác trong các tập giấy này, nên máy không đọc được"

Pools = dict[int, PageProcesses]


def a_page(text: str, *, turn: int = 0, seed: int = 0) -> ScanPage:
    """A small grey scan of 12 pt print, with the scanner's noise."""
    font = ImageFont.truetype(str(FONTS_DIR / "LiberationSerif-Regular.ttf"), 34)
    picture = Image.new("L", (1300 if text == TOO_LONG else 640, 440), 245)
    ImageDraw.Draw(picture).multiline_text((60, 100), text, font=font, fill=20, spacing=24)
    noise = np.random.default_rng(seed).normal(0, 5, (440, picture.width))
    pixels = np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)
    return ScanPage(np.ascontiguousarray(np.rot90(pixels, -turn // 90)), DPI)


PAGES = [a_page(text, turn=90 * (seed == 1), seed=seed) for seed, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def pools() -> Iterator[Pools]:
    """Processes to read pages in: one, two and three."""
    with ExitStack() as opened:
        yield {
            count: opened.enter_context(PageProcesses(count, memory_bytes=2 << 30, preload=PRELOAD))
            for count in WORKERS
        }


@pytest.fixture(scope="module")
def alone(pools: Pools, tmp_path_factory: pytest.TempPathFactory) -> list[BarePage]:
    """Every page as it is read by itself."""
    folder = tmp_path_factory.mktemp("alone")
    return [
        timeless(page)
        for number, scan in enumerate(PAGES)
        for page in read([scan], folder / f"{number}.pdf", pools, workers=1)
    ]


def read(
    scans: Sequence[ScanPage],
    path: Path,
    pools: Pools,
    *,
    workers: int,
    choice: EngineChoice | None = None,
    hurry: Sequence[int] = (),
) -> list[BarePage]:
    """The pages of a file of these scans; those in `hurry` get half a second each."""
    write_pdf(scans, path)
    return read_file(path, pools, workers=workers, choice=choice, hurry=hurry)


def read_file(
    path: Path,
    pools: Pools,
    *,
    workers: int,
    choice: EngineChoice | None = None,
    hurry: Sequence[int] = (),
) -> list[BarePage]:
    """The pages of this file; what is to be written of them goes to `made.pdf` beside it."""

    def run(function: Any, *args: Any, timeout_seconds: float) -> Any:
        if len(args) > 1 and args[1] in hurry:
            timeout_seconds = 0.5
        return pools[workers].run(function, *args, timeout_seconds=timeout_seconds)

    with TemporaryDirectory() as folder:
        file = BareFile(path, Path(folder), run)
        count, choice = file.open(Limits(1 << 30, 100, 10**9)), choice or EngineChoice()
        pages = list(file.read_pages(count, choice, at_once=workers, seconds=SECONDS))
        file.write(path.with_name("made.pdf"), title="Tập giấy", source_sha256="0" * 64)
    return pages


def timeless(page: BarePage) -> BarePage:
    """The page without what differs from run to run."""
    return replace(page, number=0, reading=replace(page.reading, seconds=0.0))


def split(order: Sequence[int], cuts: Sequence[int]) -> list[Sequence[int]]:
    """The pages in this order, as files that begin at the cuts."""
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(order)}), len(order)]
    return [order[start:end] for start, end in pairwise(edges)]


@settings(max_examples=6)
@given(
    order=st.lists(st.sampled_from(range(len(PAGES))), min_size=2, max_size=6),
    cuts=st.lists(st.integers(1, 5), max_size=2),
    workers=st.sampled_from(WORKERS),
)
def test_a_page_is_read_the_same_in_any_order_file_and_number_of_processes(
    pools: Pools, alone: list[BarePage], order: list[int], cuts: list[int], workers: int
) -> None:
    with TemporaryDirectory() as folder:
        for number, file in enumerate(split(order, cuts)):
            path = Path(folder) / f"{number}.pdf"
            pages = read([PAGES[page] for page in file], path, pools, workers=workers)
            assert [page.number for page in pages] == list(range(1, len(file) + 1))
            assert [timeless(page) for page in pages] == [alone[page] for page in file]


def test_the_pages_are_not_all_alike(alone: list[BarePage]) -> None:
    assert [page.reading.text for page in alone[:2]] == list(TEXTS[:2])
    assert alone[1].reading.turn == 270
    assert [page.blank for page in alone] == [not text for text in TEXTS]


def test_the_file_written_is_the_same_for_any_number_of_processes(
    pools: Pools, tmp_path: Path
) -> None:
    written = set()
    for workers in WORKERS:
        scan, made = tmp_path / "scan.pdf", tmp_path / "made.pdf"
        read(PAGES, scan, pools, workers=workers)
        written.add(made.read_bytes())
    assert len(written) == 1


@settings(max_examples=8)
@given(
    place=st.integers(0, 2),
    way=st.sampled_from(["refuses", "crashes", "hangs"]),
    workers=st.sampled_from(WORKERS),
)
def test_a_page_that_cannot_be_read_leaves_its_neighbours_alone(
    pools: Pools, alone: list[BarePage], place: int, way: str, workers: int
) -> None:
    scans = [PAGES[0], PAGES[3]]
    scans.insert(place, a_page(TOO_LONG))
    with TemporaryDirectory() as folder:
        scan, made = Path(folder) / "scan.pdf", Path(folder) / "made.pdf"
        pages = read(
            scans,
            scan,
            pools,
            workers=workers,
            choice=FailingChoice(way=way),
            hurry=[place + 1] if way == "hangs" else [],
        )
        with pikepdf.open(made) as archived:
            assert len(archived.pages) == 3
    failed = pages.pop(place)
    codes = {"refuses": "ocr_crashed", "crashes": "work_crashed", "hangs": "work_timed_out"}
    assert (failed.reading.failure, failed.reading.words, failed.blank) == (codes[way], (), False)
    assert [timeless(page) for page in pages] == [alone[0], alone[3]]


@pytest.mark.parametrize("workers", WORKERS)
def test_a_damaged_picture_leaves_its_neighbours_alone(
    pools: Pools, alone: list[BarePage], tmp_path: Path, workers: int
) -> None:
    scan, damaged = tmp_path / "scan.pdf", tmp_path / "damaged.pdf"
    write_pdf([PAGES[0], PAGES[1], PAGES[3]], scan)
    with pikepdf.open(scan) as pdf:
        [picture] = pdf.pages[1].get_images().values()
        picture.write(picture.read_raw_bytes()[:500], filter=pikepdf.Name.DCTDecode)
        pdf.save(damaged)

    pages = read_file(damaged, pools, workers=workers)

    assert pages[1].reading.words == ()
    assert [timeless(pages[0]), timeless(pages[2])] == [alone[0], alone[3]]
