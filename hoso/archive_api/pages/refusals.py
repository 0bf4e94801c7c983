"""Refusals as pages: the sentence, its code, and a way on."""

from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import Response

from hoso.archive_api.pages.screen import Screen, go_to
from hoso.errors import HosoError, SignInNeeded

HOME = "/"


def refusal_page(request: Request, error: HosoError) -> Response:
    """What a person sees of an error; who is not signed in is asked to, and comes back here."""
    if isinstance(error, SignInNeeded):
        back = request.url.path if request.method == "GET" else HOME
        return go_to(f"/sign-in?{urlencode({'next': back})}")
    return Screen(request, request.app.state.archive).show_plain("refusal.html", refused=error)


def local_path(path: str) -> str:
    """The path if it leads to a page of ours, else the first page.

    Two slashes, a backslash or control characters would lead a browser elsewhere.
    """
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return HOME
    return quote(path, safe="/?=&-._~%")
