from collections.abc import Callable

import cv2
import numpy as np
import pytest

from hoso.imaging.page import Pixels
from tests.paper import ink, optics, wear
from tests.paper.degrade import Quality, SealAt, blank_back, hard, light, medium, scan, seal_on
from tests.paper.render import Paper, render_paper
from tests.paper.stack import ScanPage


@pytest.fixture(scope="module")
def paper() -> Paper:
    return render_paper("marital_status_certificate", 2)


@pytest.fixture(scope="module")
def page(paper: Paper) -> Pixels:
    return paper.pages[0]


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


PIECES: dict[str, Callable[[Pixels], Pixels]] = {
    "skew": lambda page: optics.skew(page, 2),
    "uneven light": lambda page: optics.uneven_light(page, rng()),
    "blur": lambda page: optics.blur(page, 0.8),
    "noise": lambda page: optics.noise(page, rng(), 6),
    "JPEG": lambda page: optics.through_jpeg(page, 75),
    "bleed-through": lambda page: wear.bleed_through(page, page),
    "fold": lambda page: wear.fold(page, 0.5),
    "upright fold": lambda page: wear.fold(page, 0.5, upright=True),
    "punch holes": wear.punch_holes,
    "stain ring": lambda page: wear.stain_ring(page, 100, 140, rng()),
    "stain ring over the edge": lambda page: wear.stain_ring(page, 2, 295, rng()),
    "soft shadow": lambda page: optics.soft_shadow(page, rng(), 0.4),
    "glare": lambda page: optics.glare(page, rng()),
    "coloured light": lambda page: optics.tinted(page, (0.8, 0.9, 1.0)),
    "little toner": lambda page: wear.little_toner(page, rng()),
    "staple marks": lambda page: wear.staple_marks(page, rng()),
    "edge shadows": lambda page: wear.edge_shadows(page, rng()),
    "coloured paper": lambda page: wear.coloured(page, rng()),
    "ruled paper": lambda page: wear.ruled(page, rng()),
    "watermark": lambda page: wear.watermarked(page, rng()),
    "seal": lambda page: ink.seal(page, 140, 200, ("ỦY BAN", "HUẾ"), rng()),
    "seal over the edge": lambda page: ink.seal(page, 208, 3, ("ỦY BAN", "HUẾ"), rng()),
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_a_piece_changes_a_page_but_not_its_shape(
    piece: Callable[[Pixels], Pixels], page: Pixels
) -> None:
    before = page.copy()
    after = piece(page)
    assert after.shape == page.shape
    assert after.dtype == np.uint8
    assert not np.array_equal(after, page)
    assert np.array_equal(page, before), "the page given in is left as it was"


def test_quarter_turns_swap_the_sides_and_four_of_them_are_none(page: Pixels) -> None:
    turned = optics.quarter_turn(page, 90)
    assert turned.shape[:2] == page.shape[1::-1]
    assert np.array_equal(optics.quarter_turn(turned, 270), page)
    assert np.array_equal(optics.quarter_turn(page, 0), page)


def test_a_seal_is_red_round_and_lets_the_signature_through(paper: Paper) -> None:
    at = seal_on(paper, 0)
    assert at is not None
    sealed = ink.seal(paper.pages[0], at.x_mm, at.y_mm, at.ring, rng())
    blue, _, red = (sealed[..., channel].astype(int) for channel in range(3))
    ys, xs = np.nonzero(red - blue > 60)
    assert np.ptp(xs) == pytest.approx(ink.pixels(36), abs=25)
    assert np.ptp(ys) == pytest.approx(ink.pixels(36), abs=25)
    assert (sealed <= paper.pages[0]).all(), "ink on paper only ever takes light away"


@pytest.mark.parametrize(("quality", "dpis"), [(light, {300}), (medium, {200}), (hard, {150, 200})])
def test_a_preset_gives_its_resolution_and_the_whole_page(
    quality: Callable[[Pixels, int], ScanPage], dpis: set[int], page: Pixels
) -> None:
    scanned = quality(page, 1)
    assert scanned.dpi in dpis
    height = scanned.pixels.shape[0]
    assert height / scanned.dpi * 25.4 == pytest.approx(297, abs=0.3)


def test_the_same_seed_scans_the_same_and_another_does_not(paper: Paper) -> None:
    one, again, other = (scan(paper, Quality.MEDIUM, seed)[0].pixels for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_hard_scans_are_mostly_grey(page: Pixels) -> None:
    small = np.asarray(cv2.resize(page, None, fx=0.25, fy=0.25), dtype=np.uint8)
    grey = sum(hard(small, seed).pixels.ndim == 2 for seed in range(20))
    assert 10 <= grey < 20


def test_a_blank_back_is_nearly_white_even_where_the_front_shines_through(page: Pixels) -> None:
    plain, shone_through = blank_back(1).pixels, blank_back(1, bleed_of=page).pixels
    assert plain.mean() > 245
    assert shone_through.min() > 200
    assert shone_through.std() > plain.std()


def test_a_page_without_a_signature_is_not_sealed() -> None:
    decision = render_paper("divorce_decision", 1)
    assert seal_on(decision, 0) is None
    assert isinstance(seal_on(decision, 1), SealAt)
    assert seal_on(render_paper("birth_registration_form", 1), 0) is None
