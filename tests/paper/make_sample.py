"""The bundled stack, as a clerk would feed it: `python -m tests.paper.make_sample OUT.pdf`.

One family registers a birth: a separator sheet before each of its three papers, and the blank
back of the first one, because feeders scan both sides of everything. The same command always
writes the same bytes.
"""

import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

import hoso.dossier
from hoso.barcode.code import SeparatorLabel
from hoso.barcode.sheets import SeparatorSheet, separator_sheets_pdf
from hoso.imaging.page import Pixels
from tests.paper import optics
from tests.paper.degrade import blank_back, seal_on, stamped
from tests.paper.ink import DPI
from tests.paper.render import pixels_of, render_paper
from tests.paper.stack import ScanPage, write_pdf

SEED = 4
SCAN_DPI, JPEG_QUALITY = 200, 70
MOST_SKEW_DEGREES = 0.8

# Kind of paper, and the component type under which it is filed.
PAPERS = (
    ("birth_attestation", "birth_attestation"),
    ("marriage_certificate", "marriage_certificate"),
    ("birth_registration_form", "application_form"),
)


def sample_stack() -> list[ScanPage]:
    """The pages of the bundled stack, in feeding order."""
    return [page for kind, component_type in PAPERS for page in _component(kind, component_type)]


def _component(kind: str, component_type: str) -> Iterator[ScanPage]:
    """Separator sheet, then the paper; the first paper's blank back as well."""
    rng = np.random.default_rng([SEED, *kind.encode()])
    yield _fed(_separator(component_type), rng)
    paper = render_paper(kind, SEED)
    for number, page in enumerate(paper.pages):
        yield _fed(stamped(page, seal_on(paper, number), rng), rng)
        if kind == PAPERS[0][0]:
            yield blank_back(SEED, bleed_of=page, dpi=SCAN_DPI)


def _separator(component_type: str) -> Pixels:
    """The sheet that `hoso sheets` prints for this component type, on paper."""
    entry = _component_types()[component_type]
    sheet = SeparatorSheet(label=SeparatorLabel(entry["sheet_number"]), title=entry["title"])
    (page,) = pixels_of(separator_sheets_pdf([sheet]))
    return page


def _component_types() -> dict[str, dict[str, Any]]:
    source = files(hoso.dossier) / "data" / "component_types.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _fed(page: Pixels, rng: np.random.Generator) -> ScanPage:
    """A sheet through an office's feeder: a little askew, compressed, otherwise well."""
    askew = float(rng.uniform(-MOST_SKEW_DEGREES, MOST_SKEW_DEGREES))
    scanned = optics.skew(optics.downscale(page, DPI, SCAN_DPI), askew)
    return ScanPage(scanned, SCAN_DPI, JPEG_QUALITY)


if __name__ == "__main__":
    write_pdf(sample_stack(), Path(sys.argv[1]))
