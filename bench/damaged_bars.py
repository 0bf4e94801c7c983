"""Lines of bars that were torn, struck through, cut off or never a code: what is read of them?"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from hoso.barcode.bars import bar_line
from hoso.barcode.code import DossierCode, Foreign, SeparatorLabel, interpret
from hoso.barcode.draw import code128_modules
from hoso.barcode.soft import read_softly

Modules = NDArray[np.float64]
Rng = np.random.Generator

DAMAGE_HEADINGS = ("damage", "lines", "read right", "refused for what it says", "invented")
_QUIET = 14
_AGENCIES = ("H57.22.10", "H57", "G15.3", "000.00.12.H62", "H01.10.3.2")
_ROWS = 5  # a band's


def damage_rows(lines: int) -> list[list[str]]:
    """For each kind of damage, how many of so many lines were read, and as what."""
    return [[name, str(lines), *_counts(damage, lines)] for name, damage in _DAMAGES.items()]


def _counts(damage: Callable[[Modules, Rng], Modules], lines: int) -> list[str]:
    rng, counts = np.random.default_rng(5), Counter[str]()
    for _ in range(lines):
        text = _a_code(rng)
        read = _read(damage(_modules(text), rng), rng)
        if read == text:
            counts["right"] += 1
        elif read is not None:
            refused = isinstance(interpret("Code128", read), Foreign)
            counts["refused" if refused else "invented"] += 1
    return [str(counts[what]) for what in ("right", "refused", "invented")]


def _a_code(rng: Rng) -> str:
    if rng.random() < 0.3:
        filed = int(rng.integers(10**9)) if rng.random() < 0.5 else None
        return SeparatorLabel(int(rng.integers(10**4)), filed).digits()
    day = date(2020, 1, 1) + timedelta(days=int(rng.integers(3650)))
    ordinal = int(rng.integers(1, 10 ** int(rng.choice((3, 4, 6)))))
    return str(DossierCode.make(str(rng.choice(_AGENCIES)), day, ordinal))


def _modules(text: str) -> Modules:
    quiet = "0" * _QUIET
    return np.array([float(module) for module in quiet + code128_modules(text) + quiet])


def _read(modules: Modules, rng: Rng) -> str | None:
    """One blurred, noisy line of pixels, as the average of a scan's rows is."""
    width = int(len(modules) * rng.uniform(0.55, 1.8))
    fine = np.repeat(modules, 32)[None]
    row = cv2.resize(fine, (width, 1), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(row, (0, 0), float(rng.uniform(0.3, 1.0)))
    grain = rng.normal(0, rng.choice((0.01, 0.03, 0.06, 0.1, 0.15)), row.shape)
    scan = np.clip(240 - 180 * (soft + grain), 0, 255).astype(np.uint8)
    line = bar_line(np.repeat(scan, _ROWS, axis=0))
    read = read_softly(line.darkness) if line else None
    return read.text if read else None


def _none(modules: Modules, rng: Rng) -> Modules:
    del rng
    return modules


def _struck(modules: Modules, rng: Rng) -> Modules:
    """One to three bands of 2 to 11 modules are all ink or all paper."""
    for _ in range(rng.integers(1, 4)):
        at, wide = rng.integers(_QUIET, len(modules) - _QUIET), rng.integers(2, 12)
        modules[at : at + wide] = rng.integers(2)
    return modules


def _cut_off(modules: Modules, rng: Rng) -> Modules:
    at = rng.integers(30, len(modules) - 40)
    side = slice(at) if rng.random() < 0.5 else slice(at, None)
    modules[side] = 0
    return modules


def _hatching(modules: Modules, rng: Rng) -> Modules:
    modules[_QUIET:-_QUIET] = rng.integers(0, 2, len(modules) - 2 * _QUIET)
    return modules


_DAMAGES: dict[str, Callable[[Modules, Rng], Modules]] = {
    "none": _none,
    "struck through": _struck,
    "cut off": _cut_off,
    "hatching, no code": _hatching,
}
