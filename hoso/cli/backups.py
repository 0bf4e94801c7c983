"""Backups: made each night, listed, read again, pruned; and restored into an empty archive."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import actor, complain, progress, say, say_json, table

if TYPE_CHECKING:
    from hoso.preservation.manifest import Manifest
    from hoso.preservation.place import BackupPlace
    from hoso.wiring import Archive


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


Snapshot = Annotated[str | None, typer.Option("--snapshot", help="Its id. Default: the newest.")]


def backup(
    target: Annotated[
        str, typer.Argument(help="A folder, or an address as HOSO_STORAGE_URL takes it.")
    ],
    list_: Annotated[bool, typer.Option("--list", help="Only list the backups there.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only read a backup again, to the last byte.")
    ] = False,
    snapshot: Snapshot = None,
    keep: Annotated[
        int | None,
        typer.Option(help="Afterwards drop all but so many, and what only those needed.", min=1),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Back the archive up while it works: every row of one moment and every object it names.

    What is in the target already is not copied again; each backup is complete nonetheless. It
    holds people's papers: keep the target on an encrypted disk.
    """
    from hoso.preservation.place import BackupPlace

    place = BackupPlace(target)
    if list_:
        _list(place, as_json=as_json)
    elif verify:
        _verify(place, snapshot, as_json=as_json)
    else:
        with opened_archive() as archive:
            _make(archive, place, keep, as_json=as_json)


def restore(
    source: Annotated[str, typer.Argument(help="Where the backups are.")],
    snapshot: Snapshot = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty archive, on whatever database and store it is set to.

    Everything is read and compared before the first row is written. Stop `hoso serve` first.
    """
    import hoso.archive_api.tables  # noqa: F401  # declares tables that are restored, too
    from hoso.preservation import restore as restoring
    from hoso.preservation.place import BackupPlace

    place = BackupPlace(source)
    manifest = place.manifest(snapshot)
    with opened_archive() as archive, progress("restore", manifest.object_count) as step:
        done = restoring.restore(archive.caretaking, place, manifest, by=actor(), step=step)
    if as_json:
        say_json(
            {
                "snapshot": manifest.id, "rows": done.rows, "objects": done.objects,
                "lacking": done.lacking, "log_first_broken": done.first_broken,
            }
        )  # fmt: skip
    else:
        say(f"Đã khôi phục bản {manifest.id}: {done.rows} dòng, {done.objects} tệp.")
    if done.lacking:
        complain(f"{len(done.lacking)} tệp đã mất từ trước khi sao lưu: xem `hoso fsck`.")
    if done.first_broken is not None:
        complain(f"Nhật ký trong bản sao lưu bị sửa từ mục {done.first_broken}.")
    if done.lacking or done.first_broken is not None:
        raise typer.Exit(1)
    if not as_json:
        say("Nhật ký nguyên vẹn. Hãy chạy `hoso serve`; việc còn dở sẽ được làm tiếp.")


def _make(archive: "Archive", place: "BackupPlace", keep: int | None, *, as_json: bool) -> None:
    import hoso.archive_api.tables  # noqa: F401  # declares tables that are backed up, too
    from hoso.preservation import backup as backups
    from hoso.preservation import checking
    from hoso.wiring.figures import BACKUP_MARK

    bench = archive.caretaking
    with progress("backup", checking.note_every_object(bench)) as step:
        made = backups.make_backup(bench, place, by=actor(), step=step)
    dropped, removed = backups.prune(bench, place, keep=keep) if keep else ([], 0)
    lacking = made.manifest.lacking
    if as_json:
        pruned = {"dropped": dropped, "removed": removed}
        say_json({**_shown(made.manifest), "copied": made.copied, **pruned})
    else:
        count = made.manifest.object_count
        say(f"Đã sao lưu, bản {made.manifest.id}: {made.manifest.rows} dòng, {count} tệp")
        say(f"  chép mới {made.copied} tệp; bỏ {len(dropped)} bản cũ, xóa {removed} tệp thừa")
    if lacking:
        complain(f"{len(lacking)} tệp trong kho không còn bản tốt: hãy chạy `hoso fsck`.")
        raise typer.Exit(1)
    (archive.settings.data_dir / BACKUP_MARK).touch()


def _list(place: "BackupPlace", *, as_json: bool) -> None:
    manifests = [place.manifest(id_) for id_ in place.ids()]
    if as_json:
        say_json([_shown(manifest) for manifest in manifests])
        return
    table(
        ["Bản sao lưu", "Dòng", "Tệp", "MB", "Tệp thiếu", "hoso"],
        [
            (
                each.id, each.rows, each.object_count, each.object_bytes // 2**20,
                len(each.lacking), each.hoso,
            )
            for each in manifests
        ],
    )  # fmt: skip


def _verify(place: "BackupPlace", snapshot: str | None, *, as_json: bool) -> None:
    from hoso.preservation import backup as backups

    manifest = place.manifest(snapshot)
    with progress("verify", manifest.object_count) as step:
        wrong = backups.verify(place, manifest, step=step)
    if as_json:
        say_json({**_shown(manifest), "wrong": wrong})
    elif wrong:
        table(["Tệp", "Tình trạng"], list(wrong.items()))
    else:
        say(f"Bản sao lưu {manifest.id} nguyên vẹn: {manifest.object_count} tệp đã đọc lại.")
    if wrong:
        raise typer.Exit(1)


def _shown(manifest: "Manifest") -> dict[str, Any]:
    return {
        "snapshot": manifest.id,
        "made_at": manifest.made_at.isoformat(),
        "hoso": manifest.hoso,
        "schema": manifest.schema,
        "rows": manifest.rows,
        "objects": manifest.object_count,
        "bytes": manifest.object_bytes,
        "lacking": list(manifest.lacking),
    }
