"""Blank backs found and pages lost, kind by kind, on pages to tune on and on pages kept apart."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

import cv2

from bench.report import middle, note, percentile, print_report, wants_quick
from hoso.imaging.look import look
from hoso.imaging.page import PageImage
from tests.paper.backs import KnownBack
from tests.paper.sets import KnownPage, kept_backs, kept_pages, tuning_backs, tuning_pages
from tests.paper.stack import ScanPage

_BACKS, _PAGES = 228, 60
_QUICK_BACKS, _QUICK_PAGES = 40, 8
_HEADINGS = ("set", "page", "is", "pages", "flagged blank", "wrong", "ms median", "ms p95")


@dataclass
class _Tally:
    """What became of the pages of one kind."""

    blank: bool
    flagged: int = 0
    milliseconds: list[float] = field(default_factory=list)

    def add(self, scan: ScanPage) -> None:
        """Look at one more."""
        began = time.process_time()
        self.flagged += look(PageImage(scan.pixels, scan.dpi)).blank
        self.milliseconds.append(1000 * (time.process_time() - began))

    @property
    def wrong(self) -> int:
        """Blank pages not flagged, or others lost."""
        return len(self.milliseconds) - self.flagged if self.blank else self.flagged


def main() -> None:
    """Look at backs of every kind and at pages of text."""
    quick = wants_quick("blank pages found, and pages lost")
    cv2.setNumThreads(1)
    backs, pages = (_QUICK_BACKS, _QUICK_PAGES) if quick else (_BACKS, _PAGES)
    rows = []
    for name, some_backs, some_pages in (
        ("tuning", tuning_backs(), tuning_pages()),
        ("kept", kept_backs(), kept_pages()),
    ):
        note(f"{name}: {backs} backs and {pages} pages of text")
        rows += _rows(name, islice(some_backs, backs), islice(some_pages, pages))
    print_report(
        "Blank pages, one core; milliseconds of CPU a page, from the decoded picture",
        _HEADINGS,
        rows,
        packages=("opencv-python-headless", "numpy"),
    )


def _rows(name: str, backs: Iterable[KnownBack], pages: Iterable[KnownPage]) -> list[list[str]]:
    tallies: dict[str, _Tally] = {}
    for back in backs:
        tallies.setdefault(back.kind, _Tally(back.blank)).add(back.scan)
    for page in pages:
        tallies.setdefault(f"text, {page.way}", _Tally(blank=False)).add(page.scan)
    kinds = sorted(tallies.items(), key=lambda item: (not item[1].blank, item[0]))
    return [_row(name, kind, tally) for kind, tally in kinds] + _totals(name, tallies.values())


def _row(name: str, kind: str, tally: _Tally) -> list[str]:
    return [
        name,
        kind.replace("_", " "),
        "blank" if tally.blank else "not blank",
        str(len(tally.milliseconds)),
        str(tally.flagged),
        str(tally.wrong),
        f"{middle(tally.milliseconds):.0f}",
        f"{percentile(tally.milliseconds, 95):.0f}",
    ]


def _totals(name: str, tallies: Iterable[_Tally]) -> list[list[str]]:
    totals = {True: _Tally(blank=True), False: _Tally(blank=False)}
    for tally in tallies:
        total = totals[tally.blank]
        total.flagged += tally.flagged
        total.milliseconds += tally.milliseconds
    return [_row(name, "**all**", total) for total in totals.values()]


if __name__ == "__main__":
    main()
