import json
from pathlib import Path

from typer.testing import CliRunner

from hoso.barcode.code import SeparatorLabel
from hoso.barcode.sheets import SeparatorSheet, separator_sheets_pdf
from hoso.cli.main import app
from tests.paper.render import pixels_of
from tests.paper.stack import ScanPage, write_pdf


def test_a_code_that_cannot_be_read_is_listed_without_a_text(tmp_path: Path) -> None:
    whole, torn = (
        pixels_of(separator_sheets_pdf([SeparatorSheet(label=SeparatorLabel(it), title="")]))[0]
        for it in (7, 8)
    )
    middle = torn.shape[1] // 2
    torn[:, middle - 20 : middle + 20] = 255
    write_pdf([ScanPage(whole, 300), ScanPage(torn, 300)], tmp_path / "sheets.pdf")

    done = CliRunner().invoke(app, ["codes", str(tmp_path / "sheets.pdf"), "--json"])

    codes = json.loads(done.output)
    read = {(code["page"], code["text"]) for code in codes}
    assert (1, SeparatorLabel(7).digits()) in read
    assert {text for page, text in read if page == 2} == {None}
