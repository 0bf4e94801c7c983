import re
from string import Formatter
from unicodedata import is_normalized

import pytest

from hoso.errors import HosoError
from hoso.settings import Settings
from tests.docs import reference

CODED = reference.coded_errors()


@pytest.mark.parametrize("name", ["settings.md", "errors.md", "commands.md"])
def test_the_committed_reference_is_what_the_code_says(name: str) -> None:
    committed = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert committed == reference.pages()[name], "run scripts/write-reference and commit it"


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert _first_cells("settings.md") == [f"HOSO_{name.upper()}" for name in Settings.model_fields]


def test_every_error_code_is_documented_once_and_nothing_else() -> None:
    assert sorted(_first_cells("errors.md")) == sorted(error.code for error in CODED)


def test_every_command_is_documented_and_nothing_else() -> None:
    text = (reference.FOLDER / "commands.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## hoso (.+)$", text, re.MULTILINE)
    assert headings == [words for words, _ in reference.commands()]


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_an_error_code_stands_for_one_error() -> None:
    codes = [error.code for error in CODED]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("error", CODED, ids=lambda error: error.code)
def test_both_sentences_of_an_error_tell_the_same_facts(error: type[HosoError]) -> None:
    # A pair such as {what_vi} and {what_en} is one fact said in each language.
    assert _facts(error.vi) == _facts(error.en)


@pytest.mark.parametrize("error", CODED, ids=lambda error: error.code)
def test_an_error_is_said_in_whole_sentences_of_its_own(error: type[HosoError]) -> None:
    for language in ("vi", "en"):
        assert language in vars(error)
        assert vars(error)[language].endswith((".", "}"))  # a fact at the end is a sentence itself
    assert is_normalized("NFC", error.vi)


def _first_cells(name: str) -> list[str]:
    text = (reference.FOLDER / name).read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def _facts(sentence: str) -> set[str]:
    names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    return {re.sub(r"_(vi|en)$", "", name) for name in names}
