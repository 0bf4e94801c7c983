"""Pages per minute, memory and errors of `hoso ocr` as a whole process, on one stack."""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import pypdfium2

from bench.cost import Cost, cost_of
from bench.report import cores, note, print_report, wants_quick
from bench.stack import StackPage, a_stack
from tests.paper import optics
from tests.paper.render import DPI
from tests.paper.scoring import order_free_error
from tests.paper.stack import write_pdf

_CLEAN_DPI = 150
_HEADINGS = (
    "program", "wall s", "CPU s", "peak MiB", "pages/min",
    "light", "medium", "hard", "turned", "all",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One program's cost on so many pages, and what it read of each; None: not its own text."""

    program: str
    cost: Cost
    pages: Sequence[StackPage]
    texts: Sequence[str]


def main() -> None:
    """Measure hoso, Tesseract alone, and OCRmyPDF where it is installed."""
    quick = wants_quick("pages per minute of OCR")
    note("rendering the stack")
    stack = a_stack(quick=quick)
    with TemporaryDirectory() as name:
        folder = Path(name)
        scan = folder / "stack.pdf"
        write_pdf([page.scan for page in stack], scan)
        size = scan.stat().st_size / 1e6
        runs = [_hoso(scan, stack), _tesseract_alone(folder, stack)]
        if shutil.which("ocrmypdf"):
            runs.append(_ocrmypdf(scan, stack))
    blank = sum(page.group == "blank" for page in stack)
    turned = sum(page.turned != 0 for page in stack)
    print_report(
        f"OCR: {len(stack)} pages, {size:.1f} MB ({turned} turned, {blank} blank); errors are "
        "order-free character errors in %, the mean over pages",
        _HEADINGS,
        [_row(run) for run in runs],
        packages=("pytesseract", "pikepdf", "opencv-python-headless"),
    )
    if not shutil.which("ocrmypdf"):
        print("\nOCRmyPDF is not installed here (no `ocrmypdf` on the PATH), so it was not run.")


def _hoso(scan: Path, stack: Sequence[StackPage]) -> Run:
    note("hoso ocr")
    answer = scan.with_name("hoso.json")
    made = scan.with_name("hoso.pdf")
    command = [sys.executable, "-m", "hoso", "ocr", str(scan), "-o", str(made), "--json"]
    cost = cost_of(command, stdout=answer)
    texts = [page["text"] for page in json.loads(answer.read_text("utf-8"))["pages"]]
    return Run(f"hoso ocr, {cores()} at once", cost, stack, texts)


def _tesseract_alone(folder: Path, stack: Sequence[StackPage]) -> Run:
    note("Tesseract alone")
    pictures, answer = folder / "clean", folder / "clean.json"
    pictures.mkdir()
    pages = [page for page in stack if page.clean is not None]
    for number, page in enumerate(pages):
        assert page.clean is not None
        grey = optics.grey(optics.downscale(page.clean, DPI, _CLEAN_DPI))
        cv2.imwrite(str(pictures / f"{number:03}.png"), grey)
    command = [sys.executable, "-m", "bench.tesseract_alone", str(pictures), str(cores())]
    cost = cost_of(command, stdout=answer)
    texts = json.loads(answer.read_text("utf-8"))
    return Run(f"Tesseract alone on the {len(pages)} clean text pages", cost, pages, texts)


def _ocrmypdf(scan: Path, stack: Sequence[StackPage]) -> Run:
    note("OCRmyPDF")
    made = scan.with_name("ocrmypdf.pdf")
    options = ("-l", "vie", "--rotate-pages", "--deskew", "-O1", "--output-type", "pdfa")
    command = ["ocrmypdf", *options, "-j", str(cores()), "--quiet", str(scan), str(made)]
    cost = cost_of(command, stdout=scan.with_name("ocrmypdf.log"))
    with pypdfium2.PdfDocument(made) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return Run(" ".join(("OCRmyPDF", *options)), cost, stack, texts)


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
    return [
        run.program,
        f"{cost.wall_seconds:.1f}",
        f"{cost.cpu_seconds:.1f}",
        f"{cost.peak_mib:.0f}",
        f"{60 * len(run.pages) / cost.wall_seconds:.0f}",
        *(f"{100 * sum(errors) / len(errors):.2f}" if errors else "–" for errors in groups),
    ]


if __name__ == "__main__":
    main()
