"""A whole bar code weighed at once: read down to bars of a pixel, and never read into other ink."""

from datetime import date

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hoso.barcode.bars import bar_line
from hoso.barcode.code import DossierCode, SeparatorLabel
from hoso.barcode.draw import code128_modules
from hoso.barcode.soft import read_softly
from hoso.barcode.symbols import START_A, START_B, START_C, pictures, text_of

CODE = str(DossierCode.make("H57.22.10", date(2026, 11, 22), 407))
LABEL = SeparatorLabel(12).digits()
Modules = NDArray[np.float64]


def modules_of(text: str, quiet: int = 14) -> Modules:
    return np.array([float(m) for m in "0" * quiet + code128_modules(text) + "0" * quiet])


def seen(modules: Modules, *, pixels: float, noise: float = 8.0, seed: int = 1) -> str | None:
    """What is read of bars `pixels` wide, blurred and noisy as a bad scan."""
    fine = np.repeat(modules, 32)
    width = int(len(modules) * pixels)
    row = cv2.resize(fine[None], (width, 1), interpolation=cv2.INTER_AREA)
    scan = cv2.GaussianBlur(np.repeat(230 - 180 * row, 60, axis=0), (0, 0), 0.6)
    scan = scan + np.random.default_rng(seed).normal(0, noise, scan.shape)
    line = bar_line(np.clip(scan, 0, 255).astype(np.uint8))
    read = read_softly(line.darkness) if line else None
    return read.text if read else None


@pytest.mark.parametrize("text", [CODE, LABEL, "000.00.12.H62-201105-000412", "Abc~ 12345"])
@pytest.mark.parametrize("pixels", [1.0, 1.48, 2.0, 3.9, 7.5])
def test_bars_are_read_however_wide(text: str, pixels: float) -> None:
    assert seen(modules_of(text), pixels=pixels) == text


def test_bars_are_read_upside_down() -> None:
    assert seen(modules_of(CODE)[::-1], pixels=1.48) == CODE


def test_rows_that_lean_are_laid_over_each_other() -> None:
    row = 230 - 180 * np.repeat(modules_of(LABEL), 2)
    leaning = np.array([np.roll(row, y // 6) for y in range(60)])
    line = bar_line(leaning.astype(np.uint8))
    assert line is not None
    assert (line.top, line.bottom) == (0, 60)
    read = read_softly(line.darkness)
    assert read is not None
    assert read.text == LABEL
    assert read.module_pixels == pytest.approx(2, abs=0.02)


def test_where_bars_end_print_is_left_out() -> None:
    picture = np.full((120, 400), 230, np.uint8)
    bars = 230 - 180 * np.repeat(modules_of(LABEL), 3)
    picture[40:80, : len(bars)] = bars
    cv2.putText(picture, LABEL, (40, 115), 0, 0.9, 0, 2)
    line = bar_line(picture)
    assert line is not None
    assert line.top == pytest.approx(40, abs=5)
    assert line.bottom == pytest.approx(80, abs=5)


@pytest.mark.parametrize("seed", range(12))
def test_a_wrong_symbol_is_refused_by_the_check_symbol(seed: int) -> None:
    rng = np.random.default_rng(seed)
    modules, other = modules_of(LABEL), modules_of(SeparatorLabel(int(rng.integers(9999))).digits())
    at = 14 + 11 * int(rng.integers(3, 5))
    mixed = np.concatenate([modules[:at], other[at : at + 11], modules[at + 11 :]])
    assert seen(mixed, pixels=2.0) in {None, LABEL}


@pytest.mark.parametrize("seed", range(24))
def test_a_stroke_or_a_tear_never_makes_another_code(seed: int) -> None:
    rng = np.random.default_rng(seed)
    modules = modules_of(CODE)
    at, wide = int(rng.integers(14, len(modules) - 24)), int(rng.integers(2, 10))
    modules[at : at + wide] = seed % 2
    assert seen(modules, pixels=float(rng.uniform(0.9, 2)), seed=seed) in {None, CODE}


def test_half_a_code_is_none() -> None:
    whole = modules_of(CODE)
    quiet = np.zeros(14)
    for at in range(40, len(whole) - 40, 13):
        assert seen(np.concatenate([whole[:at], quiet]), pixels=2.0) is None
        assert seen(np.concatenate([quiet, whole[at:]]), pixels=2.0) is None


@pytest.mark.parametrize("seed", range(40))
def test_hatching_and_noise_are_no_code(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hatched = np.concatenate([np.zeros(14), rng.integers(0, 2, 200), np.zeros(14)]).astype(float)
    assert seen(hatched, pixels=float(rng.uniform(1, 3)), seed=seed) is None
    even = np.tile([1.0, 1.0, 0.0, 0.0], 40)
    assert seen(np.concatenate([np.zeros(14), even, np.zeros(14)]), pixels=2.0) is None


@pytest.mark.parametrize("shape", [(1, 1), (3, 300), (300, 3), (60, 60)])
def test_a_scrap_is_no_line_of_bars(shape: tuple[int, int]) -> None:
    assert bar_line(np.full(shape, 200, np.uint8)) is None


def test_symbols_look_as_they_are_drawn_when_sharp() -> None:
    sharp = pictures()[len(pictures()) // 3]  # the least blur, ink as printed
    modules = sharp[0].reshape(11, -1).mean(axis=1)
    assert "".join("1" if dark > 0.5 else "0" for dark in modules) == "11011001100"


@pytest.mark.parametrize(
    ("start", "values", "text"),
    [
        (START_C, [48, 10], "4810"),
        (START_B, [40, 21, 23, 99, 12], "H5712"),
        (START_C, [12, 100, 33], "12A"),
        (START_A, [33, 101, 65, 100], None),  # a function symbol
        (START_A, [64], None),  # a control character
        (START_C, [102], None),
    ],
)
def test_values_are_spelt_out(start: int, values: list[int], text: str | None) -> None:
    assert text_of(start, values) == text
