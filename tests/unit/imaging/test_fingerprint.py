"""Fingerprints of pages: the same after saving and scanning again, another for another form.

The bounds are what was measured on papers of every kind, with room for chance.
"""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from hoso.imaging.fingerprint import fingerprint_of
from hoso.imaging.likeness import distance
from hoso.imaging.page import Pixels
from tests.paper import optics
from tests.paper.render import render_paper

SAVED_AGAIN, SCANNED_AGAIN, ANOTHER_FORM = 0.06, 0.16, 0.27


def grey_page(kind: str, seed: int = 11) -> Pixels:
    return np.asarray(cv2.cvtColor(render_paper(kind, seed).pages[0], cv2.COLOR_BGR2GRAY))


@pytest.fixture(scope="module")
def page() -> Pixels:
    return grey_page("marital_status_certificate")


def apart(one: Pixels, other: Pixels) -> float:
    prints = fingerprint_of(one), fingerprint_of(other)
    assert all(prints)
    return distance(str(prints[0]), str(prints[1]))


def smaller(page: Pixels) -> Pixels:
    return np.asarray(cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def bilevel(page: Pixels) -> Pixels:
    return np.asarray(np.where(page > 128, 255, 0), np.uint8)


def darker(page: Pixels) -> Pixels:
    return np.asarray(page * 0.6, np.uint8)


def paler(page: Pixels) -> Pixels:
    return np.asarray(255 - (255 - page.astype(np.float32)) * 0.5, np.uint8)


def noisy(page: Pixels) -> Pixels:
    return optics.noise(page, np.random.default_rng(1), sigma=8)


def half_a_degree(page: Pixels) -> Pixels:
    return optics.skew(page, 0.5)


def aside(page: Pixels) -> Pixels:
    return np.asarray(np.roll(page, (12, 18), (0, 1)))  # 1 and 1.5 mm


@pytest.mark.parametrize(
    "again",
    [lambda page: optics.through_jpeg(page, 30), smaller, bilevel, darker, paler],
    ids=["jpeg", "smaller", "bilevel", "darker", "paler"],
)
def test_a_page_saved_again_keeps_its_fingerprint(
    page: Pixels, again: Callable[[Pixels], Pixels]
) -> None:
    assert apart(page, again(page)) <= SAVED_AGAIN


@pytest.mark.parametrize("again", [noisy, half_a_degree, aside])
def test_a_page_scanned_again_has_nearly_the_same(
    page: Pixels, again: Callable[[Pixels], Pixels]
) -> None:
    assert apart(page, again(page)) <= SCANNED_AGAIN


@pytest.mark.parametrize("kind", ["divorce_decision", "diploma", "cadastral_map_extract"])
def test_another_form_has_another(page: Pixels, kind: str) -> None:
    assert apart(page, grey_page(kind)) >= ANOTHER_FORM


def test_the_same_form_of_somebody_else_may_look_alike(page: Pixels) -> None:
    """Why a fingerprint alone never says that it is the same paper."""
    assert apart(page, grey_page("marital_status_certificate", 12)) < ANOTHER_FORM


def test_it_is_sixty_four_hexadecimal_digits(page: Pixels) -> None:
    made = str(fingerprint_of(page))
    assert (len(made), len(bytes.fromhex(made))) == (64, 32)
    assert distance(made, made) == 0


@pytest.mark.parametrize("shape", [(3300, 2550), (1, 1), (40, 3000), (3000, 40)])
def test_a_blank_page_has_none(shape: tuple[int, int]) -> None:
    assert fingerprint_of(np.full(shape, 250, np.uint8)) is None
