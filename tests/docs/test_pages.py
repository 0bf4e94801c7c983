"""What the documentation points at exists: links, settings, commands, decision records."""

import re
import tomllib
from pathlib import Path

import pytest

from hoso.settings import Settings
from tests.docs import reference

ROOT = reference.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_A_COMMAND = re.compile(r"\s*(?:\$ )?(?:\.venv/bin/)?hoso ([a-z][a-z-]*)")
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@EACH_PAGE
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            broken.append(target)
    assert broken == []


@EACH_PAGE
def test_every_setting_that_is_named_exists(page: Path) -> None:
    known = {f"HOSO_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"HOSO_[A-Z0-9_]*[A-Z0-9]", page.read_text(encoding="utf-8")))
    assert {name for name in named if name.removesuffix("_FILE") not in known} == set()


@EACH_PAGE
def test_every_command_that_is_named_exists(page: Path) -> None:
    known = {words.split()[0] for words, _ in reference.commands()}
    fenced = re.findall(r"^```.*?^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    written = [line for block in fenced for line in block.splitlines()]
    written += re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
    named = {found[1] for code in written if (found := _A_COMMAND.match(code))}
    assert named - known == set()


def test_every_decision_is_listed_in_order() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", (folder / "README.md").read_text())
    assert listed == records
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))


def test_the_architecture_draws_the_import_order_that_is_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(each["layers"] for each in contracts["contracts"] if each["type"] == "layers")
    drawn = re.search(r"```text\n(cli.*?)```", _architecture(), re.DOTALL)
    assert drawn is not None
    assert " ".join(drawn[1].split()).split(" > ") == layers


def test_the_architecture_names_every_job_and_table() -> None:
    from hoso.db import Table
    from hoso.dossier import work
    from hoso.jobs import Job

    reference.coded_errors()  # imports every module, so that every table is known
    jobs = {value.name for value in vars(work).values() if isinstance(value, Job)}
    unnamed = {
        name for name in jobs | set(Table.metadata.tables) if f"`{name}`" not in _architecture()
    }
    assert unnamed == set()


def test_the_architecture_has_a_line_for_every_part() -> None:
    parts = [path.parent.name for path in (ROOT / "hoso").glob("*/__init__.py")]
    assert [part for part in parts if f"| `{part}` |" not in _architecture()] == []


def test_every_table_is_a_word_of_the_glossary() -> None:
    from hoso.db import Table

    reference.coded_errors()
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    terms = {term for cell in cells for term in cell.split(" / ")}
    assert {name.replace("_", " ") for name in Table.metadata.tables} <= terms


def _architecture() -> str:
    return (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def _anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make, as GitHub spells them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def test_every_rule_and_reason_of_reuse_is_described() -> None:
    from hoso.dossier.asking import AskReason
    from hoso.dossier.reasons import Reason
    from hoso.dossier.reuse import RULES
    from hoso.dossier.trust import Trust

    text = (ROOT / "docs" / "reference" / "reuse.md").read_text(encoding="utf-8")
    words = [*RULES, *Reason, *AskReason, *Trust]
    assert [word for word in words if f"`{word}`" not in text] == []
    table = (ROOT / "tests/unit/dossier/decisions.txt").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line and not line.startswith("#")]
    assert f"{len(rows)} cases" in text
