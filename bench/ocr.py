"""Pages per minute, memory and errors of `hoso ocr` as a whole process, on one stack."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image

from bench.cost import Cost, cost_of
from bench.report import cores, note, print_report, print_table, wants_quick
from bench.stack import StackPage, a_stack
from tests.paper import optics
from tests.paper.scoring import order_free_error
from tests.paper.stack import write_pdf
from tests.paper.truth import numbers_on

_ENGINES = ("pytesseract", "tesserocr")
_ALONE_DPI = 150
_USUAL = ("-l", "vie", "--rotate-pages", "--deskew", "-O1", "--output-type", "pdfa")
_BEST = (*_USUAL, "--rotate-pages-threshold", "1", "--tesseract-thresholding", "sauvola")
_HEADINGS = (
    "program", "wall s", "CPU s", "peak MiB", "pages/min",
    "light", "medium", "hard", "turned", "all", "ids",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One program's cost on so many pages, and what it read of each; None: not its own text."""

    program: str
    cost: Cost
    pages: Sequence[StackPage]
    texts: Sequence[str]


def main() -> None:
    """Measure hoso with both engines, libtesseract alone, and OCRmyPDF where it is installed."""
    quick = wants_quick("pages per minute of OCR")
    note("rendering the stack")
    stack = a_stack(quick=quick)
    with TemporaryDirectory() as name:
        folder = Path(name)
        scan = folder / "stack.pdf"
        write_pdf([page.scan for page in stack], scan)
        size = scan.stat().st_size
        runs = [_hoso(scan, stack, engine) for engine in _ENGINES]
        runs.append(_tesseract_alone(folder, stack))
        if shutil.which("ocrmypdf"):
            runs += [_ocrmypdf(scan, stack, *flags) for flags in (_USUAL, _BEST)]
        steps = [_stages(scan, engine) for engine in _ENGINES]
        grown = (folder / "hoso.pdf").stat().st_size / size - 1
    blank = sum(page.group == "blank" for page in stack)
    turned = sum(page.turned != 0 for page in stack)
    print_report(
        f"OCR: {len(stack)} pages, {size / 1e6:.1f} MB ({turned} turned, {blank} blank); errors "
        "are order-free character errors in %, the mean over pages; memory is the peak of the "
        f"tree's proportional set size; hoso's output is {100 * grown:.1f} % larger than its input",
        _HEADINGS,
        [_row(run) for run in runs],
        packages=("pytesseract", "tesserocr", "pikepdf", "opencv-python-headless"),
    )
    print("\nWhere hoso's time goes, CPU seconds for the whole stack in one process:\n")
    print_table(
        ("step", *_ENGINES), [(step, *(f"{it[step]:.2f}" for it in steps)) for step in steps[0]]
    )
    if not shutil.which("ocrmypdf"):
        print("\nOCRmyPDF is not installed here (no `ocrmypdf` on the PATH), so it was not run.")


def _hoso(scan: Path, stack: Sequence[StackPage], engine: str) -> Run:
    note(f"hoso ocr --engine {engine}")
    answer = scan.with_name("hoso.json")
    made = scan.with_name("hoso.pdf")
    options = ("--engine", engine, "--json")
    command = [sys.executable, "-m", "hoso", "ocr", str(scan), "-o", str(made), *options]
    cost = cost_of(command, stdout=answer)
    texts = [page["text"] for page in json.loads(answer.read_text("utf-8"))["pages"]]
    return Run(f"hoso ocr, {engine}, {cores()} at once", cost, stack, texts)


def _stages(scan: Path, engine: str) -> dict[str, float]:
    note(f"steps with {engine}")
    command = [sys.executable, "-m", "bench.stages", str(scan), engine]
    found = subprocess.run(command, capture_output=True, check=True)
    steps: dict[str, float] = json.loads(found.stdout)
    return steps


def _tesseract_alone(folder: Path, stack: Sequence[StackPage]) -> Run:
    note("libtesseract alone")
    pictures, answer = folder / "upright", folder / "upright.json"
    pictures.mkdir()
    pages = [page for page in stack if page.text]
    for number, page in enumerate(pages):
        upright = optics.quarter_turn(page.scan.pixels, (-page.turned) % 360)
        grey = upright if upright.ndim == 2 else optics.grey(upright)
        less = optics.downscale(grey, page.scan.dpi, min(_ALONE_DPI, page.scan.dpi))
        picture = Image.fromarray(less)
        picture.save(pictures / f"{number:03}.png", dpi=(_ALONE_DPI, _ALONE_DPI))
    command = [sys.executable, "-m", "bench.tesseract_alone", str(pictures), str(cores())]
    cost = cost_of(command, stdout=answer)
    texts = json.loads(answer.read_text("utf-8"))
    return Run(f"libtesseract alone, the {len(pages)} text pages upright", cost, pages, texts)


def _ocrmypdf(scan: Path, stack: Sequence[StackPage], *flags: str) -> Run:
    note("OCRmyPDF")
    made = scan.with_name("ocrmypdf.pdf")
    command = ["ocrmypdf", *flags, "-j", str(cores()), "--quiet", str(scan), str(made)]
    cost = cost_of(command, stdout=scan.with_name("ocrmypdf.log"))
    with pypdfium2.PdfDocument(made) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return Run(" ".join(("OCRmyPDF", *flags)), cost, stack, texts)


def _row(run: Run) -> list[str]:
    cost = run.cost
    read = [
        (page, order_free_error(page.text, text))
        for page, text in zip(run.pages, run.texts, strict=True)
        if page.text
    ]
    groups = [
        [error for page, error in read if page.group == group]
        for group in ("light", "medium", "hard")
    ]
    groups.append([error for page, error in read if page.turned])
    groups.append([error for _, error in read])
    wanted = [
        (number, text)
        for page, text in zip(run.pages, run.texts, strict=True)
        for number in numbers_on(page.text).citizen_ids
    ]
    return [
        run.program,
        f"{cost.wall_seconds:.1f}",
        f"{cost.cpu_seconds:.1f}",
        f"{cost.peak_mib:.0f}",
        f"{60 * len(run.pages) / cost.wall_seconds:.0f}",
        *(f"{100 * sum(errors) / len(errors):.2f}" if errors else "–" for errors in groups),
        f"{sum(number in text for number, text in wanted)}/{len(wanted)}",
    ]


if __name__ == "__main__":
    main()
