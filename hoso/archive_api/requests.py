"""Every request under one id: counted, timed and logged by its route, never by its path or query.

A path may hold a dossier's code or a tracking token, a query what somebody searched for. The route
is the pattern that took the request, so no log line and no figure can tell about anybody.
"""

import logging
import re
import uuid
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hoso.archive_api.permission import routes_of
from hoso.telemetry.context import going_on
from hoso.telemetry.tracing import span

log = logging.getLogger("hoso.request")

UNKNOWN_ROUTE: Final = "(none)"
_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Asked every few seconds by machines: logged only where somebody wants to see everything.
_QUIET: Final = ("/livez", "/readyz", "/metrics", "/static")
# A UUID, with its dashes or without, as proxies make them. Anything else might be somebody's id.
_HARMLESS_ID: Final = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)

# Takes method, route, status and seconds of each answered request.
Observe = Callable[[str, str, int, float], None]


class Requests:
    """ASGI middleware around everything else, so that nothing is answered unseen."""

    def __init__(
        self, app: ASGIApp, routes: Callable[[], Mapping[Any, str]], observe: Observe
    ) -> None:
        self.app, self.observe = app, observe
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; its answer carries the request's id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), 500
        request_id = harmless_id(Headers(scope=scope).get("x-request-id"))

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        with going_on(request=request_id), span(method, request=request_id) as traced:
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                route = self._route(scope)
                self._note(method, route, status, perf_counter() - began)
                if traced is not None:
                    traced.update_name(f"{method} {route}")
                    traced.set_attribute("http.response.status_code", status)

    def _note(self, method: str, route: str, status: int, seconds: float) -> None:
        self.observe(method, route, status, seconds)
        level = logging.DEBUG if route in _QUIET else logging.INFO
        facts = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        log.log(level, "request", extra=facts)

    def _route(self, scope: Scope) -> str:
        if scope["path"].startswith("/static/"):
            return "/static"
        return self._routes().get(scope.get("endpoint"), UNKNOWN_ROUTE)


def routes_by_endpoint(app: FastAPI) -> dict[Any, str]:
    """The full pattern of the route behind each function."""
    routes = routes_of(app)
    return {route.endpoint: route.path for route in routes if route.endpoint and route.path}


def harmless_id(given: str | None) -> str:
    """The id that a proxy gave the request if it tells nothing about anybody, else a new one."""
    if given and _HARMLESS_ID.fullmatch(given):
        return given.replace("-", "").lower()
    return uuid.uuid4().hex
