"""Finding Code 128 and QR on a page: a plain look at all of it, harder looks where it pays.

A ladder, because no reading finds everything: zxing-cpp over the page, then, only at spots that
look like a code and gave none, the spot set upright and read by every means. What looks like a
code to the end and cannot be read is reported, so that somebody looks at the paper.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.barcode.code import Symbology
from hoso.barcode.engines import Box, Grey, Sighting, zxing
from hoso.barcode.ladder import climb, is_sure
from hoso.barcode.suspects import LOOK_DPI, Suspect, shrunk, suspects

_PLAIN_DPI = 125.0  # at the least, of the plain look: a 300 dpi page is halved
_MOST_PIXELS = 24e6  # of the reduced page in which suspects are looked for; A0 has 15.5 million
_BESIDE_MM = 9.0  # a spot so near to a symbol is that symbol
_SHEET = (1.38, 1.45)  # long to short side of A4 and its kin, scanned a little short or long


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A symbol: what it says, where it stands and which rung of the ladder read it.

    `box` is x0, y0, x1, y1 in the page's pixels. The text may be anybody's: it is not for logs.
    """

    symbology: Symbology
    text: str
    box: Box
    rung: str


@dataclass(frozen=True, slots=True)
class UnreadCode:
    """A spot where a symbol seems to stand that could not be read; `box` as in `FoundCode`."""

    symbology: Symbology
    box: Box


@dataclass(frozen=True, slots=True)
class CodeReading:
    """All that a page shows of codes, each list from top to bottom."""

    found: list[FoundCode]
    unread: list[UnreadCode]


def read_codes(pixels: NDArray[Any], dpi: float) -> list[FoundCode]:
    """Every Code 128 and QR on the page, from top to bottom; the same symbol once.

    `pixels` is H×W or H×W×3 (blue, green, red), 8 bits; `dpi` the page's dots per inch, a guess
    where it is a photo.
    """
    return look_for_codes(pixels, dpi).found


def look_for_codes(pixels: NDArray[Any], dpi: float) -> CodeReading:
    """As `read_codes`, and where a symbol seems to stand that nothing could read."""
    grey = _grey(pixels)
    dpi = max(dpi, _least_dpi(grey))
    plain = _plain_look(grey, dpi)
    read = [(code, "page") for code in plain if is_sure(code)]
    doubtful = [code for code in plain if not is_sure(code)]
    unread = []
    for spot in _spots(grey, dpi, doubtful):
        if any(_holds(code, spot, dpi) for code, _ in read):
            continue
        heard = {code.text for code in doubtful if code.text and _holds(code, spot, dpi)}
        climbed = climb(grey, spot, dpi, heard=heard)
        read += [(code, climbed.rung) for code in climbed.read]
        if climbed.unread:
            unread.append(UnreadCode(spot.symbology, spot.box))
    found = _once(FoundCode(code.symbology, code.text or "", code.box, rung) for code, rung in read)
    return CodeReading(sorted(found, key=_place), sorted(_silent(unread, found), key=_place))


def _plain_look(grey: Grey, dpi: float) -> list[Sighting]:
    """The whole page, as coarse as most symbols bear; a photo as it is."""
    step = max(1, int(dpi / _PLAIN_DPI)) if _is_sheet(grey) else 1
    enlarge = np.array([[step, 0.0, 0.0], [0.0, step, 0.0]])
    return [code.moved(enlarge) for code in zxing(shrunk(grey, step))]


def _spots(grey: Grey, dpi: float, doubtful: Sequence[Sighting]) -> Iterator[Suspect]:
    """What looks like a code, then what the plain look saw and could not read."""
    # The size of a photo's print is unknown: look for half and double as well.
    guesses = (dpi,) if _is_sheet(grey) else (dpi, 2 * dpi, dpi / 2)
    usable = dict.fromkeys(max(guess, _least_dpi(grey)) for guess in guesses)
    yield from chain.from_iterable(suspects(grey, guess) for guess in usable)
    for code in doubtful:
        corners = np.array(code.corners, dtype=np.float32)
        (x, y), (width, height), angle = cv2.minAreaRect(corners)
        if width < height:
            width, height, angle = height, width, angle - 90
        yield Suspect(code.symbology, x, y, width, height, angle)


def _least_dpi(grey: Grey) -> float:
    """Less would enlarge the page, or take a plan's whole memory, only to find suspects."""
    return LOOK_DPI * max(1.0, sqrt(grey.size / _MOST_PIXELS))


def _is_sheet(grey: Grey) -> bool:
    short, long = sorted(grey.shape)
    return bool(_SHEET[0] <= long / short <= _SHEET[1])


def _grey(pixels: NDArray[Any]) -> Grey:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)  # noqa: PLR2004  # rows and columns only
    return np.ascontiguousarray(grey, dtype=np.uint8)


def _holds(code: Sighting, suspect: Suspect, dpi: float) -> bool:
    """Whether the suspect's middle lies in or just beside a symbol that was seen."""
    ring = np.array(code.corners, dtype=np.float32)
    away = -cv2.pointPolygonTest(ring, (suspect.x, suspect.y), measureDist=True)
    return away < _BESIDE_MM * dpi / 25.4


def _overlap(one: Box, other: Box) -> bool:
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = one, other
    return ax0 <= bx1 and bx0 <= ax1 and ay0 <= by1 and by0 <= ay1


def _place(code: FoundCode | UnreadCode) -> tuple[float, float]:
    return code.box[1], code.box[0]


def _once(codes: Iterable[FoundCode]) -> list[FoundCode]:
    """One of each symbol: the same text in touching boxes is the same ink, seen twice."""
    kept: list[FoundCode] = []
    for code in codes:
        if not any(code.text == other.text and _overlap(code.box, other.box) for other in kept):
            kept.append(code)
    return kept


def _silent(unread: Iterable[UnreadCode], found: Sequence[FoundCode]) -> list[UnreadCode]:
    """The unread where nothing was read, one of each place."""
    taken, kept = [code.box for code in found], []
    for code in unread:
        if not any(_overlap(code.box, box) for box in taken):
            kept.append(code)
            taken.append(code.box)
    return kept
