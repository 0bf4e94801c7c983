"""The bare faces: a file in, a result out, no database and no settings needed."""

import hashlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from hoso.cli.opening import AsJson, read_settings
from hoso.cli.output import progress, say, say_json, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hoso.barcode.read import FoundCode, UnreadCode
    from hoso.imaging.limits import Limits
    from hoso.ocr.bare import BarePage
    from hoso.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("ocr")(ocr)
    app.command("codes")(codes)


def ocr(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="PDF or picture.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Searchable PDF/A to write.")],
    text: Annotated[Path | None, typer.Option(help="Also write the plain text here.")] = None,
    jobs: Annotated[int, typer.Option(help="Pages at once; 0: one per core.", min=0)] = 0,
    language: Annotated[str, typer.Option(help="Tesseract language data.")] = "vie",
    engine: Annotated[
        Literal["pytesseract", "tesserocr"] | None,
        typer.Option(help="Who reads; see HOSO_OCR_ENGINE.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a searchable PDF/A of a scan; its pictures stay as the scanner wrote them."""
    from hoso.imaging.isolation import PageProcesses
    from hoso.imaging.scratch import swept_folder, written_whole
    from hoso.ocr.bare import PRELOAD, BareFile
    from hoso.ocr.engines import EngineChoice

    settings = read_settings()
    at_once, seconds = jobs or settings.page_processes, settings.page_timeout_seconds
    choice = EngineChoice(language, settings.tessdata_dir, engine or settings.ocr_engine)
    memory = settings.page_memory_bytes
    shown, texts = [], []
    with (
        written_whole(output) as draft,
        swept_folder() as folder,
        PageProcesses(at_once, memory_bytes=memory, preload=PRELOAD) as isolated,
    ):
        paper = BareFile(file, folder, isolated.run)
        count = paper.open(_limits(settings))
        with progress("ocr", count) as step:
            for page in paper.read_pages(count, choice, at_once=at_once, seconds=seconds):
                texts.append(page.reading.text)
                shown.append(_page_shown(page))
                step()
        paper.write(draft, title=file.stem, source_sha256=_sha256(file))
    if text:
        with written_whole(text) as draft:
            draft.write_text("\f".join(texts), encoding="utf-8")
    if as_json:
        say_json({"file": str(file), "output": str(output), "pages": shown})
    else:
        say(f"{output}: {count} trang")


def codes(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Read the Code 128 and QR symbols on every page; each names the rung that found it.

    A symbol that stands there and cannot be read is listed without a text.
    """
    from hoso.barcode.read import look_for_codes
    from hoso.imaging.pages import load_page

    settings = read_settings()
    found: list[dict[str, Any]] = []
    for file in files:
        with as_one_pdf(file, settings) as (pdf, count), progress(file.name, count) as step:
            for number in range(1, count + 1):
                image = load_page(pdf, number).image
                reading = look_for_codes(image.pixels, image.dpi)
                shown = [_code_shown(code, code.text, code.rung) for code in reading.found]
                shown += [_code_shown(code, None, None) for code in reading.unread]
                found += [{"file": str(file), "page": number, **code} for code in shown]
                step()
    if as_json:
        say_json(found)
        return
    table(
        ["Tệp", "Trang", "Loại mã", "Nội dung", "Cách đọc"],
        [
            (
                code["file"],
                code["page"],
                code["symbology"],
                code["text"] or "không đọc được",
                code["rung"] or "–",
            )
            for code in found
        ],
    )


def _code_shown(
    code: "FoundCode | UnreadCode", text: str | None, rung: str | None
) -> dict[str, Any]:
    box = [round(float(side), 1) for side in code.box]
    return {"symbology": code.symbology, "text": text, "box": box, "rung": rung}


@contextmanager
def as_one_pdf(file: Path, settings: "Settings") -> "Iterator[tuple[Path, int]]":
    """The file as a PDF, and how many pages it has; refuses what cannot become pages."""
    from hoso.imaging.files import inspect
    from hoso.imaging.normal import as_pdf
    from hoso.imaging.scratch import swept_folder

    facts = inspect(file, name=file.name, limits=_limits(settings))
    with swept_folder() as folder:
        pdf = folder / "normal.pdf"
        as_pdf(file, facts.kind, pdf)
        yield pdf, facts.pages


def _limits(settings: "Settings") -> "Limits":
    from hoso.imaging.limits import Limits

    return Limits(settings.max_upload_bytes, settings.max_pages, settings.max_page_pixels)


def _page_shown(page: "BarePage") -> dict[str, Any]:
    return {
        "page": page.number,
        "text": page.reading.text,
        "confidence": page.reading.confidence,
        "rotation": page.reading.turn,
        "skew": page.reading.skew,
        "blank": page.blank,
        "failure": page.reading.failure,
    }


def _sha256(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
