"""Milliseconds a page and share of symbols read, for pages with codes and without.

Every page is scanned at three resolutions in four qualities: `clean` is only sampled; the others
are treated like `tests.paper.degrade`'s presets, whose resolutions are fixed.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from bench.report import middle, note, percentile, print_report, wants_quick
from hoso.barcode.code import DossierCode, SeparatorLabel
from hoso.barcode.label import stamp_pdf
from hoso.barcode.read import read_codes
from hoso.barcode.sheets import SeparatorSheet, separator_sheets_pdf
from hoso.barcode.slip import SlipComponent, SlipData, legal_qr_text, slip_pdf
from hoso.imaging.page import Pixels
from tests.paper import optics
from tests.paper.degrade import mistreated, seal_on, stamped
from tests.paper.ink import DPI
from tests.paper.ink import pixels as in_pixels
from tests.paper.render import KINDS, pixels_of, render_paper

_RESOLUTIONS = (150, 200, 300)
_HEADINGS = (
    "dpi", "quality", "ms/page median", "p95", "without codes: median", "p95",
    "separators", "slips' Code 128", "slips' QR", "stamps 0.25 mm", "invented",
)  # fmt: skip
_RECEIVED = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
_STAMP_AT_MM = (136, 4)  # a free corner at the top right


@dataclass(frozen=True)
class CodePage:
    """A clean page (at `DPI`) and the symbols on it, by the kind they are counted under."""

    pixels: Pixels
    symbols: Sequence[tuple[str, str]] = ()  # (kind, text)


@dataclass(frozen=True)
class Look:
    """What reading one scan took and gave; `hits` has an entry per symbol that is on the page."""

    milliseconds: float
    has_codes: bool
    hits: Sequence[tuple[str, bool]]
    invented: int


Treatment = Callable[[Pixels, int, np.random.Generator], Pixels]


def clean(page: Pixels, dpi: int, rng: np.random.Generator) -> Pixels:
    """As a perfect scanner samples it."""
    del rng
    return optics.downscale(page, DPI, dpi)


def light(page: Pixels, dpi: int, rng: np.random.Generator) -> Pixels:
    """At most 1° askew, JPEG 75."""
    turned = optics.skew(optics.downscale(page, DPI, dpi), float(rng.uniform(-1, 1)))
    return optics.through_jpeg(turned, 75)


def medium(page: Pixels, dpi: int, rng: np.random.Generator) -> Pixels:
    """2 to 3° askew, unevenly lit, noisy, JPEG 75."""
    askew = float(rng.uniform(2, 3) * rng.choice((-1, 1)))
    turned = optics.skew(optics.downscale(page, DPI, dpi), askew)
    return optics.through_jpeg(optics.noise(optics.uneven_light(turned, rng), rng, sigma=7), 75)


def hard(page: Pixels, dpi: int, rng: np.random.Generator) -> Pixels:
    """Sealed over, folded, stained, grey, blurred, noisy, JPEG 60."""
    sheet = optics.downscale(mistreated(page, rng, None), DPI, dpi)
    turned = optics.grey(optics.skew(sheet, float(rng.uniform(1, 3) * rng.choice((-1, 1)))))
    soft = optics.blur(optics.uneven_light(turned, rng, depth=0.3), 0.6 * dpi / 150)
    return optics.through_jpeg(optics.noise(soft, rng, sigma=8), 60)


_QUALITIES: tuple[Treatment, ...] = (clean, light, medium, hard)


def main() -> None:
    """Scan every page in every way and read it once, untimed work left out."""
    of_each = 2 if wants_quick("milliseconds a page for codes") else 6
    pages = list(_pages(of_each))
    rows = []
    for dpi in _RESOLUTIONS:
        for quality in _QUALITIES:
            note(f"{dpi} dpi, {quality.__name__}")
            rows.append([str(dpi), quality.__name__, *_row(pages, dpi, quality)])
    print_report(
        f"Codes: {len(pages)} pages a line, one core; {of_each} each of separator sheets, slips, "
        f"stamped papers, papers without codes",
        _HEADINGS,
        rows,
        packages=("zxing-cpp", "pyzbar", "opencv-python-headless"),
    )


def _row(pages: Sequence[CodePage], dpi: int, quality: Treatment) -> list[str]:
    looks = [
        _look(page, quality(page.pixels, dpi, np.random.default_rng([dpi, seed])), dpi)
        for seed, page in enumerate(pages)
    ]
    cells = []
    for has_codes in (True, False):
        times = [look.milliseconds for look in looks if look.has_codes is has_codes]
        cells += [f"{middle(times):.0f}", f"{percentile(times, 95):.0f}"]
    for kind in ("separator", "slip", "qr", "stamp"):
        hits = [hit for look in looks for name, hit in look.hits if name == kind]
        cells.append(f"{sum(hits)}/{len(hits)}")
    return [*cells, str(sum(look.invented for look in looks))]


def _look(page: CodePage, scan: Pixels, dpi: int) -> Look:
    begun = time.perf_counter()
    found = read_codes(scan, dpi)
    took = time.perf_counter() - begun
    read = [code.text for code in found]
    hits = []
    for kind, text in page.symbols:
        hits.append((kind, text in read))
        if text in read:
            read.remove(text)
    printed = {text for _, text in page.symbols}
    invented = sum(text not in printed for text in read)
    return Look(1000 * took, bool(page.symbols), hits, invented)


def _pages(of_each: int) -> Iterator[CodePage]:
    for number in range(1, of_each + 1):
        code = DossierCode.make("H57.22.10", _RECEIVED.date(), number)
        yield _separator(1000 + number)
        yield _slip(code)
        yield _stamped_paper(code, number)
        yield CodePage(_paper(number + of_each))


def _separator(sheet_number: int) -> CodePage:
    """A separator bears its label at the top and at the bottom: two symbols."""
    label = SeparatorLabel(sheet_number)
    (page,) = pixels_of(separator_sheets_pdf([SeparatorSheet(label=label, title="Giấy tờ")]))
    return CodePage(page, [("separator", label.digits())] * 2)


def _slip(code: DossierCode) -> CodePage:
    """A slip (A5), lying on the glass of an A4 scanner."""
    due = _RECEIVED + timedelta(days=3)
    legal = legal_qr_text(
        code=code, procedure_code="1.001193", person_number="001185012345",
        issued_at=_RECEIVED, due_at=due,
    )  # fmt: skip
    link = f"http://127.0.0.1:8480/track/{code.ordinal:022}"
    data = SlipData(
        code=code, agency="UBND xã Mẫu", place="Xã Mẫu", procedure_name="Đăng ký khai sinh",
        procedure_code="1.001193", owner="Nguyễn Thị Lan", submitter="Nguyễn Thị Lan",
        components=[SlipComponent(name="Giấy chứng sinh", originals=1)], limit="03 ngày làm việc",
        received_at=_RECEIVED, due_at=due, return_place="Quầy trả kết quả",
        receiver="Trần Văn Hùng", legal_text=legal, tracking_url=link,
    )  # fmt: skip
    glass = np.full((in_pixels(297), in_pixels(210), 3), 250, np.uint8)
    _lay(glass, pixels_of(slip_pdf(data))[0], (4, 4))
    return CodePage(glass, [("slip", str(code)), ("qr", legal), ("qr", link)])


def _stamped_paper(code: DossierCode, seed: int) -> CodePage:
    page = _paper(seed)
    _lay(page, pixels_of(stamp_pdf(code))[0], _STAMP_AT_MM)
    return CodePage(page, [("stamp", str(code))])


def _paper(seed: int) -> Pixels:
    """The first page of a paper, every kind in turn, sealed."""
    kinds = list(KINDS)
    paper = render_paper(kinds[seed % len(kinds)], seed)
    return stamped(paper.pages[0], seal_on(paper, 0), np.random.default_rng([5, seed])).copy()


def _lay(page: Pixels, piece: Pixels, at_mm: tuple[int, int]) -> None:
    """Put a piece on a page, its top left corner `at_mm`; what sticks out is lost."""
    left, top = in_pixels(at_mm[0]), in_pixels(at_mm[1])
    there = page[top : top + piece.shape[0], left : left + piece.shape[1]]
    there[...] = piece[: there.shape[0], : there.shape[1]]


if __name__ == "__main__":
    main()
