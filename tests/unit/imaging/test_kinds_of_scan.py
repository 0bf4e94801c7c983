from pathlib import Path

import cv2
import numpy as np
import pytest
from pdf2image import convert_from_path

from hoso.imaging import pages
from hoso.imaging.pages import LoadedPage, load_page
from tests.unit.imaging.papers import middle_of_red
from tests.unit.imaging.scans_of_all_kinds import GREY, HEIGHT, KINDS, PAPER, WIDTH, Kind


def upright(page: LoadedPage) -> np.ndarray:
    """In colour, as a viewer turns it."""
    turned = np.rot90(page.image.pixels, -page.rotate // 90)
    return cv2.cvtColor(turned, cv2.COLOR_GRAY2BGR) if turned.ndim == 2 else turned


def as_poppler_shows(path: Path) -> np.ndarray:
    return np.asarray(convert_from_path(path, dpi=100)[0])[:, :, ::-1]


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_of_scan_has_the_pixels_that_another_program_shows(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kind.write(tmp_path / "scan.pdf")
    drawn: list[object] = []
    really = pages.render
    monkeypatch.setattr(pages, "render", lambda *a, **k: (drawn.append(a), really(*a, **k))[1])
    page = load_page(path, 1)
    assert bool(drawn) is not kind.is_taken_out
    assert page.image.dpi == pytest.approx(kind.drawn_dpi, rel=0.01)
    seen = cv2.resize(upright(page), (WIDTH, HEIGHT))
    shown = as_poppler_shows(path)
    assert apart(seen, shown) < 6
    reference = PAPER if kind.has_colour else GREY.convert("RGB")
    assert apart(seen[:, :, ::-1], np.asarray(reference)) < 6


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_wish_gives_less_of_every_kind_in_the_same_place(kind: Kind, tmp_path: Path) -> None:
    path = kind.write(tmp_path / "scan.pdf")
    page = load_page(path, 1, dpi=50)
    assert page.image.dpi == pytest.approx(50, rel=0.02)
    if kind.has_colour:
        x, y, _ = page.to_points @ (*middle_of_red(page.image.pixels), 1)
        wide, high = page.width_points, page.height_points
        expected = (0.15 * wide, 0.925 * high) if not page.rotate else (0.075 * wide, 0.15 * high)
        assert (x, y) == pytest.approx(expected, abs=1.5)  # under 1 mm at 50 dpi
