"""A page as pixels: what every reader of paper works on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page's picture, as the scanner gave it (not turned, not straightened).

    `pixels` is H×W (grey) or H×W×3 (blue, green, red: OpenCV's order), 8 bits; `dpi` is its
    resolution in dots per inch on the page as printed.
    """

    pixels: NDArray[Any]
    dpi: float

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])
