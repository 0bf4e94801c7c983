"""Reads the catalogue from TOML files and checks it as a whole.

The bundled files describe a sample office. An office puts files of the same names into a folder
of its own; each replaces the bundled one entirely. Files are checked against each other, so that
nothing later meets an unknown kind of paper or a number printed twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import time
from importlib import resources
from pathlib import Path

from hoso.dossier.catalogue import (
    Catalogue,
    ComponentType,
    Desk,
    DeskKind,
    Fee,
    Office,
    Procedure,
)
from hoso.dossier.catalogue_entry import Entry, read_entries
from hoso.dossier.checklist import Certainty, Requirement
from hoso.dossier.deadlines import Limit, LimitUnit
from hoso.dossier.reuse import PaperRule, Reuse
from hoso.dossier.trust import Trust
from hoso.dossier.validity import Validity, ValidityKind
from hoso.dossier.working_calendar import (
    DayName,
    Hours,
    Interval,
    OfficeHours,
    Override,
    OverrideKind,
)
from hoso.errors import CatalogueMalformed

COMPONENT_TYPES = "component_types.toml"
FIELDS = "fields.toml"
PROCEDURES = "procedures.toml"
DESKS = "desks.toml"
OFFICE = "office.toml"
CALENDAR = "calendar.toml"
FILES = (COMPONENT_TYPES, FIELDS, PROCEDURES, DESKS, OFFICE, CALENDAR)

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def catalogue_texts(folder: Path | None = None) -> dict[str, str]:
    """The text of every catalogue file by its name; `folder`'s own before the bundled ones."""
    return {name: _text_of(name, folder) for name in FILES}


def read_catalogue(texts: Mapping[str, str]) -> Catalogue:
    """The catalogue that these texts, one for each of `FILES`, make up.

    Refuses with `catalogue_malformed`, which names the file, the entry and what is wrong.
    """
    _refuse_other_files(texts)
    entries = {name: read_entries(name, texts[name]) for name in FILES}
    kinds = _component_types(entries[COMPONENT_TYPES])
    fields = {entry.name: _field(entry) for entry in entries[FIELDS]}
    return Catalogue(
        component_types=kinds,
        fields=fields,
        procedures={entry.name: _procedure(entry, kinds, fields) for entry in entries[PROCEDURES]},
        desks=_desks(entries[DESKS], fields),
        office=_office(entries[OFFICE]),
        overrides=tuple(_override(entry) for entry in entries[CALENDAR]),
    )


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """The office's catalogue, its own files in `folder` before the bundled ones."""
    return read_catalogue(catalogue_texts(folder))


def _refuse_other_files(names: Iterable[str]) -> None:
    given = set(names)
    for name in sorted(given ^ set(FILES)):
        missing = name not in given
        raise CatalogueMalformed(
            file=name,
            entry="–",
            what_vi="thiếu tệp này" if missing else "danh mục không có tệp tên này",
            what_en="this file is missing" if missing else "no catalogue file has this name",
        )


def _text_of(name: str, folder: Path | None) -> str:
    own = folder / name if folder else None
    source = own if own and own.is_file() else resources.files("hoso.dossier") / "data" / name
    try:
        # Notepad puts a byte order mark before UTF-8.
        return source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise CatalogueMalformed(
            file=name, entry="UTF-8", what_vi="tệp không phải UTF-8", what_en="it is not UTF-8"
        ) from wrong


# Kinds of paper ------------------------------------------------------------------------------


def _component_types(entries: Iterable[Entry]) -> dict[str, ComponentType]:
    kinds = {entry.name: (entry, _component_type(entry)) for entry in entries}
    _refuse_doubled((entry, kind.sheet_number) for entry, kind in kinds.values())
    for entry, kind in kinds.values():
        for other in kind.rule.serves_as - set(kinds):
            entry.refuse(f"không có giấy tờ “{other}”", f"there is no kind of paper “{other}”")
    return {key: kind for key, (_, kind) in kinds.items()}


def _component_type(entry: Entry) -> ComponentType:
    kind = ComponentType(
        key=entry.name,
        sheet_number=entry.printed_number("sheet_number"),
        title=entry.text("title"),
        headings=entry.texts("headings", default=()),
        national_code=entry.optional_text("national_code"),
        rule=_paper_rule(entry),
        certainty=entry.one_of("certainty", Certainty),
        source=entry.text("source"),
        retention_years=entry.optional_whole("retention_years", least=1),
    )
    entry.done()
    return kind


def _paper_rule(entry: Entry) -> PaperRule:
    return PaperRule(
        validity=_validity(entry.table("validity")),
        reuse=entry.one_of("reuse", Reuse),
        least_trust=entry.one_of("least_trust", Trust, default=Trust.KEYED),
        serves_as=frozenset(entry.texts("serves_as", default=())),
    )


def _validity(entry: Entry) -> Validity:
    kind = entry.one_of("kind", ValidityKind)
    months = entry.whole("months", default=0)
    entry.done()
    return entry.make(Validity, kind, months)


# Procedures ----------------------------------------------------------------------------------


def _field(entry: Entry) -> str:
    name = entry.text("name")
    entry.done()
    return name


def _procedure(
    entry: Entry, kinds: Mapping[str, ComponentType], fields: Mapping[str, str]
) -> Procedure:
    cases = _cases(entry.table("cases", default={}))
    procedure = Procedure(
        code=entry.name,
        name=entry.text("name"),
        field=_field_of(entry, fields),
        limit=_limit(entry.table("limit")),
        certainty=entry.one_of("certainty", Certainty),
        note=entry.text("note", default=""),
        requirements=_requirements(entry, kinds, cases),
        cases=cases,
        fees=tuple(_fee(each) for each in entry.tables("fees", default=[])),
        retention_years=entry.optional_whole("retention_years", least=1),
    )
    entry.done()
    return procedure


