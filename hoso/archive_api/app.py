"""The web application: the API below /api/v1, the pages, and nothing without a permission."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from hoso.archive_api import problems
from hoso.archive_api.bodies import BodyLimit
from hoso.archive_api.headers import SecurityHeaders
from hoso.archive_api.pages.refusals import refusal_page
from hoso.archive_api.pages.router import PUBLIC_PAGES
from hoso.archive_api.pages.router import router as pages
from hoso.archive_api.permission import guard_every_route
from hoso.archive_api.routes import (
    catalogue,
    components,
    desks,
    dossiers,
    health,
    lookups,
    scans,
    search,
    sessions,
    track,
)
from hoso.wiring import Archive

API = "/api/v1"
PUBLIC = (
    "/livez",
    "/readyz",
    "/version",
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

    app = FastAPI(
        title="hoso",
        summary="Dossiers of public-service centres: taken in once, found again, tracked by hand.",
        version="1",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its pages would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.archive = archive
    problems.install(app, as_page=refusal_page)
    app.add_middleware(BodyLimit, streamed=frozenset({f"{API}/scans"}))
    app.add_middleware(SecurityHeaders)
    app.include_router(_api())
    app.include_router(health.router)
    app.include_router(pages)
    guard_every_route(app, PUBLIC)
    app.mount("/static", StaticFiles(directory=STATIC))  # says nothing about anybody
    return app


def _api() -> APIRouter:
    api = APIRouter(prefix=API)
    for part in (
        scans,
        dossiers,
        components,
        lookups,
        desks,
        search,
        catalogue,
        sessions,
        track,
    ):
        api.include_router(part.router)
    return api
