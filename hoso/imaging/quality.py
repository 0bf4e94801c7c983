"""How good a page's picture is, told at the counter before anything is read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from hoso.imaging.findings import Finding, Verdict
from hoso.imaging.look import small
from hoso.imaging.measures import (
    MEASURE_DPI,
    edges_of,
    ink_under_seal,
    letters_at_edge,
    light_of,
)
from hoso.imaging.page import PageImage
from hoso.imaging.skew import ink_map, measure_skew_either_way

# A seal with more black under it lies on print; over a signature, where it belongs, 0.05–0.08.
_SEAL_ON_PRINT: Final = 0.1


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured on a page's picture.

    `dpi`: dots per inch. `skew`: degrees counter-clockwise that would lay it straight.
    `edge_mm`: over what length paper turns into ink (sharp: 0.4); `contrast`: how much darker
    than its paper the print is, 0–1; both are None where there is no print. `brightness` of the
    paper, 0–255. `unevenness`: what its darkest part lacks, 0–1. `letters_at_edge`: how many
    touch one edge of the picture. `ink_under_seal`: the share of black in the red seal that
    covers most of it, 0–1.
    """

    dpi: float
    skew: float
    edge_mm: float | None
    contrast: float | None
    brightness: float
    unevenness: float
    letters_at_edge: int
    ink_under_seal: float


@dataclass(frozen=True, slots=True)
class Quality:
    """The verdict on a page's picture, what speaks against it, and what was measured."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    measures: Measures


def judge(image: PageImage) -> Quality:
    """Judge a scanned page by its picture alone; about 30 ms for A4 at 300 dpi."""
    grey = small(image, MEASURE_DPI)
    dpi = min(MEASURE_DPI, image.dpi)
    light, edges = light_of(grey), edges_of(grey, dpi)
    ink = ink_map(grey, dpi, without=[])
    return quality_of(
        Measures(
            dpi=round(image.dpi, 1),
            skew=round(measure_skew_either_way(ink), 2),
            edge_mm=round(edges.width_mm, 3) if edges else None,
            contrast=round(min(1.0, edges.contrast / max(1.0, light.brightness)), 3)
            if edges
            else None,
            brightness=round(light.brightness, 1),
            unevenness=round(light.unevenness, 3),
            letters_at_edge=letters_at_edge(ink) if edges else 0,
            ink_under_seal=round(ink_under_seal(image), 3),
        )
    )


def with_unread_code(quality: Quality) -> Quality:
    """The same page on which a code stands that nothing could read."""
    return replace(
        quality,
        verdict=_worst((quality.verdict, Verdict.READABLE)),
        findings=(*quality.findings, Finding.CODE_UNREAD),
    )


def quality_of(measured: Measures) -> Quality:
    """The findings that the measures call for; the worst of them is the verdict.

    Calibrated on what Tesseract made of 250 pages spoilt in one way each. Below the first
    threshold its order-free character error stays that of good scans (0–3 %), beyond the second
    it exceeds 10 %, or words are lost that no reading brings back.
    """
    blurred = _high(measured.edge_mm, 0.5, 0.72)
    faint = _low(measured.contrast, 0.6, 0.2)
    verdicts = {
        Finding.TOO_FEW_PIXELS: _low(measured.dpi, 149, 99),
        Finding.BLURRED: blurred,
        # Blur alone makes thin strokes pale.
        Finding.FAINT: faint if blurred is Verdict.GOOD else Verdict.GOOD,
        Finding.TOO_DARK: _low(measured.brightness, 110, 40),
        Finding.UNEVEN_LIGHT: _high(measured.unevenness, 0.6),
        Finding.SKEWED: _high(abs(measured.skew), 5, 12),
        Finding.CUT_OFF: _high(measured.letters_at_edge, 6, 12),
    }
    findings = [finding for finding, verdict in verdicts.items() if verdict is not Verdict.GOOD]
    if measured.ink_under_seal >= _SEAL_ON_PRINT:  # said to the clerk; the scan is as good as any
        findings.append(Finding.SEAL_OVER_TEXT)
    return Quality(_worst(verdicts.values()), tuple(findings), measured)


def _high(value: float | None, readable: float, rescan: float = float("inf")) -> Verdict:
    """The verdict on a measure that should be small."""
    if value is None or value < readable:
        return Verdict.GOOD
    return Verdict.READABLE if value < rescan else Verdict.RESCAN


def _low(value: float | None, readable: float, rescan: float) -> Verdict:
    """The verdict on a measure that should be large."""
    return Verdict.GOOD if value is None else _high(-value, -readable, -rescan)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=list(Verdict).index)
