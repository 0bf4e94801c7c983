"""The pages on which recognition is tuned, and those kept apart for final figures.

Look at `tuning_pages` and `tuning_backs` as often as you like. `kept_pages` and `kept_backs` only
give the figures that are reported: whoever mends something after seeing one of them has made it
a tuning page. They are kept apart by more than their seeds:

- people, numbers and the places of chance: the sets have no seed in common, nor with the
  benchmarks' stacks;
- kinds: the papers in `_KEPT_KINDS` are in no other set;
- type: the kept face prints half of the kept pages and no other; answers by hand come with it
  in a hand of its own;
- ways of arriving: fax, old copy and document camera are kept; the others are in both sets, with
  other chance;
- backs: the kinds in `_KEPT_BACKS` are in no other set.

What the two share is who made them. Real scans remain the better judge.
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from itertools import chain, count, cycle, starmap

from hoso.imaging.page import Pixels
from tests.paper import optics
from tests.paper.backs import BLANK, NEARLY_BLANK, KnownBack, scan_back
from tests.paper.degrade import seal_on
from tests.paper.people import dice
from tests.paper.render import ALL_KINDS, Face, render_paper
from tests.paper.stack import ScanPage
from tests.paper.truth import Numbers, PrintedWord, numbers_on
from tests.paper.ways import WAYS

_KEPT_KINDS = (
    "land_use_certificate",
    "enterprise_certificate",
    "death_extract",
    "poor_household_certificate",
)
_KEPT_WAYS = ("fax", "old_copy", "document_camera")
_KEPT_BACKS = ("watermarked", "long_kept", "stapled", "pencil_note", "page_number")
_TURN_EVERY, _TURNS = 7, (90, 180, 270)


@dataclass(frozen=True)
class KnownPage:
    """A scanned page of which everything is known.

    `scan` lies turned clockwise by `turn` (0, 90, 180 or 270) degrees from upright; `clean` is
    the page before anything happened to it, H×W×3 BGR at 300 dpi, and `words` have their
    places there, not on the scan. `text` is all that stands on it, a line a line. `numbers` are
    those in print or typed; those by hand stand apart, as engines for print do not promise them.
    The `dpi` of a picture without one is what it would be if the picture were an A4 sheet.
    """

    kind: str
    seed: int
    face: Face
    way: str
    turn: int
    scan: ScanPage
    clean: Pixels
    text: str
    words: list[PrintedWord]
    numbers: Numbers
    numbers_by_hand: Numbers


@dataclass(frozen=True, slots=True)
class _Source:
    """What a set is drawn from."""

    kinds: tuple[str, ...]
    faces: tuple[Face, ...]
    ways: tuple[str, ...]
    backs: tuple[str, ...]
    first_seed: int


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A paper yet to be made, and the way in which it is to arrive."""

    kind: str
    seed: int
    face: Face
    way: str


def _without(names: Iterable[str], kept: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in kept)


def _shuffled(names: tuple[str, ...]) -> tuple[str, ...]:
    """In an order without meaning, so that the first few are not all of one sort."""
    return tuple(dice("order of sets").sample(names, len(names)))


_TUNING = _Source(
    kinds=_shuffled(_without(ALL_KINDS, _KEPT_KINDS)),
    faces=(Face.OFFICIAL, Face.SANS, Face.OFFICIAL, Face.BOOK),
    ways=_without(WAYS, _KEPT_WAYS),
    backs=_shuffled(_without(BLANK | NEARLY_BLANK, _KEPT_BACKS)),
    first_seed=20_000,
)
_KEPT = _Source(
    kinds=_shuffled((*ALL_KINDS, *_KEPT_KINDS)),  # these twice: they tell the most
    faces=(Face.OFFICIAL, Face.KEPT),
    ways=tuple(WAYS),
    backs=_shuffled(tuple(BLANK | NEARLY_BLANK)),
    first_seed=70_000,
)


def tuning_pages() -> Iterator[KnownPage]:
    """Pages to tune on, without end and always the same; take as many of the first as you like."""
    return _pages(_TUNING)


def kept_pages() -> Iterator[KnownPage]:
    """Pages for final figures only, without end and always the same."""
    return _pages(_KEPT)


def tuning_backs() -> Iterator[KnownBack]:
    """Blank and nearly blank backs to tune on, without end and always the same."""
    return _backs(_TUNING)


def kept_backs() -> Iterator[KnownBack]:
    """Blank and nearly blank backs for final figures only, without end and always the same."""
    return _backs(_KEPT)


def _backs(source: _Source) -> Iterator[KnownBack]:
    """Every kind of back in turn, behind every kind of paper."""
    dealt = zip(count(source.first_seed), cycle(source.backs), cycle(source.kinds), strict=False)
    for seed, back, kind in dealt:
        yield scan_back(back, seed, front=render_paper(kind, seed).pages[0])


def _pages(source: _Source) -> Iterator[KnownPage]:
    return starmap(_turned, enumerate(chain.from_iterable(map(_arrived, _arrivals(source))), 1))


def _arrivals(source: _Source) -> Iterator[_Arrival]:
    """Every kind in turn; a kind comes back another way and in another face each time.

    So the first few dozen pages already hold all kinds, ways and faces in nearly equal parts,
    and no way always goes with the same kind or face.
    """
    kinds, faces, ways = source.kinds, source.faces, source.ways
    for number in count():
        turn, place = divmod(number, len(kinds))
        face = faces[(place + 2 * turn + turn // len(ways)) % len(faces)]
        way = ways[(place + turn) % len(ways)]
        yield _Arrival(kinds[place], source.first_seed + number, face, way)


def _arrived(arrival: _Arrival) -> Iterator[KnownPage]:
    """The pages of one paper, upright."""
    kind, seed, face, way = astuple(arrival)
    paper = render_paper(kind, seed, face)
    own = paper.fields.get("paper_number")
    for place, (clean, text, words) in enumerate(
        zip(paper.pages, paper.text, paper.words, strict=True)
    ):
        scanned = WAYS[way](clean, seed * 10 + place, seal_on(paper, place))
        printed = " ".join(word.text for word in words if not word.by_hand)
        by_hand = " ".join(word.text for word in words if word.by_hand)
        yield KnownPage(
            kind, seed, face, way, 0, scanned, clean, text, words,
            numbers=numbers_on(printed, own if isinstance(own, str) else None),
            numbers_by_hand=numbers_on(by_hand),
        )  # fmt: skip


def _turned(number: int, page: KnownPage) -> KnownPage:
    """Every seventh page was fed or held the wrong way round."""
    times, rest = divmod(number, _TURN_EVERY)
    if rest:
        return page
    turn = _TURNS[times % len(_TURNS)]
    scanned = replace(page.scan, pixels=optics.quarter_turn(page.scan.pixels, turn))
    return replace(page, turn=turn, scan=scanned)
