"""What papers are said to be: their kinds and fields, as read from scans that came in every way.

On the papers that hoso was tuned on and on papers kept apart. What stands there by hand is counted
apart: hoso does not promise to read it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.reading import read_pdf
from bench.report import cores, note, print_report, print_table, wants_quick
from hoso.dossier.catalogue_files import load_catalogue
from hoso.dossier.doubts import SURE
from hoso.ocr.fields import read_fields
from hoso.ocr.paper_type import TypeGuess, guess_type
from hoso.ocr.words import Word
from hoso.text import fold, nfc
from tests.paper.render import fields_of_kind
from tests.paper.sets import KnownPage, kept_pages, tuning_pages
from tests.paper.stack import write_pdf

_PAGES, _QUICK_PAGES = 300, 30
# The kind under which a paper of the sets is filed, where that is not its own name.
FILED_AS = {"birth_registration_form": "application_form"}
UNTITLED = frozenset({"document_to_certify"})
_HEADINGS = ("set", "way", "papers", "kind known", "not sure", "wrong and sure")
_OF_FIELDS = ("set", "field", "printed", "exact", "other", "of these sure", "by hand", "exact")


@dataclass
class Paper:
    """One paper of a set, `name`: what stands on it, and what was read of it."""

    name: str
    kind: str
    seed: int
    way: str
    printed: str = ""
    pages: list[Sequence[Word]] = field(default_factory=list)

    @property
    def filed_as(self) -> str:
        """The component type it belongs to."""
        return FILED_AS.get(self.kind, self.kind)

    def is_printed(self, value: str | date) -> bool:
        """Whether a value stands there in print and not by hand."""
        if isinstance(value, str):
            return fold(value) in fold(self.printed)
        forms = (f"{value:%d/%m/%Y}", f"{value:%d} tháng {value:%m} năm {value:%Y}")
        return any(form in self.printed for form in forms)


def main() -> None:
    """Read both sets and print what came of it."""
    wanted = _QUICK_PAGES if wants_quick("what papers are said to be") else _PAGES
    papers = [
        *_read_set("tuning", tuning_pages(), wanted),
        *_read_set("kept", kept_pages(), wanted),
    ]
    kinds = load_catalogue().component_types
    headings = {key: kind.headings for key, kind in kinds.items()}
    titled = [paper for paper in papers if paper.kind not in UNTITLED]
    guesses = [(paper, guess_type(paper.pages, headings)) for paper in titled]
    print_report(
        f"Papers: {wanted} pages a set; a kind is known that is right and sure",
        _HEADINGS,
        [_row(name, way, some) for (name, way), some in _by_way(guesses)],
        packages=("tesserocr", "rapidfuzz"),
    )
    print("\nFields; a value is sure that is shown at 0.9 and more:\n")
    print_table(_OF_FIELDS, list(_fields(papers)))


def _read_set(name: str, pages: Iterator[KnownPage], wanted: int) -> list[Paper]:
    note(f"{name}: drawing {wanted} pages")
    papers: dict[tuple[str, int, str], Paper] = {}
    with TemporaryDirectory() as folder, ProcessPoolExecutor(cores()) as pool:
        places, owners = [], []
        for number, page in enumerate(islice(pages, wanted)):
            places.append(Path(folder) / f"{number}.pdf")
            write_pdf([page.scan], places[-1])
            key = (page.kind, page.seed, page.way)
            owners.append(papers.setdefault(key, Paper(name, *key)))
            owners[-1].printed += " ".join(word.text for word in page.words if not word.by_hand)
        note(f"{name}: reading")
        for paper, reading in zip(owners, pool.map(read_pdf, places), strict=True):
            paper.pages.append(reading.words)
    return list(papers.values())


def _by_way(
    guesses: Iterable[tuple[Paper, TypeGuess | None]],
) -> Iterator[tuple[tuple[str, str], list[tuple[Paper, TypeGuess | None]]]]:
    """The papers of each set, by way and then all."""
    groups: defaultdict[tuple[str, str], list[tuple[Paper, TypeGuess | None]]] = defaultdict(list)
    for paper, guess in guesses:
        groups[paper.name, paper.way].append((paper, guess))
        groups[paper.name, "all"].append((paper, guess))
    return iter(sorted(groups.items(), key=lambda each: (each[0][0], each[0][1] == "all")))


def _row(name: str, way: str, some: list[tuple[Paper, TypeGuess | None]]) -> list[str]:
    sure = [(paper, guess) for paper, guess in some if guess and guess.is_sure]
    right = sum(guess.type == paper.filed_as for paper, guess in sure)
    return [
        name, way, str(len(some)), f"{100 * right / len(some):.1f} %",
        str(len(some) - len(sure)), str(len(sure) - right),
    ]  # fmt: skip


def _fields(papers: Iterable[Paper]) -> Iterator[list[str]]:
    counted: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for paper in papers:
        found = {each.key.value: each for each in read_fields(paper.pages, paper.filed_as)}
        for key, value in fields_of_kind(paper.kind, paper.seed).items():
            known = nfc(value) if isinstance(value, str) else value.isoformat()
            of_field, read = counted[paper.name, key], found.get(key)
            way = "printed" if paper.is_printed(value) else "by hand"
            of_field[way] += 1
            if read and read.value == known:
                of_field[f"{way}, exact"] += 1
            elif read and way == "printed":
                of_field["other"] += 1
                of_field["other, sure"] += read.confidence >= SURE
    for (name, key), of_field in sorted(counted.items(), key=lambda each: each[0]):
        yield [
            name, key, str(of_field["printed"]), _share(of_field, "printed"),
            str(of_field["other"]), str(of_field["other, sure"]),
            str(of_field["by hand"]), _share(of_field, "by hand"),
        ]  # fmt: skip


def _share(counted: Counter[str], way: str) -> str:
    exact, every = counted[f"{way}, exact"], counted[way]
    return f"{100 * exact / every:.1f} %" if every else "–"


if __name__ == "__main__":
    main()
