"""Figures for Prometheus: counts and times only, for this machine or for whoever has the token."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from hoso.archive_api.archive import ArchiveOf
from hoso.archive_api.metrics import Metrics
from hoso.errors import MetricsNotForYou

router = APIRouter(tags=["health"])

_LOOPBACK = ("127.", "::1", "::ffff:127.")
# A proxy on this machine speaks from the loopback address too, but for somebody else.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


def _may_see(request: Request, archive: ArchiveOf) -> None:
    token = archive.settings.metrics_token
    if token is None:
        allowed = _is_this_machine(request)
    else:
        expected = f"Bearer {token.get_secret_value()}"
        given = request.headers.get("authorization", "")
        allowed = secrets.compare_digest(given.encode(), expected.encode())
    if not allowed:
        raise MetricsNotForYou


def _is_this_machine(request: Request) -> bool:
    host = request.client.host if request.client else ""
    return host.startswith(_LOOPBACK) and not any(name in request.headers for name in _FORWARDED)


@router.get(
    "/metrics",
    operation_id="getMetrics",
    response_class=Response,
    dependencies=[Depends(_may_see)],
)
def metrics(shown: Annotated[Metrics, Depends(_metrics)]) -> Response:
    """The figures of this process's requests and of the whole archive."""
    return Response(shown.text(), media_type=CONTENT_TYPE_LATEST)
