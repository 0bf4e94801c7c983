"""The very first start of a service: its first accounts."""

import os
import secrets
import sys

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoso.archive_api import accounts
from hoso.archive_api.accounts import Role
from hoso.archive_api.tables import Account
from hoso.cli.output import actor, say
from hoso.db import alone
from hoso.wiring import Archive

_FILE = "first-accounts.txt"
_FIRST = (
    ("admin", Role.ADMIN, "Quản trị viên", None),
    ("canbo", Role.CLERK, "Cán bộ tiếp nhận", "counter-1"),
)


def is_first_start(archive: Archive) -> bool:
    """Whether nobody has an account yet."""
    with archive.database.read() as session:
        return _has_no_account(session)


def make_first_accounts(archive: Archive) -> None:
    """An administrator and a clerk; their passwords are shown once and kept in a private file.

    Not shown where what is printed ends up in a log, which others may read.
    """
    passwords = {name: secrets.token_urlsafe(12) for name, *_ in _FIRST}
    target = archive.settings.data_dir / _FILE
    target.touch(mode=0o600)
    with archive.database.write() as session:
        alone(session, "first accounts")
        if not _has_no_account(session):  # another machine's first start was quicker
            target.unlink()
            return
        for name, role, full_name, desk in _FIRST:
            accounts.open_account(
                session,
                name,
                role=role,
                password=passwords[name],
                full_name=full_name,
                desk=desk,
                by=actor(),
                at=archive.clock(),
            )
        target.write_text("".join(f"{name} {passwords[name]}\n" for name in passwords))
    if not _is_kept_as_a_log(archive):
        for name, password in passwords.items():
            say(f"Tài khoản đầu tiên: {name} / {password}")
    say(f"Tài khoản đầu tiên ghi trong {target}; hãy đổi mật khẩu rồi xóa tệp này.")


def _has_no_account(session: Session) -> bool:
    return not session.scalar(select(func.count()).select_from(Account))


def _is_kept_as_a_log(archive: Archive) -> bool:
    """Whether programs read what is printed, or systemd's journal does (systemd.exec(5))."""
    printed = os.fstat(sys.stdout.fileno())
    journal = os.environ.get("JOURNAL_STREAM")
    return archive.settings.log_format == "json" or journal == f"{printed.st_dev}:{printed.st_ino}"
