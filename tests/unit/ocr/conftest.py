from pathlib import Path

import pytest

from hoso.imaging.pages import load_page
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
from hoso.ocr.tesseract import TesseractEngine
from tests.unit.ocr.scans import a_scan


def really_read(path: Path) -> PageReading:
    return read_page(path, 1, load_page(path, 1), engine=TesseractEngine(), timeout_seconds=60)


@pytest.fixture(scope="session")
def skewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PageReading]:
    """A page that was fed on its side and two degrees askew, with its real reading."""
    path = a_scan(tmp_path_factory.mktemp("skewed") / "scan.pdf", turn=90, skew=2.0)
    return path, really_read(path)
