"""The web application: the API below /api/v1, the pages, and nothing without a permission."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from hoso.archive_api import problems
from hoso.archive_api.bodies import BodyLimit
from hoso.archive_api.guesses import Guesses
from hoso.archive_api.headers import SecurityHeaders
from hoso.archive_api.metrics import Metrics
from hoso.archive_api.pages.refusals import refusal_page
from hoso.archive_api.pages.router import PUBLIC_PAGES
from hoso.archive_api.pages.router import router as pages
from hoso.archive_api.permission import guard_every_route
from hoso.archive_api.requests import Requests, routes_by_endpoint
from hoso.archive_api.routes import (
    catalogue,
    components,
    desks,
    dossiers,
    duplicates,
    health,
    lookups,
    metrics,
    people,
    reports,
    scans,
    search,
    sessions,
    track,
)
from hoso.wiring import Archive
from hoso.wiring.figures import Figures
from hoso.wiring.readiness import Readiness

API = "/api/v1"
PUBLIC = (
    "/livez",
    "/readyz",
    "/version",
    "/metrics",  # lets in whom it knows by itself: Prometheus has no account here
    f"{API}/openapi.json",
    f"{API}/track/{{token}}",
    *PUBLIC_PAGES,
)
STATIC = Path(__file__).parent / "static"


def create_app(archive: Archive) -> FastAPI:
    """The application that serves this archive."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.readiness.close()

    app = FastAPI(
        title="hoso",
        summary="Dossiers of public-service centres: taken in once, found again, tracked by hand.",
        version="1",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its pages would load scripts from elsewhere
        redoc_url=None,
        # Its spans would hold paths and queries, and so whom somebody searched for. Ours do not.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=lifespan,
    )
    app.state.archive = archive
    app.state.metrics = Metrics(Figures(archive))
    app.state.readiness = Readiness(archive)
    app.state.guesses = Guesses()
    problems.install(app, as_page=refusal_page)
    app.add_middleware(BodyLimit, streamed=frozenset({f"{API}/scans"}))
    app.add_middleware(SecurityHeaders)
    app.include_router(_api())
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(pages)
    guard_every_route(app, PUBLIC)
    app.add_middleware(
        Requests, routes=cache(lambda: routes_by_endpoint(app)), observe=app.state.metrics.observe
    )
    app.mount("/static", StaticFiles(directory=STATIC))  # says nothing about anybody
    return app


def _api() -> APIRouter:
    api = APIRouter(prefix=API)
    for part in (
        scans,
        dossiers,
        components,
        duplicates,
        lookups,
        people,
        desks,
        search,
        reports,
        catalogue,
        sessions,
        track,
    ):
        api.include_router(part.router)
    return api
