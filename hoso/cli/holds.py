"""Legal holds from the command line."""

from typing import TYPE_CHECKING, Annotated

import typer

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import actor, say, say_json, table
from hoso.clock import local

if TYPE_CHECKING:
    from hoso.wiring import Archive

hold = typer.Typer(help="Legal holds: papers that nobody may delete.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Dossier code.")]
Reason = Annotated[str, typer.Option(help="Why, e.g. the decision's number; it is kept.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(hold, name="hold")


@hold.command("on")
def hold_on(code: Code, reason: Reason) -> None:
    """Have nobody delete a dossier's papers, until the hold is lifted.

    The hold is kept at once; an S3 store with object lock is told by a worker.
    """
    from hoso.dossier import holds

    with opened_archive() as archive:
        with archive.database.write() as session:
            placed = holds.place(
                session, archive.jobs, code, reason=reason, by=actor(), at=archive.clock()
            )
            dossier = placed.dossier_code
        say(f"Đã giữ giấy tờ của hồ sơ {dossier} theo yêu cầu pháp lý. {_how(archive)}")


@hold.command("off")
def hold_off(code: Code, reason: Reason) -> None:
    """Lift a dossier's hold. What its papers' types promise for longer stays promised."""
    from hoso.dossier import holds

    with opened_archive() as archive:
        with archive.database.write() as session:
            lifted = holds.lift(
                session, archive.jobs, code, reason=reason, by=actor(), at=archive.clock()
            )
            dossier = lifted.dossier_code
        say(f"Đã gỡ lệnh giữ của hồ sơ {dossier}.")


@hold.command("list")
def list_holds(as_json: AsJson = False) -> None:
    """Show every hold that is on."""
    from hoso.dossier import holds

    with opened_archive() as archive, archive.database.read() as session:
        found = holds.standing(session)
    if as_json:
        say_json(
            [
                {
                    "dossier": each.dossier_code,
                    "reason": each.reason,
                    "placed_by": each.placed_by,
                    "placed_at": each.placed_at.isoformat(),
                }
                for each in found
            ]
        )
        return
    if not found:
        say("Không có hồ sơ nào bị giữ.")
        return
    rows = [
        (each.dossier_code, f"{local(each.placed_at):%d/%m/%Y %H:%M}", each.placed_by, each.reason)
        for each in found
    ]
    table(("Hồ sơ", "Giữ từ", "Người giữ", "Lý do"), rows)


def _how(archive: "Archive") -> str:
    from hoso.storage.retention import can_lock

    if can_lock(archive.store):
        return "Kho lưu trữ sẽ từ chối xóa."
    return "Kho này không khóa được tệp: hoso không xóa, nhưng người có quyền vào kho vẫn xóa được."
