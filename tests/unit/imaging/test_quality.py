from collections.abc import Callable

import cv2
import numpy as np
import pytest

from hoso.imaging.findings import SENTENCES, VERDICTS, Finding, Verdict
from hoso.imaging.page import PageImage, Pixels
from hoso.imaging.quality import judge
from tests.paper import degrade, optics
from tests.paper.render import Paper, render_paper
from tests.paper.ways import Way

DPI = 200
Spoil = Callable[[Pixels], Pixels]


@pytest.fixture(scope="module")
def paper() -> Paper:
    return render_paper("birth_certificate", 8)


@pytest.fixture(scope="module")
def sheet(paper: Paper) -> Pixels:
    """The paper scanned well, in colour, at 200 dpi."""
    return optics.downscale(paper.pages[0], 300, DPI)


def paler(page: Pixels, share: float) -> Pixels:
    return np.asarray(255 - (255 - page.astype(np.float32)) * share, np.uint8)


def darker(page: Pixels, share: float) -> Pixels:
    return np.asarray(page * share, np.uint8)


def in_uneven_light(page: Pixels) -> Pixels:
    return optics.uneven_light(page, np.random.default_rng(4), depth=0.8)


@pytest.mark.parametrize("preset", [degrade.light, degrade.medium])
def test_an_ordinary_scan_is_good(paper: Paper, preset: Way) -> None:
    quality = judge(preset(paper.pages[0], 3, degrade.seal_on(paper, 0)).image)
    assert (quality.verdict, quality.findings) == (Verdict.GOOD, ())


@pytest.mark.parametrize(
    ("spoil", "finding", "verdict"),
    [
        (lambda page: optics.blur(page, 2.2), Finding.BLURRED, Verdict.READABLE),
        (lambda page: optics.blur(page, 4.0), Finding.BLURRED, Verdict.RESCAN),
        (lambda page: paler(page, 0.35), Finding.FAINT, Verdict.READABLE),
        (lambda page: paler(page, 0.12), Finding.FAINT, Verdict.RESCAN),
        (lambda page: darker(page, 0.3), Finding.TOO_DARK, Verdict.READABLE),
        (lambda page: darker(page, 0.1), Finding.TOO_DARK, Verdict.RESCAN),
        (in_uneven_light, Finding.UNEVEN_LIGHT, Verdict.READABLE),
        (lambda page: optics.skew(page, 7), Finding.SKEWED, Verdict.READABLE),
        (lambda page: optics.skew(page, -13), Finding.SKEWED, Verdict.RESCAN),
        (lambda page: page[:, 280:], Finding.CUT_OFF, Verdict.RESCAN),
    ],
)
def test_a_spoilt_scan_is_found_out(
    sheet: Pixels, spoil: Spoil, finding: Finding, verdict: Verdict
) -> None:
    noisy = optics.noise(spoil(sheet), np.random.default_rng(1), sigma=4)
    quality = judge(PageImage(noisy, DPI))
    assert finding in quality.findings
    assert quality.verdict is verdict


@pytest.mark.parametrize(("dpi", "verdict"), [(120, Verdict.READABLE), (72, Verdict.RESCAN)])
def test_too_few_pixels_are_found_out(sheet: Pixels, dpi: int, verdict: Verdict) -> None:
    quality = judge(PageImage(optics.downscale(sheet, DPI, dpi), dpi))
    assert Finding.TOO_FEW_PIXELS in quality.findings
    assert quality.verdict is verdict


def test_a_picture_blown_up_is_no_sharper_for_it(sheet: Pixels) -> None:
    small = optics.downscale(sheet, DPI, 72)
    blown_up = cv2.resize(small, sheet.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    quality = judge(PageImage(np.asarray(blown_up, np.uint8), DPI))
    assert quality.findings == (Finding.BLURRED,)


@pytest.mark.parametrize("sigma", [10, 30])
def test_noise_and_compression_alone_spoil_nothing(sheet: Pixels, sigma: float) -> None:
    noisy = optics.noise(sheet, np.random.default_rng(1), sigma=sigma)
    assert judge(PageImage(optics.through_jpeg(noisy, 20), DPI)).verdict is Verdict.GOOD


def test_a_seal_on_print_is_said_and_does_not_spoil() -> None:
    page = render_paper("divorce_decision", 8).pages[0]
    seal = degrade.SealAt(("TÒA ÁN NHÂN DÂN KHU VỰC 2", "TỈNH THANH HÓA"), 100, 110)
    quality = judge(PageImage(degrade.stamped(page, seal, np.random.default_rng(1)), 300))
    assert (quality.verdict, quality.findings) == (Verdict.GOOD, (Finding.SEAL_OVER_TEXT,))


def test_the_measures_are_those_of_the_scan(sheet: Pixels) -> None:
    measures = judge(PageImage(optics.skew(sheet, 2.0), DPI)).measures
    assert measures.dpi == DPI
    assert measures.skew == pytest.approx(-2.0, abs=0.2)
    assert measures.edge_mm == pytest.approx(0.4, abs=0.05)
    assert measures.contrast == pytest.approx(1.0, abs=0.1)
    assert measures.brightness > 240


@pytest.mark.parametrize("size", [(1, 1), (40, 3000), (3508, 2480)])
def test_a_picture_without_print_has_nothing_to_be_found(size: tuple[int, int]) -> None:
    quality = judge(PageImage(np.full(size, 255, np.uint8), 300))
    assert (quality.verdict, quality.findings) == (Verdict.GOOD, ())
    assert quality.measures.edge_mm is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_finding_and_verdict_has_its_words(language: str) -> None:
    assert set(SENTENCES[language]) == set(Finding)
    assert set(VERDICTS[language]) == set(Verdict)