def _cases(entry: Entry) -> dict[str, str]:
    return {key: entry.text(key) for key in entry.left}


def _fee(entry: Entry) -> Fee:
    fee = Fee(entry.text("name"), entry.whole("amount"), entry.text("note", default=""))
    entry.done()
    return fee


def _field_of(entry: Entry, fields: Mapping[str, str]) -> str:
    key = entry.text("field")
    if key not in fields:
        entry.refuse(f"không có lĩnh vực “{key}”", f"there is no field “{key}”")
    return key


def _limit(entry: Entry) -> Limit:
    unit = entry.one_of("unit", LimitUnit)
    amount = entry.whole("amount", default=0)
    cut_off = entry.clock_time("cut_off")
    entry.done()
    return entry.make(Limit, amount, unit, cut_off)


def _requirements(
    entry: Entry, kinds: Mapping[str, ComponentType], cases: Mapping[str, str]
) -> tuple[Requirement, ...]:
    requirements = tuple(_requirement(each, kinds, cases) for each in entry.tables("requirements"))
    keys = Counter(requirement.key for requirement in requirements)
    for key, times in keys.items():
        if times > 1:
            entry.refuse(f"thành phần “{key}” ghi {times} lần", f"key “{key}” stands {times} times")
    return requirements


def _requirement(
    entry: Entry, kinds: Mapping[str, ComponentType], cases: Mapping[str, str]
) -> Requirement:
    any_of = entry.known("any_of", kinds)
    if not any_of:
        entry.refuse("“any_of” đang để trống", "“any_of” is empty")
    requirement = Requirement(
        key=entry.text("key", default=any_of[0]),
        any_of=any_of,
        name=entry.text("name", default=" hoặc ".join(kinds[kind].title for kind in any_of)),
        originals=entry.whole("originals", default=1),
        copies=entry.whole("copies", default=0),
        optional=entry.flag("optional"),
        when=_case_of(entry, cases),
        original_by_law=entry.optional_text("original_by_law"),
        least_trust=entry.optional_one_of("least_trust", Trust),
        note=entry.text("note", default=""),
        certainty=entry.one_of("certainty", Certainty, default=Certainty.RECALLED),
    )
    entry.done()
    return requirement


def _case_of(entry: Entry, cases: Mapping[str, str]) -> str | None:
    case = entry.optional_text("when")
    if case is not None and case not in cases:
        entry.refuse(f"“cases” không có “{case}”", f"“{case}” is not among the procedure's cases")
    return case


# The office ----------------------------------------------------------------------------------


def _desks(entries: Iterable[Entry], fields: Mapping[str, str]) -> dict[str, Desk]:
    desks = {entry.name: (entry, _desk(entry, fields)) for entry in entries}
    _refuse_doubled((entry, desk.number) for entry, desk in desks.values())
    return {key: desk for key, (_, desk) in desks.items()}


def _desk(entry: Entry, fields: Mapping[str, str]) -> Desk:
    desk = Desk(
        key=entry.name,
        number=entry.printed_number("number"),
        name=entry.text("name"),
        kind=entry.one_of("kind", DeskKind),
        fields=entry.known("fields", fields, default=()),
    )
    entry.done()
    return desk


def _office(entries: Iterable[Entry]) -> Office:
    tables = {entry.name: entry for entry in entries}
    for name in ("office", "hours"):
        if name not in tables:
            Entry(OFFICE, name, {}).refuse("thiếu bảng này", "this table is missing")
    entry = tables["office"]
    office = Office(
        agency_id=entry.text("agency_id"),
        name=entry.text("name"),
        superior=entry.text("superior"),
        place=entry.text("place"),
        address=entry.text("address"),
        phone=entry.text("phone", default=""),
        email=entry.text("email", default=""),
        hours=_hours(tables["hours"]),
    )
    entry.done()
    return office


def _hours(entry: Entry) -> OfficeHours:
    week = {
        number: _day_hours(entry, entry.texts(weekday, default=()))
        for number, weekday in enumerate(_WEEKDAYS)
    }
    weekdays = {weekday: number for number, weekday in enumerate(_WEEKDAYS)}
    reception_only = entry.known("reception_only", weekdays, default=())
    entry.done()
    uncounted = frozenset(weekdays[name] for name in reception_only)
    return entry.make(OfficeHours, week, uncounted)


def _day_hours(entry: Entry, spans: Iterable[str]) -> Hours:
    return tuple(sorted(entry.make(_interval, span) for span in spans))


def _interval(span: str) -> Interval:
    """From `07:00-11:30`."""
    opens, _, closes = span.partition("-")
    return Interval(time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))


def _override(entry: Entry) -> Override:
    override = Override(
        day=entry.day_name(),
        kind=entry.one_of("kind", OverrideKind),
        name=DayName(vi=entry.text("name_vi"), en=entry.text("name_en")),
    )
    entry.one_of("certainty", Certainty)
    entry.text("source")
    entry.done()
    return override


# Checks across entries -----------------------------------------------------------------------


def _refuse_doubled(numbered: Iterable[tuple[Entry, int]]) -> None:
    seen: dict[int, str] = {}
    for entry, number in numbered:
        if number in seen:
            entry.refuse(
                f"số {number} đã dùng cho “{seen[number]}”",
                f"{number} is taken by “{seen[number]}”",
            )
        seen[number] = entry.name
