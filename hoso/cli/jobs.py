"""Durable work seen and steered from the command line."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import actor, complain, say, say_json, table
from hoso.clock import local

if TYPE_CHECKING:
    from hoso.scanner_ingest.worklist import Line, Standing
    from hoso.wiring import Archive

jobs = typer.Typer(help="Work that waits, runs or was set aside.", no_args_is_help=True)

_KINDS = {
    "batch.sort": "Xếp trang",
    "page.read": "Nhận dạng trang",
    "component.archive": "Lưu trữ giấy tờ",
    "component.explain": "Đọc loại và trường",
    "dossier.bundle": "Đóng tập hồ sơ",
    "dossier.protect": "Khóa giữ giấy tờ",
}
_STANDINGS = {"waiting": "Đang chờ", "running": "Đang làm", "set_aside": "Để riêng"}

Ids = Annotated[list[str], typer.Argument(help="As `hoso jobs list` shows them.")]
NamedIds = Annotated[
    list[str] | None, typer.Argument(help="As `hoso jobs list` shows them.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(jobs, name="jobs")


@jobs.command("list")
def list_jobs(
    state: Annotated[
        str | None, typer.Option(help="waiting | running | set_aside. Default: all.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Most lines per state.", min=1, max=1000)] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what was set aside and why, what is being done, and what waits."""
    from hoso.scanner_ingest import worklist

    standings = [_standing(state)] if state else list(reversed(worklist.Standing))
    with opened_archive() as archive, archive.database.read() as session:
        found = [
            line
            for standing in standings
            for line in worklist.lines(session, archive.jobs, standing, limit=limit)
        ]
        aside = worklist.count_set_aside(session, archive.jobs)
    figures = archive.jobs.figures()
    waiting, running = sum(figures.waiting.values()), sum(figures.running.values())
    counted = {"waiting": waiting, "running": running, "set_aside": aside}
    if as_json:
        facts = {
            "counts": counted,
            "oldest_seconds": round(max(figures.oldest_seconds.values()), 1),
        }
        say_json({**facts, "workers": figures.workers, "jobs": [asdict(line) for line in found]})
        return
    if found:
        headings = ["Mã việc", "Việc", "Tình trạng", "Tệp", "Hồ sơ", "Từ lúc", "Lần", "Lý do"]
        table(headings, [_row(line) for line in found])
    say(
        f"{waiting} việc đang chờ, {running} đang làm, {aside} để riêng; "
        f"{figures.workers} tiến trình xử lý đang chạy."
    )
    if waiting and not figures.workers:
        complain("Không có tiến trình nào xử lý. Hãy chạy `hoso work`.")


@jobs.command("show")
def show(job: Annotated[str, typer.Argument(help="As `hoso jobs list` shows it.")]) -> None:
    """Show all that is known of one job, as JSON."""
    from hoso.scanner_ingest import worklist

    with opened_archive() as archive, archive.database.read() as session:
        line = worklist.line(session, archive.jobs, job)
    say_json(asdict(line))


@jobs.command("retry")
def retry(
    ids: NamedIds = None,
    every: Annotated[bool, typer.Option("--all", help="Everything that was set aside.")] = False,
) -> None:
    """Have set-aside work done again, once its cause is mended."""
    from hoso.scanner_ingest import worklist

    if bool(ids) == every:
        raise typer.BadParameter("Hãy nêu mã việc, hoặc --all / name jobs, or --all.")
    with opened_archive() as archive:
        put = 0
        for id_ in ids or _all_set_aside(archive):
            with archive.database.write() as session:
                worklist.retry(session, archive.jobs, id_, by=actor(), at=archive.clock())
            put += 1
    say(f"{put} việc được làm lại.")


@jobs.command("drop")
def drop(ids: Ids) -> None:
    """Give work up for good: a batch that is not filed, a page's words, a failed bundle."""
    from hoso.scanner_ingest import worklist

    with opened_archive() as archive:
        for id_ in ids:
            with archive.database.write() as session:
                worklist.drop(session, archive.jobs, id_, by=actor(), at=archive.clock())
            say(f"{id_}: đã bỏ.")


@jobs.command("cancel")
def cancel(
    batches: Annotated[list[str], typer.Argument(help="Batches that are not filed yet.")],
) -> None:
    """Have nothing done with a batch that is not filed yet; its file may be sent again."""
    from hoso.scanner_ingest import batches as rows

    with opened_archive() as archive:
        for id_ in batches:
            with archive.database.write() as session:
                rows.cancel(session, id_, jobs=archive.jobs, by=actor(), at=archive.clock())
            say(f"{id_}: đã hủy, chưa xếp vào hồ sơ nào.")


def _all_set_aside(archive: "Archive") -> list[str]:
    """Everything that is set aside at this moment; what fails again meanwhile is left."""
    from hoso.scanner_ingest import worklist

    with archive.database.read() as session:
        most = worklist.count_set_aside(session, archive.jobs)
        aside = worklist.lines(session, archive.jobs, worklist.Standing.SET_ASIDE, limit=most)
    return [line.id for line in aside]


def _standing(text: str) -> "Standing":
    from hoso.scanner_ingest.worklist import Standing

    try:
        return Standing(text)
    except ValueError:
        raise typer.BadParameter(" | ".join(Standing)) from None


def _row(line: "Line") -> tuple[object, ...]:
    since = f"{local(line.since):%d/%m/%Y %H:%M}" if line.since else ""
    return (
        line.id,
        _KINDS[line.id.partition(":")[0]],
        _STANDINGS[line.standing],
        line.file or "",
        line.dossier or "",
        since,
        line.attempts or "",
        _in_words(line.reason),
    )


def _in_words(reason: str | None) -> str:
    """A code that says all by itself as its sentence; other codes and sentences as they are."""
    from hoso import errors

    kinds = (kind for kind in vars(errors).values() if isinstance(kind, type))
    sentences = {kind.code: kind.vi for kind in kinds if issubclass(kind, errors.HosoError)}
    sentence = sentences.get(reason or "", "")
    return sentence if sentence and "{" not in sentence else reason or ""
