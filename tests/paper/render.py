"""A kind and a seed become clean pages and every word on them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from importlib.resources import files
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pypdfium2
import typst

import hoso.barcode
from hoso.imaging.page import Pixels
from hoso.ocr.words import Word
from tests.paper import civil_status, extracts, land, other_papers, school_and_trade, welfare
from tests.paper.facts import Facts, Fields
from tests.paper.family import Family, draw_family
from tests.paper.ink import signature
from tests.paper.people import dice
from tests.paper.truth import PrintedWord, lines_on, words_on

DPI = 300
_POINTS_PER_INCH = 72
_HERE = Path(__file__).parent
_FONTS = [str(files(hoso.barcode) / "fonts"), str(_HERE / "fonts")]
_TEMPLATES = _HERE / "templates"


class Face(Enum):
    """A type face with every Vietnamese letter; answers by hand come in the hand beside it."""

    OFFICIAL = ("Liberation Serif", "Paper Hand")  # as wide as the Times that offices must use
    SANS = ("Paper Sans", "Paper Hand")
    BOOK = ("Libertinus Serif", "Paper Hand")  # typst brings it along
    KEPT = ("Paper Humanist", "Paper Schoolhand")  # of the kept set (see `sets`), no other


# The ten that the benchmarks' stacks are made of: what is measured on them over the years stays
# comparable. Names are those of the component types, but for forms.
KINDS: dict[str, Callable[[Family, Random], Facts]] = {
    make.__name__: make
    for make in (
        civil_status.birth_certificate,
        civil_status.birth_attestation,
        civil_status.birth_registration_form,
        civil_status.marriage_certificate,
        civil_status.marital_status_certificate,
        civil_status.divorce_decision,
        other_papers.residence_confirmation,
        other_papers.authorisation,
        other_papers.household_business_certificate,
        other_papers.health_certificate,
    )
}

# To add a kind: a function to its facts here, a template of the same name beside.
ALL_KINDS: dict[str, Callable[[Family, Random], Facts]] = KINDS | {
    make.__name__: make
    for make in (
        extracts.birth_extract,
        extracts.death_extract,
        extracts.civil_status_correction_extract,
        extracts.residence_change_form,
        land.land_use_certificate,
        land.cadastral_map_extract,
        land.property_contract,
        land.tax_declaration,
        welfare.disability_certificate,
        welfare.poor_household_certificate,
        welfare.social_allowance_decision,
        welfare.merit_certificate,
        school_and_trade.diploma,
        school_and_trade.document_to_certify,
        school_and_trade.enterprise_certificate,
        school_and_trade.members_minutes,
        school_and_trade.criminal_record_certificate,
    )
}


@dataclass(frozen=True, slots=True)
class Spot:
    """The middle of a signature block: page from 0, millimetres from its top left corner."""

    page: int
    x_mm: float
    y_mm: float


@dataclass(frozen=True)
class Paper:
    """A paper as signed and not yet sealed.

    `pages` are H×W×3 BGR at `DPI`; `text` is what is printed on each page, composed (NFC), in
    reading order, a line a line; `words` are the same words, each with its place on the clean
    page; `fields` as in `Facts`. `seal` is the ring of the round seal that belongs on
    `seal_spot`; both are None on papers without one.
    """

    kind: str
    seed: int
    face: Face
    pages: list[Pixels]
    text: list[str]
    words: list[list[PrintedWord]]
    fields: dict[str, str | date]
    seal: tuple[str, str] | None
    seal_spot: Spot | None


def render_paper(kind: str, seed: int, face: Face = Face.OFFICIAL, *, renewal: int = 0) -> Paper:
    """The paper of this kind and seed: always the same words, in the same face the same pixels.

    A `renewal` is another paper of the same kind for the same family.
    """
    chance = dice(kind, seed, renewal) if renewal else dice(kind, seed)
    facts = ALL_KINDS[kind](draw_family(seed), chance)
    pdf, marks = _typeset(_TEMPLATES / f"{kind}.typ", facts.values, face)
    pages, text, words = pixels_of(pdf), *_read_back(pdf)
    rng = np.random.default_rng([seed, *kind.encode()])
    for mark in marks:
        spot = _spot(mark)
        signature(pages[spot.page], spot.x_mm, spot.y_mm, rng)
    seal_spot = next((_spot(mark) for mark in marks if mark["kind"] == "seal"), None)
    return Paper(kind, seed, face, pages, text, words, facts.fields, facts.seal, seal_spot)


def fields_of_kind(kind: str, seed: int) -> Fields:
    """What a reader should find on the paper of this kind and seed."""
    return ALL_KINDS[kind](draw_family(seed), dice(kind, seed)).fields


def read_perfectly(
    kind: str, seed: int, face: Face = Face.OFFICIAL
) -> tuple[Fields, list[list[Word]]]:
    """A paper's fields, and the words of its pages as a perfect reader would read them."""
    facts = ALL_KINDS[kind](draw_family(seed), dice(kind, seed))
    texts, words = _read_back(_typeset(_TEMPLATES / f"{kind}.typ", facts.values, face)[0])
    return facts.fields, [_as_read(text, page) for text, page in zip(texts, words, strict=True)]


def _as_read(text: str, words: Iterable[PrintedWord]) -> list[Word]:
    remaining = iter(words)
    return [
        _word(printed, number)
        for number, line in enumerate(text.splitlines())
        for printed in islice(remaining, len(line.split()))
    ]


def _word(printed: PrintedWord, line: int) -> Word:
    x, y, width, height = (
        millimetres * _POINTS_PER_INCH / 25.4
        for millimetres in (
            printed.left,
            printed.top,
            printed.right - printed.left,
            printed.bottom - printed.top,
        )
    )
    return Word(printed.text, 0.99, x, y, width, height, line)


def _typeset(
    source: Path, values: dict[str, Any], face: Face
) -> tuple[bytes, list[dict[str, Any]]]:
    """Run one template; gives the PDF and the marks that it labelled `<ink>`."""
    compiler = typst.Compiler(
        str(source),
        font_paths=_FONTS,
        ignore_system_fonts=True,
        sys_inputs={
            "facts": json.dumps(values, ensure_ascii=False),
            "face": face.value[0],
            "hand": face.value[1],
        },
    )
    pdf = compiler.compile(format="pdf")
    assert isinstance(pdf, bytes), "one file, whatever its pages"
    return pdf, json.loads(compiler.query("<ink>", field="value"))


def _spot(mark: dict[str, Any]) -> Spot:
    return Spot(mark["page"] - 1, mark["x_mm"], mark["y_mm"])


def _read_back(pdf: bytes) -> tuple[list[str], list[list[PrintedWord]]]:
    """Text and words of every page, in the order in which typst set them."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [lines_on(page) for page in document], [words_on(page) for page in document]


def pixels_of(pdf: bytes) -> list[Pixels]:
    """Every page of a PDF, printed: H×W×3 BGR at `DPI`."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_pixels(page) for page in document]


def _pixels(page: pypdfium2.PdfPage) -> Pixels:
    bitmap = page.render(scale=DPI / _POINTS_PER_INCH)
    return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
