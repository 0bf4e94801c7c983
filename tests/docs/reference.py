"""Writes docs/reference from the code: run by scripts/write-reference, compared by the tests."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import annotated_types
import typer
from pydantic.fields import FieldInfo

import hoso
from hoso.archive_api.problems import status_of
from hoso.cli.main import app
from hoso.errors import HosoError
from hoso.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference"

_WRITTEN = "<!-- Written by scripts/write-reference from the code; a test compares them. -->\n"


def pages() -> dict[str, str]:
    """Every page of docs/reference: its file name and its text."""
    return {
        "settings.md": settings_page(),
        "errors.md": errors_page(),
        "commands.md": commands_page(),
    }


# Settings ------------------------------------------------------------------------------------


def settings_page() -> str:
    """Every setting as a row: its variable, default, range and meaning."""
    rows = [
        (f"`HOSO_{name.upper()}`", _default(field), _range(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return f"""# Settings

{_WRITTEN}
hoso is set up by environment variables and nothing else; what is not set has the default below.

For a secret, such as a database URL with a password, add `_FILE` to the name and give the path
of a file that holds the value: `HOSO_DATABASE_URL_FILE=/run/secrets/database-url`.

{_table(("Variable", "Default", "Range", "Meaning"), rows)}"""


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None or value == "":
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _range(field: FieldInfo) -> str:
    """What a number may be."""
    said = []
    for rule in field.metadata:
        match rule:
            case annotated_types.Ge(ge=least):
                said.append(f"≥ {least}")
            case annotated_types.Gt(gt=below):
                said.append(f"> {below}")
            case annotated_types.Le(le=most):
                said.append(f"≤ {most}")
    return ", ".join(said)


# Errors --------------------------------------------------------------------------------------


def errors_page() -> str:
    """Every error, gathered under the HTTP status that the edge gives it."""
    sections = [
        f"## {status} {kind.__name__}\n\n{kind.__doc__}\n\n{_errors_table(members)}"
        for status, kind, members in _by_kind()
    ]
    return f"""# Errors

{_WRITTEN}
Every refusal has a code that stays the same and a sentence that says what to do next. Over HTTP
it is an RFC 9457 problem (`application/problem+json`) with `code` and `detail`, the sentence in
the language of `Accept-Language`; on the command line the sentence and `[code]` stand on
standard error and the command ends 1. `{{…}}` stands for a fact of the case.

{chr(10).join(sections)}"""


def coded_errors() -> list[type[HosoError]]:
    """Every error class with a code of its own, in the order of its module."""
    for module in pkgutil.walk_packages(hoso.__path__, "hoso."):
        # Migrations run when they are imported, and __main__ is the program itself.
        if not module.name.startswith(("hoso.migrations", "hoso.__main__")):
            importlib.import_module(module.name)
    return [kind for kind in _below(HosoError) if "code" in vars(kind)]


def _below(kind: type[HosoError]) -> Iterator[type[HosoError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _by_kind() -> Iterator[tuple[int, type[HosoError], list[type[HosoError]]]]:
    coded = coded_errors()
    for kind in HosoError.__subclasses__():
        members = [error for error in coded if issubclass(error, kind)]
        if members:
            yield status_of(kind()).value, kind, members


def _errors_table(errors: Iterable[type[HosoError]]) -> str:
    rows = [(f"`{error.code}`", f"{_cell(error.vi)}<br>{_cell(error.en)}") for error in errors]
    return _table(("Code", "Sentence"), rows)


# Commands ------------------------------------------------------------------------------------


def commands_page() -> str:
    """Every command with its arguments and options."""
    sections = [_command(words, command) for words, command in commands()]
    return f"""# Commands

{_WRITTEN}
Every command ends 0 (done), 1 (refused, and said why) or 2 (wrongly called). Refusals are said
in Vietnamese, or in English where `LANG` begins with `en`. Settings come from the environment:
[settings](settings.md).

{chr(10).join(sections)}"""


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something: its words (`user add`) and its click object."""
    yield from _leaves("", typer.main.get_command(app))


def _leaves(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield words, command
        return
    for name, child in command.commands.items():
        yield from _leaves(f"{words} {name}".strip(), child)


def _command(words: str, command: Any) -> str:
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    rows = [(_spelling(parameter), _meaning(parameter)) for parameter in shown]
    table = "\n" + _table(("Argument or option", "Meaning"), rows) if rows else ""
    return f"## hoso {words}\n\n{command.help.strip()}\n{table}"


def _spelling(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}{'…' if parameter.nargs == -1 else ''}`"
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    asked = getattr(parameter, "prompt", None)
    return f"{names} (needed)" if parameter.required and not asked else names


def _meaning(parameter: Any) -> str:
    said = parameter.help or ""
    default = parameter.default
    if default in (None, "", ()) or isinstance(default, bool):
        return _cell(said)
    return _cell(f"{said} Default: `{default}`.".strip())


# --------------------------------------------------------------------------------------------


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heading, tuple("---" for _ in heading), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
