"""What reuse spared people and how much is digitised, counted over dossiers received in a period.

Every figure is a sum over dossiers, so parts add up to their total whatever they are grouped by.
The shares are those of QĐ 766/QĐ-TTg (4.2 to 4.4). Where there is a choice, the smaller figure is
taken: a line that was also served by a new paper spared nothing, a line counts once however many
papers serve it, blank backs are no pages, and a dossier spares one trip at the most.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Final

FULL_MARKS_PERCENT: Final = 80
_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """A requirement as it stood when the dossier was received.

    `copies`: originals and copies it asks for. `fetched`: people have to get such a paper
    somewhere; forms that are made for each dossier and papers that are only shown are not.
    """

    key: str
    copies: int = 1
    optional: bool = False
    fetched: bool = True


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a dossier, and the line it serves (None: beyond the list).

    `from_store`: it was scanned for another dossier. `kept`: its archived copy is there. `blank`
    of its `pages` bear nothing.
    """

    line: str | None
    pages: int
    blank: int = 0
    reused: bool = False
    from_store: bool = False
    kept: bool = True
    fetched: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a dossier is counted: its field, its procedure, the desk that received it."""

    field: str
    procedure: str
    desk: str


@dataclass(frozen=True, slots=True)
class Received:
    """A dossier received in the period, with its checklist, its papers and its results."""

    place: Place
    lines: tuple[Line, ...] = ()
    papers: tuple[Paper, ...] = ()
    results: int = 0
    results_kept: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, in percent with two decimals; of nothing there is no share."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """Rounded half up, but never up to full marks or to all: the figure must not say so."""
        if not self.whole:
            return None
        exact = Decimal(self.part) * 100 / self.whole
        rounded = exact.quantize(_HUNDREDTH, ROUND_HALF_UP)
        is_up_to = exact < rounded and rounded in {FULL_MARKS_PERCENT, 100}
        return rounded - _HUNDREDTH if is_up_to else rounded

    @property
    def has_full_marks(self) -> bool | None:
        """Whether it is worth all points (QĐ 766/QĐ-TTg); None where there is no share."""
        return self.part * 100 >= FULL_MARKS_PERCENT * self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over dossiers. What is a total of others is computed from them, never counted."""

    dossiers: int = 0
    papers_new: int = 0
    papers_reused: int = 0
    papers_kept: int = 0  # of all these: with an archived copy
    pages_new: int = 0
    pages_reused: int = 0  # blank ones among them
    results: int = 0
    results_kept: int = 0
    lines_spared: int = 0
    pages_not_asked: int = 0
    copies_not_asked: int = 0
    trips_not_asked: int = 0
    no_new_paper: int = 0  # of these trips: dossiers for which nothing at all was handed in
    with_reuse: int = 0
    with_paper_from_store: int = 0
    with_paper_kept: int = 0
    with_result_kept: int = 0
    digitised: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Figure by figure."""
        return Counts(*map(int.__add__, _values(self), _values(other)))

    @property
    def papers(self) -> int:
        """Attached papers, new and reused."""
        return self.papers_new + self.papers_reused

    @property
    def pages(self) -> int:
        """Pages of the attached papers."""
        return self.pages_new + self.pages_reused

    @property
    def reused_not_counted(self) -> int:
        """Reused papers that spared nothing: their line had a new paper, or another one, too."""
        return self.papers_reused - self.lines_spared

    @property
    def digitised_share(self) -> Share:
        """4.2: dossiers with a file in their components and in their result."""
        return Share(self.digitised, self.dossiers)

    @property
    def reuse_share(self) -> Share:
        """4.3: dossiers with a component marked as reused."""
        return Share(self.with_reuse, self.dossiers)

    @property
    def store_share(self) -> Share:
        """4.4: dossiers with a component taken from what the person handed in before."""
        return Share(self.with_paper_from_store, self.dossiers)


FIGURES: Final = tuple(field.name for field in fields(Counts))
_values = attrgetter(*FIGURES)


def counts_of(dossier: Received) -> Counts:
    """What one dossier adds to every figure."""
    spared = list(spared_lines(dossier))
    new = [paper for paper in dossier.papers if not paper.reused]
    reused = [paper for paper in dossier.papers if paper.reused]
    trip = spared_a_trip(dossier, {line.key for line, _ in spared})
    has_paper = any(paper.kept for paper in dossier.papers)
    return Counts(
        dossiers=1,
        papers_new=len(new),
        papers_reused=len(reused),
        papers_kept=sum(paper.kept for paper in dossier.papers),
        pages_new=sum(paper.pages for paper in new),
        pages_reused=sum(paper.pages for paper in reused),
        results=dossier.results,
        results_kept=dossier.results_kept,
        lines_spared=len(spared),
        pages_not_asked=sum(_inked(paper) for _, paper in spared),
        copies_not_asked=sum(line.copies for line, _ in spared),
        trips_not_asked=trip,
        no_new_paper=trip and not new,
        with_reuse=bool(reused),
        with_paper_from_store=any(paper.from_store for paper in reused),
        with_paper_kept=has_paper,
        with_result_kept=dossier.results_kept > 0,
        digitised=has_paper and dossier.results_kept > 0,
    )


def spared_lines(dossier: Received) -> Iterator[tuple[Line, Paper]]:
    """Lines that nothing was handed in for, each with the thinnest paper that serves it again."""
    for line in dossier.lines:
        serving = [paper for paper in dossier.papers if paper.line == line.key]
        if serving and all(paper.reused and paper.from_store for paper in serving):
            yield line, min(serving, key=_inked)


def spared_a_trip(dossier: Received, spared: set[str]) -> bool:
    """Whether nobody had to fetch a paper for it, and would have had to without reuse.

    All that is asked for and has to be fetched was spared, and nothing of the kind was handed in.
    """
    fetched = [line for line in dossier.lines if line.fetched]
    return (
        any(line.key in spared for line in fetched)
        and all(line.key in spared or line.optional for line in fetched)
        and not any(paper.fetched and not paper.reused for paper in dossier.papers)
    )


def total(parts: Iterable[Counts]) -> Counts:
    """The sum of the parts: the only way a total is made."""
    return sum(parts, start=Counts())


def contradictions(counts: Counts) -> list[str]:
    """What cannot be true of one another; empty for every sum of dossiers."""
    c = counts
    never_more = (
        ("digitised", c.digitised, min(c.with_paper_kept, c.with_result_kept)),
        ("with_paper_kept", c.with_paper_kept, c.dossiers),
        ("with_result_kept", c.with_result_kept, min(c.dossiers, c.results_kept)),
        ("with_reuse", c.with_reuse, min(c.dossiers, c.papers_reused)),
        ("with_paper_from_store", c.with_paper_from_store, c.with_reuse),
        ("no_new_paper", c.no_new_paper, c.trips_not_asked),
        ("trips_not_asked", c.trips_not_asked, min(c.with_paper_from_store, c.lines_spared)),
        ("lines_spared", c.lines_spared, c.papers_reused),
        ("pages_not_asked", c.pages_not_asked, c.pages_reused),
        ("papers_kept", c.papers_kept, c.papers),
        ("results_kept", c.results_kept, c.results),
    )
    return [name for name, figure, most in never_more if not 0 <= figure <= most]


def _inked(paper: Paper) -> int:
    return max(0, paper.pages - paper.blank)
