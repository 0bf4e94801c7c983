"""What a PDF page is made of: one scanned picture, drawn things, text, or a mixture."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pikepdf

from hoso.imaging.geometry import Box, visible_box

# A scan may leave a sliver of white at its edge, or reach a little over it.
_FULL_PAGE_SHARE = 0.9
_SLACK_POINTS = 3.0
# Text over a picture of half a page is a watermark ("Scanned with CamScanner") or the stamp of a
# digital signature: most of the page's words are in the picture.
_SCAN_SHARE = 0.5
# A logo, a signature or a passport photograph is no scan; a citizen card on A4 covers 0.07.
_LEAST_PICTURE_SHARE = 0.04
_GRID = 100
_DEEPEST_FORM = 8
# As stored, mostly deflated. A scan with an invisible text layer stays far below this; walking
# a big drawing operator by operator takes seconds (some 10 µs each).
_LONGEST_WALK_BYTES = 300_000
_INVISIBLE = 3
_WRITES = frozenset({"Tj", "TJ", "'", '"'})
_PAINTS = frozenset(["f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh"]) | {"INLINE IMAGE"}
_CURVES = frozenset(["m", "l", "c", "v", "y"])
_HARMLESS = {"/SMask": "/None", "/BM": "/Normal", "/ca": 1, "/CA": 1}


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture and the matrix that puts its unit square on the page."""

    picture: pikepdf.Stream
    matrix: pikepdf.Matrix

    @property
    def box(self) -> Box:
        """Where it lies on the page, in points."""
        return Box.of_unit_square(self.matrix)

    @property
    def pixels(self) -> int:
        """How many it has."""
        return int(self.picture.Width) * int(self.picture.Height)

    @property
    def area(self) -> float:
        """Square points of the page that it covers; less than its box when it lies askew."""
        a, b, c, d, _, _ = self.matrix.shorthand
        return abs(a * d - b * c)

    @property
    def dots_per_point(self) -> float:
        """Its resolution on the page."""
        return math.sqrt(self.pixels / self.area)


@dataclass(frozen=True, slots=True)
class PageContent:
    """What was found on a page.

    `scan` is the page's only visible mark when that is a picture which covers it. `has_text`: its
    words are drawn as text (born digital). `has_hidden_text`: an invisible layer, such as a
    scanner's own recognition leaves. `is_mixed`: words are drawn as text, and there are pictures
    large enough to bear more.
    `largest` is the largest picture, `finest` the pixels per point of the finest one where the
    page is nothing but pictures (strips, or a background and its mask), else None.
    """

    scan: Placed | None
    has_text: bool
    has_hidden_text: bool
    is_mixed: bool
    largest: Placed | None
    finest: float | None


def content_of(page: pikepdf.Page) -> PageContent:
    """Walk the page's operators. Damaged content counts as drawn: rendering shows what is left."""
    marks, shown = _Marks(), visible_box(page)
    try:
        _walk_page(page, marks)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        marks.drawn = True
    pictures = [placed for placed in marks.pictures if placed.pixels and placed.area]
    covered = _covered(pictures, shown)
    plain = pictures and not marks.drawn and not marks.text
    return PageContent(
        scan=_only_scan(marks, shown),
        has_text=marks.text and covered < _SCAN_SHARE,
        has_hidden_text=marks.hidden_text,
        is_mixed=marks.text and covered >= _LEAST_PICTURE_SHARE,
        largest=max(pictures, key=lambda placed: placed.area, default=None),
        finest=max(placed.dots_per_point for placed in pictures) if plain else None,
    )


def _covered(pictures: list[Placed], shown: Box) -> float:
    """How much of the page all pictures cover together: scanners cut a page into strips."""
    grid = np.zeros((_GRID, _GRID), np.bool_)
    for placed in pictures:
        part = placed.box.overlap(shown)
        across = [(x - shown.x0) / shown.width * _GRID for x in (part.x0, part.x1)]
        up = [(y - shown.y0) / shown.height * _GRID for y in (part.y0, part.y1)]
        grid[round(up[0]) : round(up[1]), round(across[0]) : round(across[1])] = True
    return float(grid.mean())


@dataclass(slots=True)
class _Marks:
    """Everything seen so far that leaves a mark on the page, or takes one away."""

    pictures: list[Placed] = field(default_factory=list)
    clips: list[Box] = field(default_factory=list)
    drawn: bool = False
    text: bool = False
    hidden_text: bool = False


def _only_scan(marks: _Marks, shown: Box) -> Placed | None:
    if marks.drawn or marks.text or len(marks.pictures) != 1:
        return None
    (placed,) = marks.pictures
    covers = placed.box.share_of(shown) >= _FULL_PAGE_SHARE
    whole = placed.box.within(shown, slack=_SLACK_POINTS)
    unclipped = all(placed.box.within(clip, slack=_SLACK_POINTS) for clip in marks.clips)
    return placed if covers and whole and unclipped else None


