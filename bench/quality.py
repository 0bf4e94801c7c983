"""What the verdict on a scan is worth: Tesseract's errors on good, readable and bad pages."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from bench.report import middle, note, percentile, print_report, wants_quick
from hoso.imaging.findings import Verdict
from hoso.imaging.page import Pixels
from hoso.imaging.pages import load_page
from hoso.imaging.quality import judge
from hoso.ocr.clean import READING_DPI
from hoso.ocr.read import read_page
from hoso.ocr.tesseract import TesseractEngine
from tests.paper import degrade, optics
from tests.paper.render import DPI, Paper, render_paper
from tests.paper.scoring import order_free_error
from tests.paper.stack import ScanPage, write_pdf
from tests.paper.ways import WAYS

_KINDS = (
    "birth_certificate", "marital_status_certificate", "authorisation", "health_certificate",
    "birth_registration_form", "household_business_certificate", "disability_certificate",
)  # fmt: skip
_FIRST_SEED = 910
_SCAN_DPI = 200
_SECONDS = 60.0
_HEADINGS = (
    "spoilt by", "pages", "good", "readable", "rescan",
    "error % where good", "where readable", "where rescan", "ms median",
)  # fmt: skip

Spoil = Callable[[Pixels, float, np.random.Generator], Pixels]


def _pale(page: Pixels, share: float, rng: np.random.Generator) -> Pixels:
    del rng
    return np.asarray(255 - (255 - page.astype(np.float32)) * share, np.uint8)


def _exposed(page: Pixels, gain: float, rng: np.random.Generator) -> Pixels:
    """Below 1 too dark, above 1 washed out."""
    del rng
    ink = 255 - (255 - page.astype(np.float32)) * 0.8
    return np.asarray(np.clip(ink * gain, 0, 255), np.uint8)


def _cut(page: Pixels, share: float, rng: np.random.Generator) -> Pixels:
    del rng
    return np.ascontiguousarray(page[:, round(share * page.shape[1]) :])


_SPOILS: dict[str, tuple[Spoil, Sequence[float]]] = {
    "blur (pixels)": (lambda page, by, _: optics.blur(page, by), (0.6, 1.2, 1.8, 2.4, 3.2, 4.0)),
    "paleness (share of ink)": (_pale, (0.7, 0.5, 0.35, 0.25, 0.18, 0.1)),
    "exposure (gain)": (_exposed, (0.1, 0.3, 0.5, 1.3, 1.7, 2.4)),
    "skew (degrees)": (lambda page, by, _: optics.skew(page, by), (2, 4, -6, -9, 12, 14)),
    "uneven light (depth)": (
        lambda page, by, rng: optics.uneven_light(page, rng, by), (0.3, 0.5, 0.7, 0.85),
    ),
    "noise (levels)": (lambda page, by, rng: optics.noise(page, rng, by), (10, 25, 45, 70)),
    "cut at the left (share)": (_cut, (0.03, 0.08, 0.14, 0.2)),
}  # fmt: skip
_COARSE_DPI = (150, 120, 100, 85, 72, 60)


@dataclass(frozen=True)
class _Spoilt:
    """A scan, what was done to it, and what stands on it."""

    how: str
    scan: ScanPage
    text: str


@dataclass(frozen=True)
class _Judged:
    """What was said of it, in how many milliseconds, and what Tesseract then made of it."""

    how: str
    verdict: Verdict
    milliseconds: float
    error: float


def main() -> None:
    """Judge, then read, pages spoilt in one way each and pages that came in every usual way."""
    quick = wants_quick("what the verdict on a scan is worth")
    cv2.setNumThreads(1)
    engine = TesseractEngine()
    judged: list[_Judged] = []
    for spoilt in chain(_spoilt(1 if quick else 4), _arrived(1 if quick else 6)):
        note(spoilt.how)
        judged.append(_judged(spoilt, engine))
    kinds = list(dict.fromkeys(page.how for page in judged))
    rows = [_row(kind, [page for page in judged if page.how == kind]) for kind in kinds]
    print_report(
        "The verdict on a scan and Tesseract's order-free character error",
        _HEADINGS,
        [*rows, _row("**all**", judged)],
        packages=("opencv-python-headless", "pytesseract"),
    )


def _spoilt(papers: int) -> Iterator[_Spoilt]:
    rng = np.random.default_rng(_FIRST_SEED)
    number = 0
    for how, (spoil, steps) in _SPOILS.items():
        for step in [step for step in steps for _ in range(papers)]:
            paper, number = _paper(number), number + 1
            sheet = optics.downscale(paper.pages[0], DPI, _SCAN_DPI)
            scanned = optics.noise(spoil(sheet, step, rng), rng, sigma=4)
            yield _Spoilt(how, _scan(scanned, _SCAN_DPI), paper.text[0])
    for dpi in [dpi for dpi in _COARSE_DPI for _ in range(papers)]:
        paper, number = _paper(number), number + 1
        scanned = optics.noise(optics.downscale(paper.pages[0], DPI, dpi), rng, sigma=3)
        yield _Spoilt("few pixels (dpi)", _scan(scanned, dpi), paper.text[0])


def _arrived(papers: int) -> Iterator[_Spoilt]:
    for name, way in WAYS.items():
        for number in range(papers):
            paper = _paper(number)
            scanned = way(paper.pages[0], _FIRST_SEED + number, degrade.seal_on(paper, 0))
            yield _Spoilt(f"way: {name}", scanned, paper.text[0])


def _paper(number: int) -> Paper:
    return render_paper(_KINDS[number % len(_KINDS)], _FIRST_SEED + number)


def _scan(pixels: Pixels, dpi: float) -> ScanPage:
    return ScanPage(optics.through_jpeg(pixels, 80), dpi, quality=95)


def _judged(spoilt: _Spoilt, engine: TesseractEngine) -> _Judged:
    began = time.process_time()
    quality = judge(spoilt.scan.image)
    milliseconds = 1000 * (time.process_time() - began)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        write_pdf([spoilt.scan], path)
        page = load_page(path, 1, dpi=READING_DPI)
        reading = read_page(path, 1, page, engine=engine, timeout_seconds=_SECONDS)
    error = order_free_error(spoilt.text, reading.text)
    return _Judged(spoilt.how, quality.verdict, milliseconds, error)


def _row(kind: str, pages: Sequence[_Judged]) -> list[str]:
    errors = {
        verdict: [page.error for page in pages if page.verdict is verdict] for verdict in Verdict
    }
    return [
        kind.replace("_", " "),
        str(len(pages)),
        *(str(len(found)) for found in errors.values()),
        *(_spread(found) for found in errors.values()),
        f"{middle([page.milliseconds for page in pages]):.0f}",
    ]


def _spread(errors: Sequence[float]) -> str:
    """Median and 90th percentile."""
    if not errors:
        return "–"
    return f"{100 * middle(errors):.1f} … {100 * percentile(errors, 90):.1f}"


if __name__ == "__main__":
    main()
