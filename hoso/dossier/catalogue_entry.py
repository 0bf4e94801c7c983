"""Reads the catalogue's TOML files value by value, and says exactly where one is wrong."""

import tomllib
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from hoso.errors import CatalogueMalformed
from hoso.text import nfc

Choice = TypeVar("Choice", bound=StrEnum)
Made = TypeVar("Made")

_MISSING = object()
_LARGEST_PRINTED_NUMBER = 9999


class Entry:
    """One table of a file. Each value is taken once; `done` refuses those nobody took."""

    def __init__(self, file: str, name: str, values: Mapping[str, Any]) -> None:
        self.file, self.name = file, name
        self._values = dict(values)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self._take(key, str, default)
        if not value and default is None:
            self.refuse(f"“{key}” đang để trống", f"“{key}” is empty")
        return value

    def optional_text(self, key: str) -> str | None:
        """A text, or None where the key is absent."""
        return self.text(key) if key in self._values else None

    def whole(self, key: str, default: int | None = None, *, least: int = 0) -> int:
        """A whole number, at least `least`."""
        value = self._take(key, int, default)
        if isinstance(value, bool) or value < least:
            self.refuse(
                f"“{key}” phải là số nguyên từ {least}", f"“{key}” must be a whole number ≥ {least}"
            )
        return value

    def optional_whole(self, key: str, *, least: int = 0) -> int | None:
        """A whole number, or None where the key is absent."""
        return self.whole(key, least=least) if key in self._values else None

    def printed_number(self, key: str) -> int:
        """A number that is printed as four digits, on separator sheets and desk cards."""
        number = self.whole(key, least=1)
        if number > _LARGEST_PRINTED_NUMBER:
            self.refuse(f"“{key}” có nhiều hơn 4 chữ số", f"“{key}” has more than 4 digits")
        return number

    def flag(self, key: str) -> bool:
        """True or false; false where absent."""
        return self._take(key, bool, default=False)

    def clock_time(self, key: str) -> time | None:
        """A time of day, or None where absent."""
        return self._take(key, time, None) if key in self._values else None

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        values = self._take(key, list, None if default is None else list(default))
        if not all(isinstance(value, str) for value in values):
            self.refuse(f"“{key}” phải là danh sách chữ", f"“{key}” must be a list of texts")
        return tuple(values)

    def known(
        self, key: str, known: Container[str], default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of keys that must stand elsewhere in the catalogue."""
        keys = self.texts(key, default)
        for each in keys:
            if each not in known:
                self.refuse(
                    f"không có “{each}” trong danh mục", f"“{each}” is not in the catalogue"
                )
        return keys

    def one_of(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """One of an enumeration's values."""
        value = self._take(key, str, default.value if default else None)
        try:
            return choices(value)
        except ValueError:
            allowed = ", ".join(choices)
            self.refuse(f"“{key}” phải là một trong: {allowed}", f"“{key}” must be: {allowed}")

    def optional_one_of(self, key: str, choices: type[Choice]) -> Choice | None:
        """One of an enumeration's values, or None where the key is absent."""
        return self.one_of(key, choices) if key in self._values else None

    @property
    def left(self) -> tuple[str, ...]:
        """The keys nobody took yet."""
        return tuple(self._values)

    def table(self, key: str, default: dict[str, Any] | None = None) -> "Entry":
        """A table inside this one."""
        return Entry(self.file, f"{self.name}.{key}", self._take(key, dict, default))

    def tables(self, key: str, default: list[Any] | None = None) -> Iterator["Entry"]:
        """A list of tables inside this one, named by their place from 1."""
        for place, values in enumerate(self._take(key, list, default), start=1):
            if not isinstance(values, dict):
                self.refuse(f"“{key}” phải gồm các bảng", f"“{key}” must hold tables")
            yield Entry(self.file, f"{self.name}.{key}[{place}]", values)

    def day_name(self) -> date:
        """The entry's own name as a date."""
        try:
            return date.fromisoformat(self.name)
        except ValueError:
            self.refuse("tên mục phải là ngày dạng 2026-01-31", "name it by a date: 2026-01-31")

    def make(self, build: Callable[..., Made], *parts: object) -> Made:
        """What `build` makes of the parts; if it refuses with ValueError, so does this entry."""
        try:
            return build(*parts)
        except ValueError as wrong:
            raise self._refusal("giá trị mâu thuẫn", str(wrong)) from wrong

    def done(self) -> None:
        """Refuses keys that nobody took: a misspelt one would silently do nothing."""
        if self._values:
            unknown = ", ".join(sorted(self._values))
            self.refuse(f"không có trường “{unknown}”", f"unknown key “{unknown}”")

    def refuse(self, what_vi: str, what_en: str) -> NoReturn:
        """Raises `catalogue_malformed` about this entry."""
        raise self._refusal(what_vi, what_en)

    def _refusal(self, what_vi: str, what_en: str) -> CatalogueMalformed:
        return CatalogueMalformed(file=self.file, entry=self.name, what_vi=what_vi, what_en=what_en)

    def _take(self, key: str, kind: type[Made], default: Made | None) -> Made:
        value = self._values.pop(key, _MISSING if default is None else default)
        if value is _MISSING:
            self.refuse(f"thiếu “{key}”", f"“{key}” is missing")
        if not isinstance(value, kind):
            self.refuse(f"“{key}” sai kiểu giá trị", f"“{key}” must be of type {kind.__name__}")
        return value


def read_entries(file: str, text: str) -> list[Entry]:
    """The tables of a TOML file, in its order."""
    try:
        tables = tomllib.loads(nfc(text))
    except tomllib.TOMLDecodeError as wrong:
        raise CatalogueMalformed(
            file=file, entry="TOML", what_vi=f"sai cú pháp ({wrong})", what_en=f"syntax ({wrong})"
        ) from wrong
    entries = []
    for name, values in tables.items():
        if not isinstance(values, dict):
            raise CatalogueMalformed(
                file=file, entry=name, what_vi="phải là một bảng", what_en="must be a table"
            )
        entries.append(Entry(file, name, values))
    return entries
