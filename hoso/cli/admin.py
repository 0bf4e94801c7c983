"""Keeping house: accounts, devices, the log's proof, and a check of the machine."""

from typing import Annotated, Any

import typer

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import actor, say, say_json, table

user = typer.Typer(help="Accounts of people.", no_args_is_help=True)
device = typer.Typer(
    help="Barcode readers and programs: accounts with a token.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(user, name="user")
    app.add_typer(device, name="device")
    app.command("verify-log")(verify_log)
    app.command("doctor")(doctor)


Password = Annotated[
    str,
    typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked if absent."),
]


@user.command("add")
def add_user(
    name: str,
    role: Annotated[str, typer.Option(help="clerk | officer | supervisor | admin")],
    password: Password,
    full_name: Annotated[str, typer.Option(help="As shown on slips.")] = "",
    desk: Annotated[str | None, typer.Option(help="The desk this person sits at.")] = None,
) -> None:
    """Open an account."""
    from hoso.archive_api import accounts
    from hoso.dossier import catalogue_store

    with opened_archive() as archive, archive.database.write() as session:
        if desk is not None:
            catalogue_store.desk(session, desk)
        accounts.open_account(
            session, name, role=_role(role), password=password, full_name=full_name, desk=desk,
            by=actor(), at=archive.clock(),
        )  # fmt: skip
    say(f"Đã mở tài khoản {name} ({role}).")


@user.command("password")
def set_password(name: str, password: Password) -> None:
    """Give an account a new password; its open pages are signed out."""
    from hoso.archive_api import accounts

    with opened_archive() as archive, archive.database.write() as session:
        accounts.set_password(session, name, password, by=actor(), at=archive.clock())
    say(f"Đã đổi mật khẩu của {name}.")


@user.command("close")
def close_user(name: str) -> None:
    """Let nobody in by this account any more."""
    from hoso.archive_api import accounts

    with opened_archive() as archive, archive.database.write() as session:
        accounts.close_account(session, name, by=actor(), at=archive.clock())
    say(f"Đã đóng tài khoản {name}.")


@user.command("token")
def user_token(
    name: str, label: Annotated[str, typer.Option(help="What the token is for.")] = "program"
) -> None:
    """Make an access token for an account; it is shown once."""
    _say_token(name, label)


@user.command("revoke")
def revoke_tokens(name: str) -> None:
    """Make every access token of an account worthless (a lost reader, a leaked token)."""
    from hoso.archive_api import accounts

    with opened_archive() as archive, archive.database.write() as session:
        accounts.revoke_tokens(session, name, by=actor(), at=archive.clock())
    say(f"Đã thu hồi các mã truy cập của {name}.")


@device.command("add")
def add_device(
    name: str, desk: Annotated[str, typer.Option(help="The desk it stands at.")]
) -> None:
    """Register a desk's device and print its token, once."""
    from hoso.archive_api import accounts
    from hoso.archive_api.accounts import Role
    from hoso.dossier import catalogue_store

    with opened_archive() as archive, archive.database.write() as session:
        catalogue_store.desk(session, desk)
        accounts.open_account(
            session, name, role=Role.DEVICE, password=None, desk=desk,
            by=actor(), at=archive.clock(),
        )  # fmt: skip
    _say_token(name, desk)


def verify_log(as_json: AsJson = False) -> None:
    """Check the audit log's chain from its first entry to its last."""
    from hoso.audit import log as audit

    with opened_archive() as archive, archive.database.read() as session:
        broken = audit.verify(session)
    if as_json:
        say_json({"first_broken": broken})
    else:
        say("Nhật ký nguyên vẹn." if broken is None else f"Nhật ký bị sửa từ mục {broken}.")
    if broken is not None:
        raise typer.Exit(1)


def doctor(as_json: AsJson = False) -> None:
    """Is everything here that hoso needs, and does it work?"""
    from hoso.cli.checkup import checkup

    with opened_archive() as archive:
        results = checkup(archive)
    if as_json:
        say_json(results)
    else:
        table(
            ["", "Kiểm tra", "Kết quả"],
            [("✔" if item["ok"] else "✘", item["check"], item["found"]) for item in results],
        )
    if not all(item["ok"] for item in results):
        raise typer.Exit(1)


def _say_token(name: str, label: str) -> None:
    from hoso.archive_api import accounts

    with opened_archive() as archive, archive.database.write() as session:
        token = accounts.make_token(session, name, label=label, by=actor(), at=archive.clock())
    say(token)


def _role(text: str) -> Any:
    from hoso.archive_api.accounts import Role

    try:
        return Role(text)
    except ValueError:
        raise typer.BadParameter(" | ".join(Role)) from None
