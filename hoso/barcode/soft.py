"""Which Code 128 a line of darkness shows: all its symbols weighed together, none decided alone.

Readers measure one bar after the other and so need bars of two pixels. Here the line is compared
with what each symbol would look like out of focus, and the sequence is sought that fits best *and*
whose check symbol agrees. How much worse the next best one fits says how far to trust it: stamps of
0.25 mm, badly scanned at 100 to 150 dpi (bars of 1 to 1.5 pixels), lead by 36 to 500 times the
noise; wrong readings of bars that were struck through or torn by 17 at the most.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from math import ceil

import numpy as np
from numpy.typing import NDArray

from hoso.barcode.bars import FINER, HALF, Line
from hoso.barcode.symbols import (
    MODULUS,
    SAMPLES,
    START_A,
    START_C,
    STOP,
    STOP_MODULES,
    SYMBOL_MODULES,
    WINDOW,
    Pictures,
    pictures,
    text_of,
)

_LEAST_LEAD = 25.0
_MOST_LOCAL_MISFIT = (
    8.0  # times the mean: 4 in whole symbols, 2 to 8 under a seal, 8 to 40 struck out
)
_MOST_MISFIT = 0.012  # mean square, where ink is 1 and paper 0; print or hatching: 0.03
_MOST_END_MISFIT = 0.05

_LEAST_SYMBOLS, _MOST_SYMBOLS = 5, 40  # start, data, check
_MODULE_PIXELS = np.geomspace(0.85, 12, 24)
_QUIET_MODULES = 6.5  # whiter than any gap inside, and less than a frayed quiet zone leaves
_LEAST_NOISE = 0.0005  # of a line drawn, not scanned
_LEAST_TURNS = 20
_STEP = 1.08  # between the modules tried, half of it
_NUDGES = (-0.15, 0.0, 0.15)  # modules
_BENDS = np.arange(-4.0, 4.1, 0.5)
_TRIED = 3  # of the ways to cut the line into symbols, those whose ends fit best

Costs = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SoftReading:
    """What a line says, the samples at which its first and last bar end, and its module."""

    text: str
    begins: float
    ends: float
    module_pixels: float


@dataclass(frozen=True, slots=True)
class _Cut:
    """A way to cut a line from `begins` to `ends` into symbols; the stop is not counted."""

    line: Line
    begins: float
    ends: float
    symbols: int
    backwards: bool
    bend: float = 0.0  # how far the middle lies off, in modules

    @property
    def span(self) -> tuple[float, float]:
        """Where it begins and ends on the line as it was given."""
        if not self.backwards:
            return self.begins, self.ends
        return len(self.line) - self.ends, len(self.line) - self.begins

    @property
    def module(self) -> float:
        return (self.ends - self.begins) / (SYMBOL_MODULES * self.symbols + STOP_MODULES)

    def windows(self, places: Sequence[int]) -> NDArray[np.float32]:
        """The line's darkness at some symbols' places, sampled as pictures are."""
        within = (np.arange(WINDOW) + 0.5) / SAMPLES
        modules = SYMBOL_MODULES * np.array(places)[:, None] + within
        along = modules * self.module / (self.ends - self.begins)
        at = self.begins + (modules + 4 * self.bend * along * (1 - along)) * self.module
        return np.interp(at, np.arange(len(self.line)), self.line).astype(np.float32)

    def bent(self) -> Iterator["_Cut"]:
        """This cut as a camera sees it askew: modules wider towards one end than the other."""
        return (replace(self, bend=bend) for bend in _BENDS)

    def nudged(self) -> Iterator["_Cut"]:
        """This cut and its neighbours: blurred ends are seen a little off."""
        for left in _NUDGES:
            for right in _NUDGES:
                begins, ends = self.begins + left * self.module, self.ends + right * self.module
                yield replace(self, begins=begins, ends=ends)


def read_softly(line: Line) -> SoftReading | None:
    """The Code 128 on the line, whichever way round; None unless it leads clearly."""
    cuts = _best_ends(line)
    if not cuts:
        return None
    best = min(map(_weigh, cuts), key=_misfit)
    if best.misfit > _MOST_MISFIT:
        bent = chain.from_iterable(cut.bent() for cut in cuts)
        best = min(map(_weigh, bent), key=_misfit)
    best = min((_weigh(cut, best.way) for cut in best.cut.nudged()), key=_misfit)
    text = best.text() if best.misfit < _MOST_MISFIT else None
    if text is None:
        return None
    begins, ends = best.cut.span
    return SoftReading(text, begins / FINER, ends / FINER, best.cut.module / FINER)


def _best_ends(line: Line) -> list[_Cut]:
    """The few ways to cut the line that begin and end most like a Code 128."""
    backwards = np.ascontiguousarray(line[::-1])
    cuts = [*_cuts(line, backwards=False), *_cuts(backwards, backwards=True)]
    if not cuts:
        return []
    ends = np.array([cut.windows([0, cut.symbols]) for cut in cuts])
    starts = _misfits(ends[:, 0], pictures()[:, START_A : START_C + 1]).min(axis=2)
    stops = _misfits(ends[:, 1], pictures()[:, STOP:])[:, :, 0]
    worst = np.maximum(starts, stops).min(axis=0) / WINDOW
    return [cuts[i] for i in np.argsort(worst)[:_TRIED] if worst[i] < _MOST_END_MISFIT]


def _cuts(line: Line, *, backwards: bool) -> Iterator[_Cut]:
    """Every way to cut what stands in the line's middle between two quiet zones."""
    ink = line > HALF
    turns = np.flatnonzero(np.diff(ink.astype(np.int8))) + 1
    if len(turns) < _LEAST_TURNS:
        return
    # Gaps lie between an odd turn and the next: bars begin at the even ones of them.
    turns = turns[int(ink[0]) :]
    turns = turns[: len(turns) // 2 * 2]
    begins, ends = turns[0::2], turns[1::2]
    gaps = begins[1:] - ends[:-1]
    middle = int(np.searchsorted(ends, len(line) // 2).clip(0, len(begins) - 1))
    known: set[tuple[int, int, int]] = set()
    for module in _MODULE_PIXELS * FINER:
        wide = np.flatnonzero(gaps > _QUIET_MODULES * module)
        first = int(wide[wide < middle].max(initial=-1)) + 1
        last = int(wide[wide >= middle].min(initial=len(begins) - 1))
        modules = (ends[last] - begins[first]) / module - STOP_MODULES
        fewest = max(_LEAST_SYMBOLS, ceil(modules / _STEP / SYMBOL_MODULES))
        most = min(_MOST_SYMBOLS, int(modules * _STEP / SYMBOL_MODULES))
        for symbols in range(fewest, most + 1):
            if (first, last, symbols) not in known:
                known.add((first, last, symbols))
                edges = _crossing(line, begins[first]), _crossing(line, ends[last])
                yield _Cut(line, *edges, symbols, backwards)


def _crossing(line: Line, at: int) -> float:
    """Where between samples `at` - 1 and `at` the line is half dark."""
    before, after = float(line[at - 1]), float(line[at])
    return at - 1 + (HALF - before) / (after - before)


def _misfits(seen: NDArray[np.float32], drawn: Pictures) -> NDArray[np.float32]:
    """Squared differences of n windows from m pictures in several ways: ways × n × m."""
    own = (seen * seen).sum(axis=1)[None, :, None]
    theirs = (drawn * drawn).sum(axis=2)[:, None, :]
    return np.asarray(own - 2 * (seen @ drawn.transpose(0, 2, 1)) + theirs)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A cut with what each symbol would cost at each place, in the best way to be blurred."""

    cut: _Cut
    way: int
    costs: Costs  # (symbols + 1) × 107
    misfit: float

    def text(self) -> str | None:
        """What the cheapest row of symbols says whose check symbol agrees.

        None unless it leads and every symbol is there to be seen: a tear or a pen stroke may turn
        one into another.
        """
        # Where no symbol fits well, as under a seal, fitting better than another means less.
        local = np.maximum(self.costs[:, :MODULUS].min(axis=1) / WINDOW, self._noise)
        start, values, lead = _cheapest_row(self.costs / (local * SAMPLES)[:, None])
        if lead < _LEAST_LEAD or self._worst(start, values) > _MOST_LOCAL_MISFIT * self._noise:
            return None
        return text_of(start, values)

    @property
    def _noise(self) -> float:
        return max(self.misfit, _LEAST_NOISE)

    def _worst(self, start: int, values: list[int]) -> float:
        """The misfit of the row's worst symbol."""
        check = start + sum(place * value for place, value in enumerate(values, 1))
        row = [start, *values, check % MODULUS, STOP]
        return float(self.costs[np.arange(len(row)), row].max()) / WINDOW


def _misfit(weighed: _Weighed) -> float:
    return weighed.misfit


def _weigh(cut: _Cut, way: int | None = None) -> _Weighed:
    """In every way to be blurred, unless that is known."""
    drawn = pictures() if way is None else pictures()[way : way + 1]
    costs = _misfits(cut.windows(range(cut.symbols + 1)), drawn)
    starts = costs[:, 0, START_A : START_C + 1].min(axis=1)
    values = costs[:, 1:-1, :MODULUS].min(axis=2).sum(axis=1)
    whole = starts + values + costs[:, -1, STOP]
    best = int(whole.argmin())
    misfit = float(whole[best]) / ((cut.symbols + 1) * WINDOW)
    return _Weighed(cut, best if way is None else way, costs[best], misfit)


def _cheapest_row(costs: Costs) -> tuple[int, list[int], float]:
    """Start symbol, data values and how much more the next cheapest row would cost.

    A row's check symbol is the start's value plus each value times its place, modulo 103: `front`
    and `back` hold the least cost of all that stands before and after a place, by that sum.
    """
    places = len(costs) - 3
    front = np.full((places + 1, MODULUS), np.inf, np.float32)
    front[0, np.arange(START_A, START_C + 1) % MODULUS] = costs[0, START_A : START_C + 1]
    for place in range(1, places + 1):
        fronts = front[place - 1][_sums(-place % MODULUS)]
        front[place] = (fronts + costs[place, :MODULUS]).min(axis=1)
    back, onwards = costs[places + 1, :MODULUS], [np.empty((0, 0), np.float32)] * (places + 1)
    for place in range(places, 0, -1):
        # What stands from this place on would cost: by the sum before it (rows), the value here.
        onwards[place] = back[_sums(place % MODULUS)] + costs[place, :MODULUS]
        back = onwards[place].min(axis=1)
    whole = front[0] + back
    total = int(whole.argmin())
    start, least, next_best = total + MODULUS, whole[total], np.delete(whole, total).min()
    values = []
    for place in range(1, places + 1):
        value = int(onwards[place][total].argmin())
        onwards[place][:, value] = np.inf
        next_best = min(next_best, (front[place - 1][:, None] + onwards[place]).min())
        values.append(value)
        total = (total + place * value) % MODULUS
    return start, values, float(next_best - least)


@cache
def _sums(place: int) -> NDArray[np.intp]:
    """The check sum after a value (columns) at `place`, by the sum before it (rows)."""
    values = np.arange(MODULUS)
    return (values[:, None] + place * values) % MODULUS
