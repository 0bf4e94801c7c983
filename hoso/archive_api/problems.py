"""Refusals as RFC 9457 problems: one table from the kind of error to its HTTP status."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from hoso.archive_api.language import language_of
from hoso.db import PASSING
from hoso.errors import (
    Conflict,
    DatabaseBusy,
    Forbidden,
    HosoError,
    NotFound,
    NotSignedIn,
    PathUnknown,
    Refused,
    RequestMalformed,
    StoreFull,
    Unavailable,
    WorkFailed,
    says_full,
)

log = logging.getLogger(__name__)

AsPage = Callable[[Request, HosoError], Response]
_FOR_PROGRAMS = ("/api/", "/livez", "/readyz", "/version", "/metrics", "/static/")

STATUS: dict[type[HosoError], HTTPStatus] = {
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    WorkFailed: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: HosoError) -> HTTPStatus:
    """The HTTP status of an error's kind; 500 for what is no refusal."""
    for kind, status in STATUS.items():
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(error: HosoError, language: str, status: HTTPStatus | None = None) -> JSONResponse:
    """An `application/problem+json` answer; `code` is stable, `detail` is for people."""
    status = status or status_of(error)
    body = {
        "type": f"urn:hoso:error:{error.code}",
        "title": status.phrase,
        "status": status.value,
        "code": error.code,
        "detail": error.sentence(language),
    }
    headers = {"Content-Language": language}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        body, status_code=status.value, media_type="application/problem+json", headers=headers
    )


def install(app: FastAPI, *, as_page: AsPage) -> None:
    """Answer every error of ours, of FastAPI and of the database in the same shape.

    Programs get a problem, people (everything beside the API) a page.
    """

    def answer(request: Request, error: HosoError, status: HTTPStatus | None = None) -> Response:
        if request.url.path.startswith(_FOR_PROGRAMS):
            return problem(error, language_of(request), status)
        page = as_page(request, error)
        page.status_code = status or page.status_code
        return page

    @app.exception_handler(HosoError)
    def _ours(request: Request, exc: HosoError) -> Response:
        if status_of(exc) is HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request failed", exc_info=exc)
        return answer(request, exc)

    @app.exception_handler(RequestValidationError)
    def _malformed(request: Request, exc: RequestValidationError) -> Response:
        # Never the input itself: it may hold a citizen id.
        wrong = sorted({".".join(str(part) for part in error["loc"]) for error in exc.errors()})
        return answer(request, RequestMalformed(what=", ".join(wrong)))

    def _system(request: Request, exc: Exception) -> Response:
        refusal = _said_of(exc)
        log.error("database or disk error", exc_info=exc)
        return answer(request, refusal)

    for fault in (*PASSING, DataError, OSError):
        app.add_exception_handler(fault, _system)

    @app.exception_handler(HTTPException)
    def _http(request: Request, exc: HTTPException) -> Response:
        if exc.status_code == HTTPStatus.NOT_FOUND:
            return answer(request, PathUnknown())
        return answer(request, RequestMalformed(what=exc.detail), HTTPStatus(exc.status_code))


def _said_of(fault: Exception) -> HosoError:
    """What a fault of the database or the disk is for who asks; raises what is none of these."""
    if isinstance(fault, OSError):
        # Libraries write temporary files for an answer: there may be no room for them, either.
        if says_full(fault):
            return StoreFull()
        raise fault
    # PostgreSQL keeps no NUL character and no text longer than its column.
    refused = isinstance(fault, DataError)
    return RequestMalformed(what="NUL, length") if refused else DatabaseBusy()
