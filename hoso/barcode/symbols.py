"""Code 128's symbols: what each looks like to a blurred eye, and what a row of them says."""

from functools import cache
from math import sqrt

import numpy as np
from barcode.charsets.code128 import CODES
from numpy.typing import NDArray

Pictures = NDArray[np.float32]

SYMBOL_MODULES = 11
STOP_MODULES = 13
START_A, START_B, START_C, STOP = 103, 104, 105, 106
MODULUS = 103

SAMPLES = 6  # a module's, in a picture
WINDOW = SYMBOL_MODULES * SAMPLES

# What scanners and printers do to edges, in modules: Gaussian blur (an eighth: sharp; one: bars
# of a pixel, out of focus), and ink that runs or is starved.
_BLURS = (0.12, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
_GAINS = (-0.12, 0.0, 0.12)

# A symbol begins with a bar and ends with a gap, so its neighbours are known but for their widths:
# two modules are the commonest.
_BEFORE, _AFTER = "1100", "11"
_STOP_PATTERN = "11000111010"  # without its last bar, which is the next window's


@cache
def pictures() -> Pictures:
    """Darkness (0 paper, 1 ink) of the 106 symbols and the stop, in every blur and gain.

    Of shape (ways to be blurred, 107, `WINDOW`); made once, in some 20 ms.
    """
    drawn = [_in_every_way(pattern) for pattern in (*CODES, _STOP_PATTERN)]
    return np.stack(drawn, axis=1).astype(np.float32)


def _in_every_way(pattern: str) -> NDArray[np.float64]:
    modules = np.array([int(module) for module in _BEFORE + pattern + _AFTER])
    edges = np.flatnonzero(np.diff(modules, prepend=0, append=0)).astype(float) - len(_BEFORE)
    signs = np.where(np.arange(len(edges)) % 2, -1.0, 1.0)
    middles = (np.arange(WINDOW) + 0.5) / SAMPLES
    blurs, gains = (ways.reshape(-1, 1, 1) for ways in np.meshgrid(_BLURS, _GAINS))
    away = (middles[:, None] - edges + signs * gains / 2) / (sqrt(2) * blurs)
    return np.asarray((_erf(away) * signs / 2).sum(axis=2))


def _erf(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Good to 0.0005 (Abramowitz and Stegun, 7.1.27); `math.erf` a value at a time takes 0.2 s."""
    size = np.abs(values)
    below = 1 + size * (0.278393 + size * (0.230389 + size * (0.000972 + size * 0.078108)))
    squared = below * below
    return np.sign(values) * (1 - 1 / (squared * squared))


def text_of(start: int, values: list[int]) -> str | None:
    """What the values between start and check symbol say; None when it is no plain text.

    Function symbols and control characters are no part of what we print.
    """
    charset, text = start, ""
    for value in values:
        switched = _SWITCHES.get((charset, value))
        if switched is not None:
            charset = switched
        elif value > _LAST_PLAIN[charset]:
            return None
        else:
            text += f"{value:02d}" if charset == START_C else chr(ord(" ") + value)
    return text


# Two digits in C; from the space on in the others, to the underscore in A, the tilde in B.
_LAST_PLAIN = {START_A: 63, START_B: 94, START_C: 99}
_SWITCHES = {
    (START_A, 99): START_C,
    (START_A, 100): START_B,
    (START_B, 99): START_C,
    (START_B, 101): START_A,
    (START_C, 100): START_B,
    (START_C, 101): START_A,
}
