"""Ways in from the command line: files, a watched folder, and separator sheets to print."""

import logging
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hoso.cli.notify import READY, tell_systemd
from hoso.cli.opening import AsJson, opened_archive, read_settings
from hoso.cli.output import actor, complain, progress, say, say_json
from hoso.errors import HosoError

if TYPE_CHECKING:
    from hoso.scanner_ingest.intake import Claim
    from hoso.wiring import Archive

log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("ingest")(ingest)
    app.command("watch")(watch)
    app.command("sheets")(sheets)


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files, or folders of files.", show_default=False)
    ] = None,
    dossier: Annotated[str | None, typer.Option(help="Dossier code the papers belong to.")] = None,
    component_type: Annotated[
        str | None,
        typer.Option("--type", help="Component type of the whole file, e.g. birth_attestation."),
    ] = None,
    bulk: Annotated[
        Path | None, typer.Option(help="Folder of an old archive, with --manifest.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="CSV that says which file is which paper of whom.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="CSV of what was refused or was here. Default: beside the manifest."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check the manifest and its files.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take scans in: each file is stored and committed before it is acknowledged.

    A refused file is named with its reason and does not stop the others; the end is then 1.
    With --bulk an old archive comes in by its manifest (docs/howto/bulk.md); started again, the
    command goes on where it was ended.
    """
    if bulk or manifest:
        if paths or not (bulk and manifest):
            raise typer.BadParameter("--bulk THƯ_MỤC --manifest BẢNG_KÊ.csv")
        _ingest_bulk(bulk, manifest, report, dry_run=dry_run, as_json=as_json)
        return
    if not paths:
        raise typer.BadParameter("Hãy nêu tệp hoặc thư mục / name files or folders.")
    from hoso.scanner_ingest.intake import Claim

    files = _files(paths)
    if not files:
        complain("Không có tệp nào để nhận.")
    taken = _ingest_files(files, Claim(dossier, component_type))
    if as_json:
        say_json(taken)
    else:
        _say_taken(taken)
    if any("refused" in entry for entry in taken):
        raise typer.Exit(1)


def _ingest_files(files: list[Path], claim: "Claim") -> list[dict[str, object]]:
    """Take them in one by one; what became of each, for people and for programs."""
    from hoso.scanner_ingest.intake import WayIn
    from hoso.wiring.door import take_in_file

    taken: list[dict[str, object]] = []
    with opened_archive() as archive, progress("ingest", len(files)) as step:
        for path in files:
            file = str(path)
            try:
                receipt = take_in_file(
                    archive, path, path.name, way_in=WayIn.COMMAND, by=actor(), claim=claim
                )
                batch, dossier = receipt.batch_id, _dossier_of(archive, receipt.batch_id)
                taken.append(
                    {"file": file, "batch": batch, "already": receipt.already, "dossier": dossier}
                )
            except HosoError as refusal:
                taken.append({"file": file, "refused": refusal.code, "why": str(refusal)})
                complain(f"{path}: {refusal.sentence()} [{refusal.code}]")
            step()
    return taken


def _ingest_bulk(
    folder: Path, manifest: Path, report: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    from hoso.cli.bulk import take_in_archive
    from hoso.wiring.bulk import Outcome

    report = report or manifest.with_name(f"{manifest.stem}.report.csv")
    counted = take_in_archive(folder, manifest, report, dry_run=dry_run)
    if as_json:
        say_json({**counted, "report": str(report)})
    else:
        taken = counted[Outcome.WOULD_BE_TAKEN] if dry_run else counted[Outcome.TAKEN]
        word = "sẽ nhận được (chưa nhận gì)" if dry_run else "đã nhận"
        say(f"{taken} tệp {word}, {counted[Outcome.ALREADY]} có từ trước, "
            f"{counted[Outcome.REFUSED]} bị từ chối.")  # fmt: skip
        if counted[Outcome.REFUSED] or counted[Outcome.ALREADY]:
            say(f"Lý do từng dòng: {report}")
    if counted[Outcome.REFUSED]:
        raise typer.Exit(1)


def watch(
    folder: Annotated[Path | None, typer.Argument(help="Default: HOSO_WATCH_DIR.")] = None,
    polling: Annotated[bool, typer.Option(help="For network shares without events.")] = False,
) -> None:
    """Take in what scanners drop into a folder, until stopped."""
    from hoso.cli import logs
    from hoso.cli.watching import watched_folder

    settings = read_settings()
    logs.set_up(settings.log_level, settings.log_format)
    chosen = folder or settings.watch_dir
    if chosen is None:
        raise typer.BadParameter(
            "Hãy nêu thư mục, hoặc đặt HOSO_WATCH_DIR / name a folder, or set it."
        )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    with opened_archive(settings=settings) as archive:
        log.info("watching")
        if settings.log_format == "text":
            say(f"Đang theo dõi {chosen}. Ctrl-C để dừng.")
        tell_systemd(READY)
        watched_folder(archive, chosen).run(stop, polling=polling or settings.watch_polling)


def sheets(
    types: Annotated[
        list[str] | None,
        typer.Argument(help="Component types, e.g. birth_attestation; none: every type."),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="PDF to write.")] = Path(
        "to-phan-cach.pdf"
    ),
    dossier: Annotated[str | None, typer.Option(help="Bind the sheets to this dossier.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print separator sheets: put one before each paper and the stack files itself."""
    from hoso.barcode.code import SeparatorLabel
    from hoso.barcode.sheets import SeparatorSheet, separator_sheets_pdf
    from hoso.dossier import catalogue_store, dossiers
    from hoso.dossier.reuse import Reuse

    with opened_archive() as archive, archive.database.read() as session:
        catalogue = catalogue_store.in_force(session)
        number = dossiers.by_code(session, dossier).number if dossier else None
        kinds = (
            [catalogue_store.keepable_type(session, key) for key in types]
            if types
            else [
                kind
                for kind in catalogue.component_types.values()
                if kind.rule.reuse is not Reuse.PRESENTED_ONLY
            ]
        )
        pages = [
            SeparatorSheet(
                label=SeparatorLabel(kind.sheet_number, number),
                title=kind.title,
                note=dossier or "",
            )
            for kind in kinds
        ]
    output.write_bytes(separator_sheets_pdf(pages))
    if as_json:
        sheets_shown = [{"type": kind.key, "number": kind.sheet_number} for kind in kinds]
        say_json({"dossier": dossier, "output": str(output), "sheets": sheets_shown})
    else:
        say(f"{len(pages)} tờ phân cách: {output}")


def _files(paths: list[Path]) -> list[Path]:
    """Files as named, and the regular files right in named folders, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(item for item in path.iterdir() if item.is_file())
        elif path.exists():
            found.append(path)
        else:
            raise typer.BadParameter(f"{path}: không có tệp này / no such file")
    return found


def _dossier_of(archive: "Archive", batch_id: str) -> str | None:
    """Where a batch went: the same bytes are not taken twice, whatever dossier is named now."""
    from hoso.scanner_ingest import batches

    with archive.database.read() as session:
        return batches.by_id(session, batch_id).dossier_code


def _say_taken(taken: list[dict[str, object]]) -> None:
    for entry in taken:
        if "batch" in entry:
            word = (
                "đã nhận trước đây, không nhận lần hai, lô" if entry["already"] else "đã nhận, lô"
            )
            dossier = f", hồ sơ {entry['dossier']}" if entry["dossier"] else ""
            say(f"{entry['file']}: {word} {entry['batch']}{dossier}")
