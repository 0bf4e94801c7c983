"""Share of symbols read and CPU milliseconds a page, and what every rung of the ladder is worth.

Five tables: scans at three resolutions in four qualities, the paper lying at any angle in every
second one; papers that came in other ways, with seeds and ways that nothing was tuned on; many
papers without codes; bars torn, struck through or never a code; and the rungs. `clean` is only
sampled; the other qualities are treated like `tests.paper.degrade`'s presets, whose resolutions
are fixed.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from bench.code_pages import KIND_NAMES, CodePage, code_pages, plain_paper, turned
from bench.damaged_bars import DAMAGE_HEADINGS, damage_rows
from bench.report import middle, note, percentile, print_report, wants_quick
from hoso.barcode.read import CodeReading, look_for_codes
from hoso.imaging.page import Pixels
from tests.paper import optics
from tests.paper.degrade import mistreated
from tests.paper.ink import DPI
from tests.paper.ways import WAYS

_RESOLUTIONS = (150, 200, 300)
_KEPT_WAYS = ("fax", "old_copy", "document_camera")
_TUNED_SEEDS, _KEPT_SEEDS = 1, 70_001
_PACKAGES = ("zxing-cpp", "pyzbar", "opencv-python-headless")
_HEADINGS = (
    "with codes: median ms", "p95", "without: median", "p95", *KIND_NAMES.values(),
    "unread, said so", "unread, not said", "said so wrongly", "invented",
)  # fmt: skip
_RUNG_HEADINGS = ("rung", "Code 128", "QR", "on pages", "whose median is ms")


@dataclass(frozen=True)
class Look:
    """What reading one scan took and gave; `hits` has an entry per symbol that is on the page."""

    milliseconds: float
    has_codes: bool
    hits: Sequence[tuple[str, bool]]
    invented: int
    reading: CodeReading


Scan = tuple[CodePage, Pixels, float]
Treatment = Callable[[Pixels, int, np.random.Generator], Pixels]


def clean(page: Pixels, dpi: int, rng: np.random.Generator) -> Pixels:
    """As a perfect scanner samples it."""
    del rng
    return optics.downscale(page, DPI, dpi)


def light(page: Pixels, dpi: int, rng: np.random.Generator) -> Pixels:
    """At most 1° askew, JPEG 75."""
    askew = optics.skew(optics.downscale(page, DPI, dpi), float(rng.uniform(-1, 1)))
    return optics.through_jpeg(askew, 75)


def medium(page: Pixels, dpi: int, rng: np.random.Generator) -> Pixels:
    """2 to 3° askew, unevenly lit, noisy, JPEG 75."""
    askew = float(rng.uniform(2, 3) * rng.choice((-1, 1)))
    sheet = optics.skew(optics.downscale(page, DPI, dpi), askew)
    return optics.through_jpeg(optics.noise(optics.uneven_light(sheet, rng), rng, sigma=7), 75)


def hard(page: Pixels, dpi: int, rng: np.random.Generator) -> Pixels:
    """Sealed over, folded, stained, grey, blurred, noisy, JPEG 60."""
    sheet = optics.downscale(mistreated(page, rng, None), DPI, dpi)
    askew = optics.grey(optics.skew(sheet, float(rng.uniform(1, 3) * rng.choice((-1, 1)))))
    soft = optics.blur(optics.uneven_light(askew, rng, depth=0.3), 0.6 * dpi / 150)
    return optics.through_jpeg(optics.noise(soft, rng, sigma=8), 60)


_QUALITIES: tuple[Treatment, ...] = (clean, light, medium, hard)


def main() -> None:
    """Scan every page in every way and read it once, untimed work left out."""
    of_each = 2 if wants_quick("milliseconds a page for codes") else 6
    what = f"{6 * of_each} pages a line, {of_each} of each kind, one core"
    seen: list[Look] = []
    rows = []
    for dpi, quality in product(_RESOLUTIONS, _QUALITIES):
        note(f"{dpi} dpi, {quality.__name__}")
        looks = [_look(*scan) for scan in _scans(_TUNED_SEEDS, of_each, dpi, quality)]
        rows.append([str(dpi), quality.__name__, *_row(looks)])
        seen += looks
    _print(f"Codes: {what}; every second one at any angle", ("dpi", "quality", *_HEADINGS), rows)

    rows = []
    for way in WAYS:
        note(way)
        looks = [_look(*scan) for scan in _arrivals(_KEPT_SEEDS, of_each, way)]
        rows.append([way, "" if way in _KEPT_WAYS else "in other seeds", *_row(looks)])
    title = f"Codes that came in other ways: {what}; nothing was tuned on these seeds"
    _print(title, ("way", "tuned on", *_HEADINGS), rows)

    note("papers without codes")
    rows = [[way, *_plain_row(way, 10 * of_each)] for way in WAYS if way not in _KEPT_WAYS]
    headings = ("way", "papers", "median ms", "p95", "said to hold a code", "invented")
    _print("Papers without codes", headings, rows)
    note("damaged bars")
    lines = 170 * of_each
    title = f"Bars of 0.55 to 1.8 pixels weighed alone, {lines} lines a row"
    _print(title, DAMAGE_HEADINGS, damage_rows(lines))
    _print("Rungs of the first table", _RUNG_HEADINGS, _rung_rows(seen))


def _print(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print_report(title, headings, rows, packages=_PACKAGES)
    print()


def _scans(first: int, of_each: int, dpi: int, quality: Treatment) -> Iterator[Scan]:
    for number, page in enumerate(code_pages(range(first, first + of_each))):
        rng = np.random.default_rng([dpi, first, number])
        # Pages of a kind follow each other six apart: every second of each kind is turned.
        lies = turned(page.pixels, float(rng.uniform(0, 360))) if number // 6 % 2 else page.pixels
        yield page, quality(lies, dpi, rng), dpi


def _arrivals(first: int, of_each: int, way: str) -> Iterator[Scan]:
    for number, page in enumerate(code_pages(range(first, first + of_each))):
        scan = WAYS[way](page.pixels, first + number, None)
        yield page, scan.pixels, scan.dpi


def _row(looks: Sequence[Look]) -> list[str]:
    cells = []
    for has_codes in (True, False):
        times = [look.milliseconds for look in looks if look.has_codes is has_codes]
        cells += [f"{middle(times):.0f}", f"{percentile(times, 95):.0f}"]
    for kind in KIND_NAMES:
        hits = [hit for look in looks for name, hit in look.hits if name == kind]
        cells.append(f"{sum(hits)}/{len(hits)}")
    missing = [look for look in looks if not all(hit for _, hit in look.hits)]
    said = sum(bool(look.reading.unread) for look in missing)
    wrongly = sum(bool(look.reading.unread) for look in looks if look not in missing)
    invented = sum(look.invented for look in looks)
    return [*cells, str(said), str(len(missing) - said), str(wrongly), str(invented)]


def _plain_row(way: str, papers: int) -> list[str]:
    looks = []
    for seed in range(_TUNED_SEEDS, _TUNED_SEEDS + papers):
        page = plain_paper(seed)
        scan = WAYS[way](page, seed, None)
        looks.append(_look(CodePage(page), scan.pixels, scan.dpi))
    times = [look.milliseconds for look in looks]
    wrongly = sum(bool(look.reading.unread) for look in looks)
    invented = sum(look.invented for look in looks)
    cells = (papers, round(middle(times)), round(percentile(times, 95)), wrongly, invented)
    return [str(cell) for cell in cells]


def _rung_rows(looks: Sequence[Look]) -> list[list[str]]:
    """What each rung read, the most first; its cost is that of the pages on which it did."""
    read = Counter((code.rung, code.symbology) for look in looks for code in look.reading.found)
    rungs = Counter(code.rung for look in looks for code in look.reading.found)
    rows = []
    for rung, _ in rungs.most_common():
        on = [look for look in looks if any(code.rung == rung for code in look.reading.found)]
        times = [look.milliseconds for look in on]
        counts = str(read[rung, "Code128"]), str(read[rung, "QRCode"])
        rows.append([rung, *counts, str(len(on)), f"{middle(times):.0f}"])
    return rows


def _look(page: CodePage, pixels: Pixels, dpi: float) -> Look:
    begun = time.process_time()
    reading = look_for_codes(pixels, dpi)
    took = time.process_time() - begun
    read = [code.text for code in reading.found]
    hits = []
    for kind, text in page.symbols:
        hits.append((kind, text in read))
        if text in read:
            read.remove(text)
    printed = {text for _, text in page.symbols}
    invented = sum(text not in printed for text in read)
    return Look(1000 * took, bool(page.symbols), hits, invented, reading)


if __name__ == "__main__":
    main()
