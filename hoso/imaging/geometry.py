"""Rectangles and matrices in a PDF page's user space: points, x to the right, y upwards."""

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pikepdf
from numpy.typing import NDArray

POINTS_PER_INCH = 72.0
_A4 = (0.0, 0.0, 595.276, 841.89)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with `x0 <= x1` and `y0 <= y1`, in points."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def of_unit_square(cls, matrix: pikepdf.Matrix) -> Self:
        """Where `matrix` puts the square from (0, 0) to (1, 1): that is how images are placed."""
        return cls.around(matrix, (0.0, 0.0, 1.0, 1.0))

    @classmethod
    def around(cls, matrix: pikepdf.Matrix, sides: tuple[float, float, float, float]) -> Self:
        """The smallest upright box around the rectangle `sides` after `matrix`."""
        x0, y0, x1, y1 = sides
        corners = [matrix.transform(corner) for corner in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
        across, up = zip(*corners, strict=True)
        return cls(min(across), min(up), max(across), max(up))

    @property
    def width(self) -> float:
        """Points from left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Points from bottom to top."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Square points."""
        return self.width * self.height

    def dots_per_point(self, width: int, height: int) -> float:
        """The resolution of so many pixels across and down in this box."""
        return math.sqrt(width * height / self.area)

    def within(self, other: Self, *, slack: float) -> bool:
        """Whether this box leaves `other` nowhere by more than `slack` points."""
        return (
            self.x0 >= other.x0 - slack
            and self.y0 >= other.y0 - slack
            and self.x1 <= other.x1 + slack
            and self.y1 <= other.y1 + slack
        )

    def overlap(self, other: Self) -> Self:
        """The part that both share; empty (zero wide or high) when they do not meet."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return type(self)(x0, y0, max(x0, min(self.x1, other.x1)), max(y0, min(self.y1, other.y1)))

    def share_of(self, other: Self) -> float:
        """How much of `other`'s area this box covers, 0 to 1."""
        return self.overlap(other).area / other.area if other.area else 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels (H×W grey or H×W×3 BGR, 8 bits) and the box on the page that they fill.

    The picture's up is the page's up in user space.
    """

    pixels: NDArray[np.uint8]
    box: Box

    @property
    def dots_per_point(self) -> float:
        """Its resolution; where across and down differ a little, their mean."""
        height, width = self.pixels.shape[:2]
        return self.box.dots_per_point(width, height)

    @property
    def to_points(self) -> NDArray[np.float64]:
        """3×3 matrix from pixels to points.

        Pixel coordinates run to the right and down from the upper left corner; a pixel's
        middle lies at half a pixel.
        """
        height, width = self.pixels.shape[:2]
        across, down = self.box.width / width, self.box.height / height
        return np.array([[across, 0.0, self.box.x0], [0.0, -down, self.box.y1], [0.0, 0.0, 1.0]])


def visible_box(page: pikepdf.Page) -> Box:
    """What a viewer shows of the page: its crop box within its media box, before /Rotate."""
    media = _box(page.obj, "/MediaBox") or Box(*_A4)
    crop = _box(page.obj, "/CropBox") or media
    shown = crop.overlap(media)
    return shown if shown.width and shown.height else media


def turn_of(page: pikepdf.Page) -> int:
    """The page's own /Rotate as 0, 90, 180 or 270 degrees clockwise."""
    value = _inherited(page.obj, "/Rotate")
    degrees = int(value) if isinstance(value, int) else 0
    return degrees % 360 if degrees % 90 == 0 else 0


def unit_of(page: pikepdf.Page) -> float:
    """The page's /UserUnit: by how much its points are larger than 1/72 inch; mostly 1."""
    try:
        unit = float(page.obj.get("/UserUnit", 1))
    except (TypeError, ValueError):
        return 1.0
    return unit if unit > 0 else 1.0


def _box(node: pikepdf.Object, key: str) -> Box | None:
    sides = _inherited(node, key)
    try:
        xa, ya, xb, yb = (float(side) for side in sides)
    except (TypeError, ValueError):
        return None
    box = Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
    return box if box.width and box.height else None


def _inherited(node: pikepdf.Object, key: str) -> Any:
    """The entry of the page or of the nearest page tree node above it that has one."""
    for _ in range(64):  # a damaged tree may be its own parent
        if key in node:
            return node[key]
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return None
