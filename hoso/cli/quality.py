"""`hoso quality`: whether a scan will do, told before anything is read and without a database."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hoso.cli.bare import as_one_pdf
from hoso.cli.opening import AsJson, read_settings
from hoso.cli.output import language, progress, say_json, table

if TYPE_CHECKING:
    from hoso.imaging.pages import LoadedPage


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("quality")(quality)


def quality(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Judge every page's picture: blank, good, readable or to be scanned again, and why."""
    from hoso.imaging.pages import load_page

    settings = read_settings()
    judged: list[dict[str, Any]] = []
    for file in files:
        with as_one_pdf(file, settings) as (pdf, count), progress(file.name, count) as step:
            for number in range(1, count + 1):
                page = _judged(load_page(pdf, number))
                judged.append({"file": str(file), "page": number, **page})
                step()
    if as_json:
        say_json(judged)
    else:
        _show(judged)


def _judged(page: "LoadedPage") -> dict[str, Any]:
    """What is said of a page; without a verdict where there is no picture of print to judge."""
    from hoso.barcode.read import read_codes
    from hoso.imaging.look import look
    from hoso.imaging.quality import judge

    image = page.image
    blank = look(image).blank and not read_codes(image.pixels, image.dpi)
    if blank or page.has_text:
        return {"blank": blank, "verdict": None, "findings": [], "measures": None}
    return {"blank": False, **asdict(judge(image))}


def _show(judged: list[dict[str, Any]]) -> None:
    from hoso.imaging.findings import SENTENCES, VERDICTS

    vietnamese = language() == "vi"
    headings = ["Tệp", "Trang", "Chất lượng", "Nên làm gì"]
    blank, drawn = ("Trang trắng", "Văn bản điện tử") if vietnamese else ("Blank", "Drawn as text")
    table(
        headings if vietnamese else ["File", "Page", "Quality", "What to do"],
        [
            (
                page["file"],
                page["page"],
                VERDICTS[language()].get(page["verdict"], blank if page["blank"] else drawn),
                " ".join(SENTENCES[language()][finding] for finding in page["findings"]),
            )
            for page in judged
        ],
    )
