"""Proofs that no kept object was lost or changed, and the second store that makes them good."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import progress, say, say_json, table

if TYPE_CHECKING:
    from hoso.preservation.checking import Report

_WORDS = {
    "missing": "bị mất",
    "wrong_size": "sai kích thước",
    "changed": "bị đổi nội dung",
    "unreadable": "ổ đĩa không đọc được",
}


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("fsck")(fsck)
    app.command("replicate")(replicate)


def fsck(
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Put damaged objects right from HOSO_REPLICA_URL."),
    ] = False,
    sample: Annotated[
        int | None, typer.Option(help="Only so many: those unchecked for longest.", min=1)
    ] = None,
    older_than: Annotated[
        int | None, typer.Option(help="Only those not checked for so many days.", min=0)
    ] = None,
    remove_untracked: Annotated[
        bool,
        typer.Option("--remove-untracked", help="Delete what no row names, once it is old enough."),
    ] = False,
    untracked_days: Annotated[
        int, typer.Option(help="How old an untracked object must be to be deleted.", min=1)
    ] = 30,
    as_json: AsJson = False,
) -> None:
    """Read kept objects again: missing, of a wrong size, changed, unreadable, or nobody's.

    Ends 1 when an object that a row names is not right and was not repaired.
    """
    from hoso.preservation import checking

    with opened_archive() as archive:
        bench, now = archive.caretaking, archive.clock()
        total = checking.note_every_object(bench)
        before = now - timedelta(days=older_than or 0)
        with progress("fsck", min(total, sample or total)) as step:
            if sample is None and older_than is None:
                report = checking.check_all(bench, repair=repair, step=step)
            else:
                report = checking.check_oldest(
                    bench, at_most=sample or total, checked_before=before, repair=repair, step=step
                )
        limit = now - timedelta(days=untracked_days) if remove_untracked else None
        checking.find_untracked(bench, report, remove_put_before=limit)
    if as_json:
        say_json(_shown(report, total))
    else:
        _say_report(report, total)
    if not report.is_sound:
        raise typer.Exit(1)


def replicate(as_json: AsJson = False) -> None:
    """Copy to the second store (HOSO_REPLICA_URL) what it lacks; may be ended and run again."""
    from hoso.preservation import checking, replicating

    with opened_archive() as archive:
        bench = archive.caretaking
        with progress("replicate", checking.note_every_object(bench)) as step:
            copied, lacking = replicating.replicate(bench, step=step)
    if as_json:
        say_json({"copied": copied, "lacking": lacking})
    else:
        say(f"Đã chép {copied} tệp sang kho thứ hai.")
        if lacking:
            say(f"{len(lacking)} tệp không có bản tốt để chép: hãy chạy `hoso fsck`.")
    if lacking:
        raise typer.Exit(1)


def _shown(report: "Report", total: int) -> dict[str, object]:
    return {
        "objects": total,
        "checked": report.checked,
        **{finding.value: keys for finding, keys in report.damaged.items()},
        "repaired": report.repaired,
        "untracked": report.untracked,
        "removed": report.removed,
    }


def _say_report(report: "Report", total: int) -> None:
    say(f"Đã đọc lại {report.checked} trong {total} tệp.")
    repaired = set(report.repaired)
    rows = [
        (key, _WORDS[finding.value], "✔ đã sửa" if key in repaired else "✘ chưa sửa")
        for finding, keys in report.damaged.items()
        for key in keys
    ]
    removed = set(report.removed)
    rows += [
        (key, "không thuộc hồ sơ nào", "đã xóa" if key in removed else "giữ nguyên")
        for key in report.untracked
    ]
    if rows:
        table(["Tệp", "Tình trạng", "Xử lý"], rows)
    if report.is_sound:
        say("Mọi tệp đã đọc đều nguyên vẹn.")
    elif not repaired:
        say("Hãy sửa bằng `hoso fsck --repair` (cần HOSO_REPLICA_URL) hoặc khôi phục bản sao lưu.")
