"""Who may call what: a route says its roles in its signature, and one that says none is refused.

`guard_every_route` runs when the application is built: a route that is neither public by name nor
asks for an actor stops the start, so forgetting is impossible rather than dangerous.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from hoso.archive_api import accounts
from hoso.archive_api.accounts import Actor, Role
from hoso.archive_api.archive import ArchiveOf
from hoso.errors import PageForged, RoleNotAllowed, SignInNeeded

SESSION_COOKIE = "hoso_session"
FORM_TOKEN_HEADER = "x-form-token"  # noqa: S105  # a header's name, not a secret
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def actor_of(request: Request, archive: ArchiveOf) -> Actor:
    """Who is asking, by access token or by a page's cookie.

    A request that changes something and comes by cookie must also carry the page's form token.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    with archive.database.read() as session:
        if scheme.lower() == "bearer":
            actor = accounts.by_token(session, token.strip())
        else:
            cookie = request.cookies.get(SESSION_COOKIE, "")
            actor = accounts.by_cookie(session, cookie, at=archive.clock())
    if actor is None:
        raise SignInNeeded
    if actor.form_token and request.method not in _SAFE_METHODS:
        _check_form_token(request, actor.form_token)
    request.state.actor = actor
    return actor


def _check_form_token(request: Request, expected: str) -> None:
    """Pages send the token as a header (htmx) or in the query of a plain form's action."""
    given = request.headers.get(FORM_TOKEN_HEADER) or request.query_params.get("form_token", "")
    if not secrets.compare_digest(given.encode(), expected.encode()):
        raise PageForged


def _only(*roles: Role) -> Callable[[Actor], Awaitable[Actor]]:
    allowed = frozenset(roles)

    # Not a plain function: that would be handed to another thread for a comparison.
    async def check(actor: Annotated[Actor, Depends(actor_of)]) -> Actor:
        if actor.role not in allowed:
            raise RoleNotAllowed
        return actor

    return check


_STAFF = (Role.CLERK, Role.OFFICER, Role.SUPERVISOR, Role.ADMIN)

Staff = Annotated[Actor, Depends(_only(*_STAFF))]
Clerk = Annotated[Actor, Depends(_only(Role.CLERK, Role.SUPERVISOR, Role.ADMIN))]
Officer = Annotated[Actor, Depends(_only(Role.OFFICER, Role.SUPERVISOR, Role.ADMIN))]
Admin = Annotated[Actor, Depends(_only(Role.ADMIN))]
AtADesk = Annotated[Actor, Depends(_only(Role.DEVICE, *_STAFF))]
Anyone = Annotated[Actor, Depends(actor_of)]


def guard_every_route(app: FastAPI, public: Iterable[str]) -> None:
    """Refuse to build an application in which a route has no permission of its own."""
    allowed = set(public)
    for route in routes_of(app):
        if route.path not in allowed and not _asks_for_an_actor(route):
            raise RuntimeError(f"{route.path} names no permission and is not public")


def routes_of(app: FastAPI) -> list[RouteContext]:
    """Every route of the application, those of included routers under their full path."""
    return list(iter_route_contexts(app.routes))


def _asks_for_an_actor(route: RouteContext) -> bool:
    dependant: Dependant | None = getattr(route, "dependant", None)
    return dependant is not None and _leads_to_actor(dependant)


def _leads_to_actor(dependant: Dependant) -> bool:
    return dependant.call is actor_of or any(
        _leads_to_actor(inner) for inner in dependant.dependencies
    )
