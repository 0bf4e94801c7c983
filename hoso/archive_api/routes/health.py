"""Whether the service lives, can work, and what it is. Public; says nothing about anybody."""

from importlib.metadata import version as installed
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from hoso.archive_api.models import CheckShown, ReadinessShown
from hoso.wiring.readiness import Check, Readiness, Standing, standing

router = APIRouter(tags=["health"])


def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness


@router.get("/livez", operation_id="isAlive")
async def is_alive() -> dict[str, str]:
    """The process answers: on its own loop, so that busy threads do not make it look dead."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    operation_id="isReady",
    responses={503: {"model": ReadinessShown, "description": "Requests cannot be answered."}},
)
def is_ready(
    response: Response, readiness: Annotated[Readiness, Depends(_readiness)]
) -> ReadinessShown:
    """Whether requests can be answered, and what is amiss around that."""
    # None: not even looking worked, which is as bad as a failed check.
    checks = readiness.checks() or [Check("database", ok=False, found="no_answer", needed=True)]
    found = standing(checks)
    if found is Standing.UNAVAILABLE:
        response.status_code = 503
    return ReadinessShown(
        status=found.value,
        checks={check.name: CheckShown(ok=check.ok, found=check.found) for check in checks},
    )


@router.get("/version", operation_id="getVersion")
def version() -> dict[str, str]:
    """The release."""
    return {"version": installed("hoso")}
