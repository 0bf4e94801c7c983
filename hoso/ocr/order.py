"""The order in which people read a page: across, but block by block and cell by cell.

Pieces of text at one height are one line, unless they belong to blocks that stand side by side:
the agency beside the national motto (Decree 30/2020), two signatures, two columns of prose, the
cells of a ruled table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from hoso.ocr.words import Word

Cell = tuple[float, float, float, float]
"""x0, y0, x1, y1 of a cell of a ruled table, in the unit of the words."""

# Multiples of a line's height.
_STACKED_WITHIN = 1.4  # the paper between two lines of one block
_CENTRED_WITHIN = 0.8
_LEFT_WITHIN = 0.6
# A column of prose: so many lines, most of which reach so much of its width.
_PROSE_LINES = 5
_FULL = 0.85
_MOST = 0.6


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand side by side, and the cell they stand in."""

    words: Sequence[Word]
    cell: Cell | None = None


@dataclass(slots=True)
class _Block:
    """What is read in one go: its lines from top to bottom and the box around them."""

    lines: list[list[Word]]
    x0: float = field(init=False)
    y0: float = field(init=False)
    x1: float = field(init=False)
    y1: float = field(init=False)

    def __post_init__(self) -> None:
        words = [word for line in self.lines for word in line]
        self.x0, self.y0 = min(word.x for word in words), min(word.y for word in words)
        self.x1 = max(word.x + word.width for word in words)
        self.y1 = max(word.y + word.height for word in words)

    @property
    def is_line(self) -> bool:
        return len(self.lines) == 1

    @property
    def height(self) -> float:
        """Of its usual word."""
        return median(word.height for line in self.lines for word in line)

    @property
    def middle(self) -> float:
        """Of its usual word."""
        return median(word.middle for line in self.lines for word in line)

    def is_beside(self, other: "_Block") -> bool:
        """Whether the two stand side by side, neither above the other."""
        narrower = min(self.x1 - self.x0, other.x1 - other.x0)
        if min(self.x1, other.x1) - max(self.x0, other.x0) > narrower / 2:
            return False
        if self.is_line and other.is_line:
            return abs(self.middle - other.middle) < min(self.height, other.height) / 2
        shorter = min(self.y1 - self.y0, other.y1 - other.y0)
        return min(self.y1, other.y1) - max(self.y0, other.y0) > shorter / 2

    def is_before(self, other: "_Block") -> bool:
        """Whether it is read first, of two that stand side by side or one above the other."""
        if self.is_beside(other):
            return self.x0 < other.x0
        return self.middle < other.middle


def in_reading_order(pieces: Iterable[Piece]) -> tuple[Word, ...]:
    """All words in the order of reading, their lines numbered from 0.

    `pieces` are lines, or parts of lines where a wide gap breaks them, in any order.
    """
    free: list[_Block] = []
    cells: defaultdict[Cell, list[_Block]] = defaultdict(list)
    for piece in pieces:
        if piece.words:
            block = _Block([sorted(piece.words, key=lambda word: word.x)])
            (cells[piece.cell] if piece.cell else free).append(block)
    blocks = _with_columns(free) + [_merged(inside) for inside in cells.values()]
    lines = _lines(_sorted(blocks))
    return tuple(replace(word, line=number) for number, line in enumerate(lines) for word in line)


def _sorted(blocks: list[_Block]) -> list[_Block]:
    """Each block after all that are read before it."""
    left = sorted(blocks, key=lambda block: (block.middle, block.x0))
    ordered = []
    while left:
        # Slanting or overlapping blocks can be before one another in a ring: the topmost opens it.
        first = next((it for it in left if not any(o.is_before(it) for o in left)), left[0])
        left.remove(first)
        ordered.append(first)
    return ordered


def _lines(blocks: list[_Block]) -> list[list[Word]]:
    """The lines of all blocks; single lines side by side are one line."""
    lines: list[list[Word]] = []
    before: _Block | None = None
    for block in blocks:
        if before and before.is_line and block.is_line and before.is_beside(block):
            lines[-1] = lines[-1] + block.lines[0]
        else:
            lines += block.lines
        before = block
    return lines


def _merged(blocks: list[_Block]) -> _Block:
    """One block of several, read in order."""
    return blocks[0] if len(blocks) == 1 else _Block(_lines(_sorted(blocks)))


def _with_columns(blocks: list[_Block]) -> list[_Block]:
    """The same, those merged that form centred blocks or columns side by side."""
    centred = _stacks(blocks, _is_centred_on)
    centred = [stack for stack in centred if not all(map(_is_aligned_with, stack, stack[1:]))]
    prose = [stack for stack in _stacks(blocks, _is_aligned_with) if _is_prose(stack)]
    merged: list[_Block] = []
    taken: set[int] = set()
    for stacks in (prose, centred):
        wholes = [_Block([line for block in stack for line in block.lines]) for stack in stacks]
        for stack, whole in zip(stacks, wholes, strict=True):
            untaken = not taken & {id(block) for block in stack}
            if untaken and any(whole.is_beside(other) for other in wholes if other is not whole):
                merged.append(whole)
                taken |= {id(block) for block in stack}
    return merged + [block for block in blocks if id(block) not in taken]


def _stacks(blocks: list[_Block], belongs: Callable[[_Block, _Block], bool]) -> list[list[_Block]]:
    """Runs of two and more single lines, each just below the one before and belonging to it."""
    left = sorted(blocks, key=lambda block: block.middle)
    stacks = []
    while left:
        stack = [left.pop(0)]
        while below := next(
            (it for it in left if _is_just_below(stack[-1], it) and belongs(stack[-1], it)), None
        ):
            stack.append(below)
            left.remove(below)
        if len(stack) > 1:
            stacks.append(stack)
    return stacks


def _is_just_below(upper: _Block, lower: _Block) -> bool:
    height = min(upper.height, lower.height)
    apart = lower.middle - upper.middle
    return height / 2 < apart < (1 + _STACKED_WITHIN) * height


def _is_centred_on(one: _Block, other: _Block) -> bool:
    apart = abs(one.x0 + one.x1 - other.x0 - other.x1) / 2
    return apart < _CENTRED_WITHIN * min(one.height, other.height)


def _is_aligned_with(one: _Block, other: _Block) -> bool:
    """Whether both begin at the same margin."""
    return abs(one.x0 - other.x0) < _LEFT_WITHIN * min(one.height, other.height)


def _is_prose(stack: list[_Block]) -> bool:
    widest = max(block.x1 - block.x0 for block in stack)
    full = sum(block.x1 - block.x0 > _FULL * widest for block in stack)
    return len(stack) >= _PROSE_LINES and full >= _MOST * len(stack)
