"""What is read of papers that came in every way: errors, numbers, and what confidence is worth.

On the papers that hoso was tuned on and on papers kept apart: other seeds, kinds, faces and ways.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.report import cores, middle, note, print_report, print_table, wants_quick
from hoso.imaging.pages import load_page
from hoso.ocr.clean import READING_DPI
from hoso.ocr.engines import EngineChoice
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
from tests.paper.scoring import order_free_error
from tests.paper.sets import KnownPage, kept_pages, tuning_pages
from tests.paper.stack import write_pdf

_PAGES, _QUICK_PAGES = 120, 18
_SECONDS = 120.0
_SHOWN = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)
_SURE = 0.9
_HEADINGS = (
    "set", "way", "pages", "error: mean", "median", "ids found", "wrong ids", "of these sure",
    "turned wrong",
)  # fmt: skip


@dataclass(frozen=True)
class Read:
    """One page of a set, `name`, and what was read of it."""

    name: str
    way: str
    turn: int
    text: str
    ids: Sequence[str]
    reading: PageReading

    @property
    def wrong_ids(self) -> list[float]:
        """Confidences of what looks like an id and stands nowhere on the paper."""
        words = ((word.text.strip(".,;:()"), word.confidence) for word in self.reading.words)
        return [
            confidence
            for text, confidence in words
            if len(text) == 12 and text.isdigit() and text not in self.text
        ]


def main() -> None:
    """Read both sets and print what came of it."""
    wanted = _QUICK_PAGES if wants_quick("what is read of papers of every kind") else _PAGES
    read = [*_read_set("tuning", tuning_pages(), wanted), *_read_set("kept", kept_pages(), wanted)]
    print_report(
        f"Reading: {wanted} pages a set; order-free character errors in %; printed ids only, those "
        "by hand are not counted; an id is sure that is shown at 0.9 and more",
        _HEADINGS,
        [_row(pages) for pages in _by_way(read)],
        packages=("tesserocr", "pytesseract", "opencv-python-headless"),
    )
    print("\nWords by the confidence they are shown with, and the share of them that is right:\n")
    print_table(("shown", "tuning: words", "right", "kept: words", "right"), list(_shares(read)))


def _read_set(name: str, pages: Iterator[KnownPage], wanted: int) -> list[Read]:
    note(f"{name}: drawing {wanted} pages")
    known = list(islice(pages, wanted))
    with TemporaryDirectory() as folder, ProcessPoolExecutor(cores()) as pool:
        places = []
        for number, page in enumerate(known):
            places.append(Path(folder) / f"{number}.pdf")
            write_pdf([page.scan], places[-1])
        note(f"{name}: reading")
        return [
            Read(name, page.way, page.turn, page.text, page.numbers.citizen_ids, reading)
            for page, reading in zip(known, pool.map(read_pdf, places), strict=True)
        ]


def read_pdf(pdf: Path) -> PageReading:
    """The first page of a PDF, as hoso reads it."""
    page = load_page(pdf, 1, dpi=READING_DPI)
    engine = EngineChoice(kind="tesserocr").engine()
    return read_page(pdf, 1, page, engine=engine, timeout_seconds=_SECONDS)


def _by_way(read: Iterable[Read]) -> Iterator[list[Read]]:
    """The pages of each set, by way and then all."""
    groups: defaultdict[tuple[str, str], list[Read]] = defaultdict(list)
    for page in read:
        groups[page.name, page.way].append(page)
        groups[page.name, "all"].append(page)
    yield from (groups[key] for key in sorted(groups, key=lambda key: (key[0], key[1] == "all")))


def _row(pages: list[Read]) -> list[str]:
    errors = [100 * order_free_error(page.text, page.reading.text) for page in pages]
    ids = [(number, page.reading.text) for page in pages for number in page.ids]
    wrong = [confidence for page in pages for confidence in page.wrong_ids]
    turned = [page for page in pages if (page.reading.turn + page.turn) % 360]
    ways = {page.way for page in pages}
    return [
        pages[0].name,
        ways.pop() if len(ways) == 1 else "all",
        str(len(pages)),
        f"{sum(errors) / len(errors):.2f}",
        f"{middle(errors):.2f}",
        f"{sum(number in text for number, text in ids)}/{len(ids)}",
        str(len(wrong)),
        str(sum(confidence >= _SURE for confidence in wrong)),
        f"{sum(page.reading.turn_sure for page in turned)}, {len(turned)} with the flagged",
    ]


def _shares(read: Iterable[Read]) -> Iterator[list[str]]:
    words = [(page.name, *word) for page in read for word in _marked(page)]
    for low, high in [*pairwise(_SHOWN), (_SURE, _SHOWN[-1])]:
        row = [f"{low} and more" if high > 1 else f"{low} to {high}"]
        for name in ("tuning", "kept"):
            right = [ok for of, shown, ok in words if of == name and low <= shown < high]
            share = f"{100 * sum(right) / len(right):.1f} %" if right else "–"
            row += [str(len(right)), share]
        yield row


def _marked(page: Read) -> Iterator[tuple[float, bool]]:
    """Each word's confidence, and whether the paper bears that word (as often)."""
    left = Counter(page.text.split())
    for word in page.reading.words:
        right = left[word.text] > 0
        left[word.text] -= right
        yield word.confidence, right


if __name__ == "__main__":
    main()
