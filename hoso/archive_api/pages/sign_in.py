"""Signing in and out: a cookie that scripts cannot read and other sites cannot send."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from hoso.archive_api import accounts
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.guesses import Guesses, address_of
from hoso.archive_api.pages.refusals import HOME, local_path
from hoso.archive_api.pages.screen import ScreenOf, go_to
from hoso.archive_api.permission import SESSION_COOKIE, Anyone
from hoso.errors import PageForged, SignInTooOften, SignInWrong
from hoso.wiring import Archive

router = APIRouter()

_LONGEST = 500
_OURS = {None, "same-origin", "none"}


@router.get("/sign-in")
def show_sign_in(
    screen: ScreenOf, next_: Annotated[str, Query(alias="next", max_length=_LONGEST)] = HOME
) -> Response:
    """The form."""
    return screen.show("sign_in.html", next=local_path(next_), name="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    screen: ScreenOf,
    archive: ArchiveOf,
    name: Annotated[str, Form(max_length=80)] = "",
    password: Annotated[str, Form(max_length=_LONGEST)] = "",
    next_: Annotated[str, Form(alias="next", max_length=_LONGEST)] = HOME,
) -> Response:
    """Open a session, or say why not."""
    # No session yet whose form token could be asked for; browsers say where they come from.
    if request.headers.get("sec-fetch-site") not in _OURS:
        raise PageForged
    guesses: Guesses = request.app.state.guesses
    address, at = address_of(request, archive.settings.proxies), archive.clock()
    try:
        guesses.check(address, at=at)
        cookie = _open_session(archive, name.strip(), password)
    except (SignInWrong, SignInTooOften) as refused:
        if isinstance(refused, SignInWrong):
            guesses.count(address, at=at)
        return screen.show("sign_in.html", refused=refused, next=local_path(next_), name=name)
    answer = go_to(local_path(next_))
    answer.set_cookie(
        SESSION_COOKIE,
        cookie,
        max_age=archive.settings.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=archive.settings.secure_cookies,
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request, archive: ArchiveOf, _: Anyone) -> Response:
    """End the session, here and on the server."""
    with archive.database.write() as session:
        accounts.end_session(session, request.cookies.get(SESSION_COOKIE, ""))
    answer = go_to("/sign-in")
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def _open_session(archive: Archive, name: str, password: str) -> str:
    """The new session's cookie. A wrong password is counted, so its transaction ends well too.

    The password is tried while only reading: whoever writes need not wait for guesses.
    """
    at = archive.clock()
    with archive.database.read() as session:
        right = accounts.opens(session, name, password)
    with archive.database.write() as session:
        accounts.count_attempt(session, name, right=right, at=at)
        hours = archive.settings.session_hours
        cookie = accounts.start_session(session, name, at=at, hours=hours) if right else None
    if cookie is None:
        raise SignInWrong
    return cookie
