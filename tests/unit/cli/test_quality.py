import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hoso.cli.main import app
from tests.paper import optics
from tests.paper.degrade import blank_back, light
from tests.paper.render import render_paper
from tests.paper.stack import ScanPage, write_pdf


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good scan, a blank back, and a page out of focus."""
    good = light(render_paper("marriage_certificate", 6).pages[0], 6)
    path = tmp_path_factory.mktemp("cli") / "stack.pdf"
    write_pdf([good, blank_back(6), ScanPage(optics.blur(good.pixels, 6), good.dpi)], path)
    return path


def test_every_page_is_judged_for_programs(stack: Path) -> None:
    done = CliRunner().invoke(app, ["quality", str(stack), "--json"])
    assert done.exit_code == 0
    pages = json.loads(done.output)
    assert [page["verdict"] for page in pages] == ["good", None, "rescan"]
    assert [page["blank"] for page in pages] == [False, True, False]
    assert pages[2]["findings"] == ["blurred"]
    assert pages[0]["measures"]["dpi"] == pytest.approx(300, abs=1)


@pytest.mark.parametrize(
    ("locale", "said"),
    [("vi_VN.UTF-8", "Hãy lau mặt kính"), ("en_GB.UTF-8", "Wipe the glass")],
)
def test_people_are_told_what_to_do(
    stack: Path, monkeypatch: pytest.MonkeyPatch, locale: str, said: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    done = CliRunner().invoke(app, ["quality", str(stack)])
    assert done.exit_code == 0
    assert said in " ".join(done.output.split())
