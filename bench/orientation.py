"""Pages stood upright and laid straight, or left alone and flagged; and what finding out costs."""

import math
import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from bench.report import middle, note, percentile, print_report, wants_quick
from hoso.barcode.read import read_codes
from hoso.imaging.look import small
from hoso.imaging.page import PageImage, Pixels
from hoso.imaging.pages import load_page
from hoso.ocr.clean import READING_DPI
from hoso.ocr.engines import EngineChoice
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
from tests.paper import optics
from tests.paper.people import dice
from tests.paper.render import DPI
from tests.paper.sets import KnownPage, kept_pages, tuning_pages
from tests.paper.stack import ScanPage, write_pdf

_PAGES, _QUICK_PAGES = 60, 8
_TURNS = (0, 90, 180, 270)
_STEEPEST = 5.0
_STRAIGHT = 0.2
_SECONDS = 120.0
# A photographed page has no one angle, and no scanner's feeder skewed it.
_NO_ONE_ANGLE = ("photo", "document_camera")
_MATCHING_DPI, _ENOUGH_MATCHES = 100, 40
_HEADINGS = (
    "set", "pages", "read", "turned right", "left alone, flagged", "wrong",
    "skew error median °", "p99 °", "within 0.2°", "CPU ms median", "over upright",
)  # fmt: skip


@dataclass(frozen=True)
class _Tried:
    """A page that lay turned (degrees clockwise) and askew, and what became of it.

    `skew_error` in degrees; None where nobody knows how the page lay, or where it was not turned
    upright. `milliseconds` of CPU, `over_upright` those more than the same page took at 0°.
    """

    way: str
    turn: int
    reading: PageReading
    skew_error: float | None
    milliseconds: float
    over_upright: float | None = None

    @property
    def is_right(self) -> bool:
        """Whether it stands upright and says so."""
        return self.reading.turn_sure and (self.reading.turn + self.turn) % 360 == 0

    @property
    def is_wrong(self) -> bool:
        """Whether it stands any other way and nobody is told."""
        return self.reading.turn_sure and not self.is_right


def main() -> None:
    """Read every page lying each way, askew by up to five degrees more than it came."""
    pages = _QUICK_PAGES if wants_quick("pages stood upright and laid straight") else _PAGES
    cv2.setNumThreads(1)
    rows = []
    for name, known in (("tuning", tuning_pages()), ("kept", kept_pages())):
        rows += _rows(name, list(_all_tried(name, islice(known, pages))))
    print_report(
        f"Orientation: every page at 0, 90, 180 and 270°, skewed within ±{_STEEPEST:.0f}° on top; "
        "CPU of reading a page, and how much more than the same page took at 0°",
        _HEADINGS,
        rows,
        packages=("pytesseract", "opencv-python-headless", "numpy"),
    )


def _all_tried(name: str, pages: Iterable[KnownPage]) -> Iterator[_Tried]:
    with TemporaryDirectory() as folder:
        for number, page in enumerate(pages, 1):
            note(f"{name} {number}: {page.kind}, {page.way}")
            upright = optics.quarter_turn(page.scan.pixels, -page.turn % 360)
            own = None if page.way in _NO_ONE_ANGLE else _own_skew(page.clean, upright, page.scan)
            path = Path(folder) / "page.pdf"
            first, *others = (_tried(page, upright, own, turn, path) for turn in _TURNS)
            yield first
            for tried in others:
                yield replace(tried, over_upright=tried.milliseconds - first.milliseconds)


def _tried(page: KnownPage, upright: Pixels, own: float | None, turn: int, path: Path) -> _Tried:
    more = dice(f"skew {page.seed} {page.kind} {turn}").uniform(-_STEEPEST, _STEEPEST)
    lying = optics.quarter_turn(_askew(upright, more, bilevel=page.scan.bilevel), turn)
    write_pdf([ScanPage(lying, page.scan.dpi, page.scan.quality, page.scan.bilevel)], path)
    loaded = load_page(path, 1, dpi=READING_DPI)
    codes = [code.box for code in read_codes(loaded.image.pixels, loaded.image.dpi)]
    began = _cpu_seconds()
    reading = read_page(
        path, 1, loaded,
        engine=EngineChoice().engine(), code_boxes=codes, timeout_seconds=_SECONDS,
    )  # fmt: skip
    milliseconds = 1000 * (_cpu_seconds() - began)
    tried = _Tried(page.way, turn, reading, None, milliseconds)
    if own is None or not tried.is_right:
        return tried
    return replace(tried, skew_error=abs(reading.skew + own + more))


def _askew(page: Pixels, degrees: float, *, bilevel: bool) -> Pixels:
    turned = optics.skew(page, degrees)
    return np.asarray(np.where(turned < 128, 0, 255), np.uint8) if bilevel else turned


def _own_skew(clean: Pixels, upright: Pixels, scan: ScanPage) -> float | None:
    """Degrees counter-clockwise by which the scan lies turned from the clean page behind it.

    Found by matching the two, which has nothing in common with how hoso measures skew; None
    where too little matches.
    """
    finder = cv2.SIFT_create(4000)  # type: ignore[attr-defined,unused-ignore]  # stubs lack it
    both = (PageImage(clean, DPI), PageImage(upright, scan.dpi))
    (points, traits), (other_points, other_traits) = (
        finder.detectAndCompute(optics.blur(small(page, _MATCHING_DPI), 0.8), None) for page in both
    )
    pairs = cv2.BFMatcher(cv2.NORM_L2, crossCheck=True).match(traits, other_traits)
    ours = np.array([points[pair.queryIdx].pt for pair in pairs], np.float32)
    theirs = np.array([other_points[pair.trainIdx].pt for pair in pairs], np.float32)
    matrix, agreeing = cv2.estimateAffinePartial2D(ours, theirs, ransacReprojThreshold=1.5)
    if np.count_nonzero(agreeing) < _ENOUGH_MATCHES:
        return None
    return -math.degrees(math.atan2(matrix[1, 0], matrix[0, 0]))


def _rows(name: str, tried: list[_Tried]) -> list[list[str]]:
    by_turn = [
        _row(name, f"lying at {turn}°", [one for one in tried if one.turn == turn])
        for turn in _TURNS
    ]
    by_way = [
        _row(name, way.replace("_", " "), [one for one in tried if one.way == way])
        for way in sorted({one.way for one in tried})
    ]
    return [*by_turn, *by_way, _row(name, "**all**", tried)]


def _row(name: str, which: str, tried: list[_Tried]) -> list[str]:
    errors = [one.skew_error for one in tried if one.skew_error is not None]
    over = [one.over_upright for one in tried if one.over_upright is not None]
    right, wrong = sum(one.is_right for one in tried), sum(one.is_wrong for one in tried)
    milliseconds = [one.milliseconds for one in tried]
    return [
        name,
        which,
        str(len(tried)),
        f"{100 * right / len(tried):.1f} %",
        str(len(tried) - right - wrong),
        str(wrong),
        *_skew_cells(errors),
        f"{middle(milliseconds):.0f}",
        f"{middle(over):+.0f}" if over else "–",
    ]


def _skew_cells(errors: list[float]) -> list[str]:
    if not errors:
        return ["–", "–", "–"]
    straight = sum(error <= _STRAIGHT for error in errors)
    return [
        f"{middle(errors):.2f}",
        f"{percentile(errors, 99):.2f}",
        f"{straight} of {len(errors)}",
    ]


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
