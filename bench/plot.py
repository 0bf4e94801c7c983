"""A line over time as plain SVG, to stand in the docs."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDE, _HIGH = 760, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 52, 40, 744, 258
_STEPS = 5
_MINUTES_FROM = 300.0  # seconds; shorter runs are shown in seconds


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment at which something began, and its name."""

    seconds: float
    name: str


def line_plot(
    title: str, points: Sequence[tuple[float, float]], *, mark: Mark | None = None
) -> str:
    """Values over seconds, from zero up, as an SVG document; `title` names the unit."""
    frame = _Frame(points[-1][0], _round_above(max(value for _, value in points)))
    line = " ".join(f"{frame.x(seconds):.1f},{frame.y(value):.1f}" for seconds, value in points)
    drawn = [
        _text(_LEFT, 22, title, anchor="start"),
        *frame.levels(),
        *frame.times(),
        *(frame.marked(mark) if mark else ()),
        f'<polyline points="{line}" fill="none" stroke="#1f6f8b" stroke-width="1.5"/>',
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" '
        'font-family="sans-serif" font-size="12" fill="#444">'
    )
    paper = f'<rect width="{_WIDE}" height="{_HIGH}" fill="#fff"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", paper, *drawn, "</svg>\n"])


@dataclass(frozen=True, slots=True)
class _Frame:
    """From seconds and values to places on the picture."""

    seconds: float
    most: float

    def x(self, seconds: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * seconds / self.seconds

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / self.most

    def levels(self) -> Iterator[str]:
        """Lines across, each with its value."""
        for step in range(_STEPS + 1):
            value = self.most * step / _STEPS
            yield _line(_LEFT, self.y(value), _RIGHT, self.y(value), "#ddd")
            yield _text(_LEFT - 8, self.y(value) + 4, f"{value:g}", anchor="end")

    def times(self) -> Iterator[str]:
        """The time below the lines."""
        in_minutes = self.seconds >= _MINUTES_FROM
        unit, length = ("min", 60) if in_minutes else ("s", 1)
        every = max(1, math.ceil(self.seconds / length / _STEPS))
        for step in range(0, math.floor(self.seconds / length) + 1, every):
            label = f"{step} {unit}" if step else "0"
            yield _text(self.x(step * length), _BOTTOM + 20, label)

    def marked(self, mark: Mark) -> Iterator[str]:
        """A line down at the mark, its name beside it."""
        yield _line(self.x(mark.seconds), _TOP, self.x(mark.seconds), _BOTTOM, "#b5651d")
        yield _text(self.x(mark.seconds) - 6, _TOP + 14, mark.name, anchor="end")


def _round_above(value: float) -> float:
    """The next value with steps that are easy to read."""
    magnitude = 10.0 ** math.floor(math.log10(value))
    return next(
        factor * magnitude
        for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10)
        if factor * magnitude >= value
    )


def _line(x0: float, y0: float, x1: float, y1: float, colour: str) -> str:
    return f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
