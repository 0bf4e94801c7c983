from pathlib import Path

import pytest

from hoso.barcode.code import SeparatorLabel
from hoso.barcode.sheets import SeparatorSheet, separator_sheets_pdf
from hoso.scanner_ingest.seen import look_at_page
from tests.paper import optics
from tests.paper.degrade import blank_back, light
from tests.paper.render import Paper, pixels_of, render_paper
from tests.paper.stack import ScanPage, write_pdf


@pytest.fixture(scope="module")
def paper() -> Paper:
    return render_paper("marriage_certificate", 6)


@pytest.fixture(scope="module")
def stack(paper: Paper, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good scan, its back with the front shining through, and the same page out of focus."""
    good, back = light(paper.pages[0], 6), blank_back(6, bleed_of=paper.pages[0])
    blurred = ScanPage(optics.blur(good.pixels, 6), good.dpi)
    path = tmp_path_factory.mktemp("seen") / "stack.pdf"
    write_pdf([good, back, blurred], path)
    return path


def test_a_good_scan_is_seen_as_one(stack: Path) -> None:
    seen = look_at_page(stack, 1)
    assert (seen.blank, seen.quality["verdict"], seen.quality["findings"]) == (False, "good", ())


def test_a_blank_back_is_not_judged(stack: Path) -> None:
    seen = look_at_page(stack, 2)
    assert (seen.blank, seen.quality) == (True, {})


def test_a_page_out_of_focus_is_to_be_scanned_again(stack: Path) -> None:
    quality = look_at_page(stack, 3).quality
    assert quality["verdict"] == "rescan"
    assert "blurred" in quality["findings"]
    assert quality["measures"]["edge_mm"] > 0.72


def test_a_code_that_cannot_be_read_is_pointed_out(tmp_path: Path) -> None:
    (sheet,) = pixels_of(separator_sheets_pdf([SeparatorSheet(label=SeparatorLabel(7), title="")]))
    middle = sheet.shape[1] // 2
    sheet[:, middle - 20 : middle + 20] = 255  # torn and glued together
    write_pdf([ScanPage(sheet, 300)], tmp_path / "spoilt.pdf")
    seen = look_at_page(tmp_path / "spoilt.pdf", 1)
    assert seen.codes == []
    assert "code_unread" in seen.quality["findings"]
    assert seen.quality["verdict"] != "good"
