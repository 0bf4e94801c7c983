from pathlib import Path

import pytest

from tests.paper.make_sample import sample_stack
from tests.paper.stack import ScanPage, write_pdf

SEVEN_PAGES = ["separator", "paper", "back", "separator", "paper", "separator", "paper"]


@pytest.fixture(scope="module")
def pages() -> list[ScanPage]:
    return sample_stack()


def test_the_sample_is_three_papers_behind_separators_and_one_blank_back(
    pages: list[ScanPage],
) -> None:
    dark = [(page.pixels < 128).mean() > 0.005 for page in pages]
    assert dark == [page != "back" for page in SEVEN_PAGES]
    assert {page.dpi for page in pages} == {200}


def test_the_sample_stays_small_enough_to_be_committed(
    pages: list[ScanPage], tmp_path: Path
) -> None:
    write_pdf(pages, tmp_path / "stack.pdf")
    assert (tmp_path / "stack.pdf").stat().st_size <= 1_200_000
