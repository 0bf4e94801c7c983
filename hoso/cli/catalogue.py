"""The catalogue on the command line: taken out, edited, tried, and in force from a day on."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import actor, say, say_json, table

if TYPE_CHECKING:
    from datetime import date

    from hoso.dossier.catalogue_import import Plan

catalogue = typer.Typer(
    help="Procedures, component types, desks, office, calendar.", no_args_is_help=True
)

_MOST_SHOWN = 20
_WHAT = {"added": "thêm", "removed": "bỏ", "changed": "sửa"}


class Form(StrEnum):
    """How the catalogue is written: TOML as hoso keeps it, or tables for a spreadsheet."""

    TOML = "toml"
    CSV = "csv"
    XLSX = "xlsx"


_DAY = {"formats": ["%Y-%m-%d"]}
On = Annotated[
    datetime | None, typer.Option("--on", **_DAY, help="As it holds on that day; today if absent.")
]
From = Annotated[
    datetime | None, typer.Option("--from", **_DAY, help="Holds from that day on; today if absent.")
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(catalogue, name="catalogue")


@catalogue.command("export")
def export_catalogue(
    target: Annotated[Path, typer.Argument(help="A folder; for XLSX a file.")],
    form: Annotated[Form, typer.Option("--as", help="toml, csv or xlsx.")] = Form.TOML,
    on: On = None,
) -> None:
    """Write the catalogue as files, to be edited.

    The office itself (office.toml) is edited as TOML only.
    """
    from hoso.dossier import catalogue_store
    from hoso.dossier.catalogue_tables import tables_of

    with opened_archive() as archive, archive.database.read() as session:
        texts = catalogue_store.files_in_force(session, _day(on))
    (target.parent if form is Form.XLSX else target).mkdir(parents=True, exist_ok=True)
    if form is Form.TOML:
        for name, text in texts.items():
            (target / name).write_text(text, encoding="utf-8")
    else:
        from hoso.dossier.catalogue_workbook import write_csv, write_workbook

        write = write_workbook if form is Form.XLSX else write_csv
        write(tables_of(texts), target)
    say(f"Danh mục đã ghi ra {target}")


@catalogue.command("import")
def import_catalogue(
    source: Annotated[Path, typer.Argument(help="A folder of TOML or CSV files, or an XLSX file.")],
    valid_from: From = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; keep nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put edited files in force from a day on, all or none.

    Shows every change and the open dossiers whose procedure changes: they keep the version they
    were received under.
    """
    from hoso.clock import local_date
    from hoso.dossier import catalogue_import

    texts = _texts_in(source)
    with opened_archive() as archive:
        at = archive.clock()
        day = _day(valid_from) or local_date(at)
        if dry_run:
            with archive.database.read() as session:
                planned = catalogue_import.plan(session, texts, valid_from=day)
        else:
            with archive.database.write() as session:
                planned = catalogue_import.import_files(
                    session, texts, valid_from=day, by=actor(), at=at
                )
    if as_json:
        say_json(_described(planned, day, kept=not dry_run))
    else:
        _say_plan(planned, day, kept=not dry_run)


@catalogue.command("versions")
def list_versions(as_json: AsJson = False) -> None:
    """List the days from which imported files hold, the newest first."""
    from hoso.dossier import catalogue_import

    with opened_archive() as archive, archive.database.read() as session:
        found = catalogue_import.days(session)
    if as_json:
        say_json([{"valid_from": day.isoformat(), "files": names} for day, names in found])
    elif found:
        table(
            ("Có hiệu lực từ", "Tệp"),
            [(f"{day:%d/%m/%Y}", ", ".join(names)) for day, names in found],
        )
    else:
        say("Chưa nhập danh mục nào; đang dùng danh mục mẫu đi kèm.")


def _texts_in(source: Path) -> dict[str, str]:
    """The catalogue's files that a folder or workbook holds; refuses one that holds none."""
    from hoso.dossier.catalogue_files import FILES
    from hoso.dossier.catalogue_tables import texts_of
    from hoso.dossier.catalogue_workbook import read_csv, read_workbook

    if source.is_file():
        return texts_of(read_workbook(source))
    texts = {
        name: (source / name).read_text(encoding="utf-8-sig")
        for name in FILES
        if (source / name).exists()
    }
    if not texts and list(source.glob("*.csv")):
        return texts_of(read_csv(source))
    if not texts:
        raise typer.BadParameter(
            f"{source}: không có tệp danh mục / no catalogue file (*.toml, *.csv, *.xlsx)"
        )
    return texts


def _say_plan(planned: "Plan", day: "date", *, kept: bool) -> None:
    for change in planned.changes:
        say(f"  {_WHAT[change.what]:5} {change.part}/{change.key}")
        for name, before, after in change.values:
            say(f"          {name}: {before or '–'} → {after or '–'}")
    many = len(planned.changes)
    read = planned.catalogue
    say(
        f"{many} mục thay đổi từ {day:%d/%m/%Y}: "
        f"{len(read.procedures)} thủ tục, {len(read.component_types)} loại giấy tờ."
    )
    if planned.dossiers:
        shown = ", ".join(planned.dossiers[:_MOST_SHOWN])
        more = len(planned.dossiers) - _MOST_SHOWN
        say(
            f"{len(planned.dossiers)} hồ sơ đang giải quyết giữ quy định lúc tiếp nhận: {shown}"
            + (f" và {more} hồ sơ khác." if more > 0 else ".")
        )
    for later in planned.later:
        say(f"Từ {later:%d/%m/%Y} các tệp đã nhập trước cho ngày đó có hiệu lực.")
    say("Danh mục đã được nhập." if kept else "Chạy thử: chưa có gì được lưu.")


def _described(planned: "Plan", day: "date", *, kept: bool) -> dict[str, Any]:
    return {
        "valid_from": day.isoformat(),
        "kept": kept,
        "changes": [
            {
                "part": change.part,
                "key": change.key,
                "what": change.what.value,
                "values": [
                    {"name": name, "before": before, "after": after}
                    for name, before, after in change.values
                ],
            }
            for change in planned.changes
        ],
        "open_dossiers": planned.dossiers,
        "later_versions": [later.isoformat() for later in planned.later],
    }


def _day(moment: datetime | None) -> "date | None":
    return moment.date() if moment else None