def _walk_page(page: pikepdf.Page, marks: _Marks) -> None:
    if _length(page.obj.get("/Contents")) > _LONGEST_WALK_BYTES:
        marks.drawn, marks.text = True, "/Font" in page.resources
    else:
        _Walk(marks, page.resources, pikepdf.Matrix()).follow(page)
    marks.drawn |= _has_annotations(page)


@dataclass(frozen=True, slots=True)
class _State:
    """The part of PDF's graphics state that matters here."""

    matrix: pikepdf.Matrix
    text_mode: int = 0


class _Walk:
    """Goes through one content stream (a page's or a form's) and notes its marks."""

    def __init__(
        self,
        marks: _Marks,
        resources: pikepdf.Object,
        matrix: pikepdf.Matrix,
        depth: int = 0,
    ) -> None:
        self.marks = marks
        self.resources = resources
        self.state = _State(matrix)
        self.saved: list[_State] = []
        self.path: list[Box | None] = []
        self.depth = depth

    def follow(self, stream: pikepdf.Page | pikepdf.Object) -> None:
        """Note what every operator does. Those named nowhere here leave no mark."""
        for instruction in pikepdf.parse_content_stream(stream):
            operator = str(instruction.operator)
            self.change_state(operator, instruction.operands)
            self.follow_path(operator, instruction.operands)
            self.mark(operator, instruction.operands)

    def change_state(self, operator: str, operands: Any) -> None:
        """Note where and how later marks will appear."""
        match operator:
            case "q":
                self.saved.append(self.state)
            case "Q":
                self.state = self.saved.pop() if self.saved else self.state
            case "cm":
                moved = pikepdf.Matrix(*map(float, operands)) @ self.state.matrix
                self.state = replace(self.state, matrix=moved)
            case "Tr":
                self.state = replace(self.state, text_mode=int(operands[0]))

    def follow_path(self, operator: str, operands: Any) -> None:
        """Note the path under construction, as far as it is one rectangle, and clips by it."""
        if operator == "re":
            self.path.append(_rectangle(operands, self.state.matrix))
        elif operator in _CURVES:
            self.path.append(None)
        elif operator in {"W", "W*"}:
            self.clip()
        elif operator in _PAINTS or operator == "n":
            self.path.clear()

    def mark(self, operator: str, operands: Any) -> None:
        """Note the marks themselves."""
        if operator in _WRITES:
            self.write()
        elif operator == "Do":
            self.draw(self.resources.XObject[operands[0]])
        elif operator == "gs":
            self.marks.drawn |= not _is_harmless(self.resources.ExtGState[operands[0]])
        elif operator in _PAINTS:
            self.marks.drawn = True

    def write(self) -> None:
        """Note text, seen or unseen."""
        if self.state.text_mode == _INVISIBLE:
            self.marks.hidden_text = True
        else:
            self.marks.text = True

    def clip(self) -> None:
        """Note that marks outside one rectangle vanish; any other shape needs a renderer."""
        only = self.path[0] if len(self.path) == 1 else None
        if only:
            self.marks.clips.append(only)
        else:
            self.marks.drawn = True

    def draw(self, thing: pikepdf.Object) -> None:
        """Note a picture, or go into a form."""
        # /OC: part of a layer, which may be switched off.
        if not isinstance(thing, pikepdf.Stream) or self.depth == _DEEPEST_FORM or "/OC" in thing:
            self.marks.drawn = True
        elif thing.get("/Subtype") == "/Image":
            self.marks.pictures.append(Placed(thing, self.state.matrix))
        else:
            matrix = pikepdf.Matrix(*map(float, thing.get("/Matrix", (1, 0, 0, 1, 0, 0))))
            resources = thing.get("/Resources", self.resources)
            form = _Walk(self.marks, resources, matrix @ self.state.matrix, self.depth + 1)
            form.follow(thing)


def _rectangle(operands: Any, matrix: pikepdf.Matrix) -> Box:
    x, y, width, height = map(float, operands)
    return Box.around(matrix, (x, y, x + width, y + height))


def _is_harmless(state: pikepdf.Object) -> bool:
    """Whether an extended graphics state leaves pictures as they are."""
    return all(state.get(key, plain) == plain for key, plain in _HARMLESS.items())


def _length(contents: pikepdf.Object | None) -> int:
    """Bytes of the content streams as stored."""
    if contents is None:
        return 0
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return sum(int(stream.get("/Length", 0)) for stream in streams)


def _has_annotations(page: pikepdf.Page) -> bool:
    """Whether something drawn lies over the page: a signature's picture, a stamp, a note."""
    notes = page.obj.get("/Annots", ())
    return any("/AP" in note for note in notes if isinstance(note, pikepdf.Dictionary))
