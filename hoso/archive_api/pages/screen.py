"""One page on its way to somebody: its language, who is looking, and what every page carries."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hoso.archive_api.accounts import Actor
from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.language import LANGUAGE_COOKIE, LANGUAGES, language_of
from hoso.archive_api.pages.environment import render
from hoso.archive_api.problems import status_of
from hoso.dossier import catalogue_store
from hoso.errors import HosoError
from hoso.wiring import Archive

_A_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Screen:
    """Shows templates to whoever asked. `actor` is None where nobody is signed in."""

    request: Request
    archive: Archive

    @property
    def language(self) -> str:
        """`vi` or `en`."""
        return language_of(self.request)

    @property
    def actor(self) -> Actor | None:
        """Who is looking; known once the route has asked for an actor."""
        return getattr(self.request.state, "actor", None)

    def show(
        self, template: str, *, refused: HosoError | None = None, **values: object
    ) -> Response:
        """A whole page. `refused` is said at its top, and gives the answer its status."""
        with self.archive.database.read() as session:
            office = catalogue_store.in_force(session).office.name
        return self.show_plain(template, refused=refused, office=office, **values)

    def show_plain(
        self, template: str, *, refused: HosoError | None = None, office: str = "", **values: object
    ) -> Response:
        """A whole page that needs no database: also the one that says there is none."""
        status = status_of(refused) if refused else HTTPStatus.OK
        answer = self._answer(template, values | {"refused": refused, "office": office}, status)
        # What a person's papers say must not come back by the browser's "back" after signing out.
        answer.headers["Cache-Control"] = "private, no-store"
        asked = self.request.query_params.get("lang")
        if asked in LANGUAGES:
            answer.set_cookie(LANGUAGE_COOKIE, asked, max_age=_A_YEAR_SECONDS, samesite="lax")
        return answer

    def show_part(self, template: str, **values: object) -> Response:
        """A part of a page, to be put into one that is shown already."""
        answer = self._answer(template, {"refused": None} | values, HTTPStatus.OK)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def action(self, path: str) -> str:
        """Where a plain form sends to: the path with the session's form token."""
        token = self.actor.form_token if self.actor else None
        return f"{path}?{urlencode({'form_token': token})}" if token else path

    def in_language(self, language: str) -> str | None:
        """This page's address in another language; None for what a form's answer shows."""
        if self.request.method != "GET":
            return None
        asked = dict(self.request.query_params) | {"lang": language}
        return f"{quote(self.request.url.path)}?{urlencode(asked)}"

    def _answer(self, template: str, values: dict[str, object], status: HTTPStatus) -> HTMLResponse:
        carried = {
            "screen": self,
            "actor": self.actor,
            "role": self.actor.role.value if self.actor else None,
            "path": self.request.url.path,
            "language": self.language,
            "action": self.action,
        }
        page = render(template, self.language, carried | values)
        return HTMLResponse(page, status, headers={"Content-Language": self.language})


def go_to(path: str) -> RedirectResponse:
    """Send the browser on with a GET, so that reloading sends nothing twice."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


async def _screen(request: Request, archive: ArchiveOf) -> Screen:
    return Screen(request, archive)


ScreenOf = Annotated[Screen, Depends(_screen)]
