"""Whether a paper that comes in again is noticed, and how often two other papers are asked about.

Each paper is scanned well once; then again in every way, saved anew, renewed (the same form of the
same family, issued another time), and somebody else's form of the kind stands beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from bench.papers import FILED_AS
from bench.report import cores, middle, note, print_report, print_table, wants_quick
from hoso.dossier.duplicates import Paper, Point, compare, is_worth_asking
from hoso.imaging.fingerprint import WIDTH, fingerprint_of
from hoso.imaging.likeness import distance
from hoso.imaging.pages import load_page
from hoso.ocr.clean import READING_DPI
from hoso.ocr.engines import EngineChoice
from hoso.ocr.fields import read_fields
from hoso.ocr.read import read_page
from hoso.ocr.sheet import in_grey, upright
from tests.paper import render
from tests.paper.degrade import seal_on
from tests.paper.stack import ScanPage, write_pdf
from tests.paper.ways import WAYS

if TYPE_CHECKING:
    from hoso.ocr.reading import PageReading

_FIRST = "light"
_SAVED_ANEW = "saved anew"
_RENEWED, _OTHERS = "renewed", "somebody else's"
_MOST_PAGES = 3
_SEED = 4_200
_SHOWN = (Point.PICTURES, Point.WORDS, Point.FIGURES)
_SECONDS = 120.0
_KINDS, _QUICK_KINDS = 13, 3


@dataclass(frozen=True, slots=True)
class Scanned:
    """A paper as it came in, what was read of it, and what making its fingerprints took."""

    kind: str
    way: str
    paper: Paper
    milliseconds: float


@dataclass(frozen=True, slots=True)
class _Scan:
    kind: str
    way: str


def main() -> None:
    """Scan every kind in every way and print what is asked about."""
    wanted = _QUICK_KINDS if wants_quick("papers that came in before") else _KINDS
    kinds = list(render.ALL_KINDS)
    kinds = kinds[:: len(kinds) // wanted][:wanted]
    ways = [*WAYS, _SAVED_ANEW, _RENEWED, _OTHERS]
    scans = [_Scan(kind, way) for kind in kinds for way in ("first", *ways)]
    note(f"scanning and reading {len(scans)} papers")
    with ProcessPoolExecutor(cores()) as pool:
        read = list(pool.map(_scanned, scans))
    firsts = {each.kind: each for each in read if each.way == "first"}
    groups: defaultdict[str, list[tuple[Scanned, Scanned]]] = defaultdict(list)
    for each in read:
        if each.way != "first":
            groups[each.way].append((firsts[each.kind], each))
    print_report(
        f"Duplicates: {len(kinds)} kinds, each scanned well and then again as said; asked are "
        "pairs that a person should look at; fingerprints apart in % of their bits",
        ("again", "pairs", "asked", "pictures", "words", "figures", "apart: median", "most"),
        [_row(way, groups[way]) for way in ways],
        packages=("opencv-python-headless", "rapidfuzz"),
    )
    print()
    print_table(("cost", "ms"), list(_costs(read)))


def _scanned(scan: _Scan) -> Scanned:
    seed = _SEED + (scan.way == _OTHERS)
    paper = render.render_paper(scan.kind, seed, renewal=int(scan.way == _RENEWED))
    way = WAYS[scan.way if scan.way in WAYS else _FIRST]
    # The same seed: the very same scan, saved anew.
    chance = 1 if scan.way in {"first", _SAVED_ANEW} else 2
    pages = [
        way(clean, chance * 1000 + place, seal_on(paper, place))
        for place, clean in enumerate(paper.pages[:_MOST_PAGES])
    ]
    if scan.way == _SAVED_ANEW:
        pages = [replace(page, quality=40) for page in pages]
    return _read(scan, pages)


def _read(scan: _Scan, pages: Sequence[ScanPage]) -> Scanned:
    readings: list[PageReading] = []
    pictures: list[str] = []
    seconds = 0.0
    engine = EngineChoice(kind="tesserocr").engine()
    with TemporaryDirectory() as folder:
        for place, scanned in enumerate(pages):
            pdf = Path(folder) / f"{place}.pdf"
            write_pdf([scanned], pdf)
            page = in_grey(load_page(pdf, 1, dpi=READING_DPI))
            reading = read_page(pdf, 1, page, engine=engine, timeout_seconds=_SECONDS)
            began = perf_counter()
            made = fingerprint_of(upright(page, reading.turn, reading.skew, width=WIDTH))
            seconds += perf_counter() - began
            pictures += [made] if made else []
            readings.append(reading)
    kind = FILED_AS.get(scan.kind, scan.kind)
    said = {
        field.key.value: field.value
        for field in read_fields([reading.words for reading in readings], kind)
    }
    day = said.get("issued_on")
    paper = Paper(
        kind=kind,
        pages=len(pages),
        pictures=tuple(pictures),
        text="\n".join(reading.text for reading in readings),
        number=said.get("paper_number"),
        issued_on=date.fromisoformat(day) if day else None,
    )
    return Scanned(scan.kind, scan.way, paper, 1000 * seconds / len(pages))


def _row(way: str, pairs: Sequence[tuple[Scanned, Scanned]]) -> list[str]:
    found = [compare(one.paper, other.paper) for one, other in pairs]
    apart = [100 * each for each in _apart(pairs)]
    return [
        way, str(len(pairs)), _share(map(is_worth_asking, found)),
        *(_share(point in each.agrees for each in found) for point in _SHOWN),
        f"{middle(apart):.1f}", f"{max(apart):.1f}",
    ]  # fmt: skip


def _apart(pairs: Iterable[tuple[Scanned, Scanned]]) -> Iterator[float]:
    for one, other in pairs:
        for mine, its in zip(one.paper.pictures, other.paper.pictures, strict=False):
            yield distance(mine, its)


def _share(said: Iterable[bool]) -> str:
    counted = list(said)
    return f"{100 * sum(counted) / len(counted):.0f} %"


def _costs(read: Sequence[Scanned]) -> Iterator[list[str]]:
    yield ["a fingerprint, per page", f"{middle([each.milliseconds for each in read]):.1f}"]
    papers = [each.paper for each in read]
    began = perf_counter()
    for one, other in pairwise(papers):
        compare(one, other)
    yield ["comparing two papers", f"{1000 * (perf_counter() - began) / (len(papers) - 1):.1f}"]


if __name__ == "__main__":
    main()
